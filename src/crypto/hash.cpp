#include "tillsight/crypto/hash.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <bit>
#include <fstream>
#include <memory>
#include <vector>

namespace tillsight {
namespace {

using Context = std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)>;

/// Looked up once: OpenSSL 3 searches its providers each time, which costs more than a short hash.
const EVP_MD* sha256_method() {
  static const EVP_MD* const kMethod = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  TILLSIGHT_CHECK(kMethod != nullptr, "OpenSSL has no SHA-256");
  return kMethod;
}

Context start_sha256() {
  Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  TILLSIGHT_CHECK(context && EVP_DigestInit_ex(context.get(), sha256_method(), nullptr) == 1,
                  "OpenSSL does not start a SHA-256");
  return context;
}

Digest finish_sha256(const Context& context) {
  std::array<unsigned char, 32> raw;
  TILLSIGHT_CHECK(EVP_DigestFinal_ex(context.get(), raw.data(), nullptr) == 1,
                  "OpenSSL does not finish a SHA-256");
  return std::bit_cast<Digest>(raw);
}

int nibble(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

Digest sha256(std::string_view bytes) {
  const Context context = start_sha256();
  TILLSIGHT_CHECK(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1,
                  "OpenSSL does not take the bytes");
  return finish_sha256(context);
}

Result<Digest> sha256_of_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return error(Code::kNotFound, "{}: cannot read; is the path right?", file.string());
  const Context context = start_sha256();
  std::vector<char> block(64 * 1024);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
    TILLSIGHT_CHECK(
        EVP_DigestUpdate(context.get(), block.data(), static_cast<std::size_t>(in.gcount())) == 1,
        "OpenSSL does not take the bytes");
  }
  if (in.bad()) return error(Code::kUnavailable, "{}: reading stopped half-way", file.string());
  return finish_sha256(context);
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, 32> raw;
  TILLSIGHT_CHECK(HMAC(sha256_method(), key.data(), static_cast<int>(key.size()),
                       std::bit_cast<const unsigned char*>(bytes.data()), bytes.size(), raw.data(),
                       nullptr) != nullptr,
                  "OpenSSL has no HMAC-SHA-256");
  return std::bit_cast<Digest>(raw);
}

std::string to_hex(std::span<const std::byte> bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    hex += kDigits[std::to_integer<unsigned>(byte >> 4)];
    hex += kDigits[std::to_integer<unsigned>(byte & std::byte{15})];
  }
  return hex;
}

Result<Digest> digest_from_hex(std::string_view hex) {
  Digest digest{};
  bool valid = hex.size() == digest.size() * 2;
  for (std::size_t i = 0; valid && i < digest.size(); ++i) {
    const int high = nibble(hex[2 * i]);
    const int low = nibble(hex[2 * i + 1]);
    valid = high >= 0 && low >= 0;
    digest[i] = static_cast<std::byte>(high * 16 + low);
  }
  if (!valid) {
    return error(Code::kInvalidArgument, "'{}' is not a SHA-256 of 64 hexadecimal digits", hex);
  }
  return digest;
}

std::string random_hex(Random& random, std::size_t bytes) {
  std::vector<std::byte> buffer(bytes);
  random.fill(buffer);
  return to_hex(buffer);
}

}  // namespace tillsight
