#include "tillsight/crypto/pin.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <bit>

namespace tillsight {
namespace {

constexpr std::uint64_t kCost = 1 << 15;
constexpr std::uint64_t kBlock = 8;
constexpr std::uint64_t kParallel = 1;
constexpr std::uint64_t kMemoryMost = 64 * 1024 * 1024;

}  // namespace

Digest slow_hash(std::string_view pin, std::string_view salt) {
  std::array<unsigned char, 32> raw;
  const auto* const salt_bytes = reinterpret_cast<const unsigned char*>(salt.data());
  TILLSIGHT_CHECK(EVP_PBE_scrypt(pin.data(), pin.size(), salt_bytes, salt.size(), kCost, kBlock,
                                 kParallel, kMemoryMost, raw.data(), raw.size()) == 1,
                  "OpenSSL has no scrypt, or no memory for it");
  return std::bit_cast<Digest>(raw);
}

bool equal_in_constant_time(const Digest& one, const Digest& other) {
  return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace tillsight
