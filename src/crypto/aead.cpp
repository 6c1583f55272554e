#include "tillsight/crypto/aead.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <span>

namespace tillsight::aead {
namespace {

constexpr std::string_view kPrefix = "v1.";

using Context = std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)>;

const unsigned char* raw(std::string_view bytes) {
  return std::bit_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(std::string& bytes) {
  return std::bit_cast<unsigned char*>(bytes.data());
}
int length(std::string_view bytes) {
  return static_cast<int>(bytes.size());
}

enum class Way { kDecrypt = 0, kEncrypt = 1 };

/// Ready for the text: key, nonce and associated data are in.
Context begin(Way way, const SecretKey& key, const Nonce& nonce, std::string_view associated) {
  Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int ignored = 0;
  TILLSIGHT_CHECK(
      context && EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, raw(key.bytes()),
                                   std::bit_cast<const unsigned char*>(nonce.data()),
                                   static_cast<int>(way)) == 1,
      "OpenSSL has no AES-256-GCM");
  TILLSIGHT_CHECK(
      EVP_CipherUpdate(context.get(), nullptr, &ignored, raw(associated), length(associated)) == 1,
      "OpenSSL does not take the associated data");
  return context;
}

/// \return `from`, turned into ciphertext or back.
std::string turn(const Context& context, std::string_view from) {
  std::string to(from.size(), '\0');
  int written = 0;
  TILLSIGHT_CHECK(
      EVP_CipherUpdate(context.get(), raw(to), &written, raw(from), length(from)) == 1 &&
          written == length(from),
      "OpenSSL does not take the text");
  return to;
}

std::string to_base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int written = EVP_EncodeBlock(raw(text), raw(bytes), length(bytes));
  text.resize(static_cast<std::size_t>(written));
  return text;
}

/// \return empty if `text` is no base64.
std::string from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return {};
  std::string bytes(text.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(raw(bytes), raw(text), length(text)) < 0) return {};
  // OpenSSL counts the padding as zeros.
  const auto padding =
      static_cast<std::size_t>(std::ranges::count(text.substr(text.size() - 2), '='));
  bytes.erase(bytes.size() - padding);
  return bytes;
}

}  // namespace

std::string encrypt(const SecretKey& key, const Nonce& nonce, std::string_view plain,
                    std::string_view associated) {
  const Context context = begin(Way::kEncrypt, key, nonce, associated);
  std::string sealed = turn(context, plain);
  std::string tag(kTagBytes, '\0');
  int ignored = 0;
  TILLSIGHT_CHECK(
      EVP_CipherFinal_ex(context.get(), raw(tag), &ignored) == 1 &&
          EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1,
      "OpenSSL does not finish an encryption");
  return sealed + tag;
}

Result<std::string> decrypt(const SecretKey& key, const Nonce& nonce, std::string_view sealed,
                            std::string_view associated) {
  const auto changed = [] {
    return error(Code::kDataLoss,
                 "an encrypted text is damaged, or was encrypted with another key or for another "
                 "place");
  };
  if (sealed.size() < kTagBytes) return changed();
  const Context context = begin(Way::kDecrypt, key, nonce, associated);
  std::string plain = turn(context, sealed.substr(0, sealed.size() - kTagBytes));
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  unsigned char nothing[kTagBytes];
  int ignored = 0;
  const bool fits =
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_CipherFinal_ex(context.get(), nothing, &ignored) == 1;
  if (!fits) return changed();
  return plain;
}

std::string seal(const SecretKey& key, std::string_view plain, std::string_view associated,
                 Random& random) {
  Nonce nonce;
  random.fill(nonce);
  const std::string_view start(std::bit_cast<const char*>(nonce.data()), nonce.size());
  return std::string(kPrefix) +
         to_base64(std::string(start) + encrypt(key, nonce, plain, associated));
}

Result<std::string> open(const SecretKey& key, std::string_view sealed,
                         std::string_view associated) {
  const std::string bytes =
      is_sealed(sealed) ? from_base64(sealed.substr(kPrefix.size())) : std::string();
  Nonce nonce;
  if (bytes.size() < nonce.size() + kTagBytes) {
    return error(Code::kInvalidArgument, "this is no encrypted text of version 1");
  }
  const auto raw_bytes = std::as_bytes(std::span(bytes));
  std::copy_n(raw_bytes.begin(), nonce.size(), nonce.begin());
  return decrypt(key, nonce, std::string_view(bytes).substr(nonce.size()), associated);
}

bool is_sealed(std::string_view text) {
  return text.starts_with(kPrefix);
}

}  // namespace tillsight::aead
