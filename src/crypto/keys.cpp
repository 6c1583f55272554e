#include "tillsight/crypto/keys.hpp"

#include <openssl/crypto.h>

#include <bit>
#include <cstdlib>

#include "tillsight/core/file.hpp"

namespace tillsight {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kChainCredential = "chain.key";
constexpr std::size_t kKeyDigits = 64;
constexpr std::size_t kPseudonymDigits = 32;

fs::path credentials_folder() {
  const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
  return folder == nullptr ? fs::path() : fs::path(folder);
}

/// systemd hands credentials over in a folder of the service's own, and lets an access list speak
/// through the group's bits.
bool is_credential(const fs::path& file) {
  const fs::path folder = credentials_folder();
  return !folder.empty() && file.parent_path() == folder;
}

Status check_owner_only(const fs::path& file) {
  std::error_code failure;
  const fs::perms perms = fs::status(file, failure).permissions();
  const fs::perms others = fs::perms::group_all | fs::perms::others_all;
  if (failure || is_credential(file) || (perms & others) == fs::perms::none) return {};
  return error(Code::kFailedPrecondition,
               "{}: this key is open to other users; chmod 600 it, and replace the key if somebody "
               "may have read it",
               file.string());
}

void wipe(std::string& text) {
  OPENSSL_cleanse(text.data(), text.size());
}

}  // namespace

SecretKey::~SecretKey() {
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

std::string_view SecretKey::bytes() const {
  return {std::bit_cast<const char*>(bytes_.data()), bytes_.size()};
}

SecretKey SecretKey::derive(std::string_view label) const {
  Digest derived = hmac_sha256(bytes(), label);
  const SecretKey key(derived);
  OPENSSL_cleanse(derived.data(), derived.size());
  return key;
}

Result<SecretKey> load_key(const fs::path& file) {
  if (!fs::exists(file)) {
    return error(Code::kNotFound, "{}: there is no such key; restore it from a backup",
                 file.string());
  }
  TILLSIGHT_TRY(check_owner_only(file));
  TILLSIGHT_ASSIGN(std::string text, read_file(file));
  const bool ends = text.size() == kKeyDigits || (text.size() > kKeyDigits && text[64] == '\n');
  const Result<Digest> key = digest_from_hex(std::string_view(text).substr(0, kKeyDigits));
  wipe(text);
  if (ends && key.ok()) return SecretKey(*key);
  return error(Code::kFailedPrecondition,
               "{}: does not hold 64 hexadecimal digits; restore it from a backup", file.string());
}

Result<SecretKey> load_or_make_key(const fs::path& file, Random& random) {
  if (fs::exists(file)) return load_key(file);
  std::string text = random_hex(random, kKeyDigits / 2) + "\n";
  const Status written = write_file_atomically(file, text);
  wipe(text);
  TILLSIGHT_TRY(written);
  return load_key(file);
}

fs::path chain_key_file(const fs::path& configured) {
  const fs::path folder = credentials_folder();
  if (!folder.empty() && fs::exists(folder / kChainCredential)) return folder / kChainCredential;
  return configured;
}

std::string pseudonym(const SecretKey& chain_key, std::string_view phone) {
  // Under the digits rather than the bytes: so it was from the first database on.
  std::string digits = to_hex(std::as_bytes(std::span(chain_key.bytes())));
  std::string pseudonym = to_hex(hmac_sha256(digits, phone)).substr(0, kPseudonymDigits);
  wipe(digits);
  return pseudonym;
}

SecretKey personal_key(const SecretKey& chain_key, std::string_view store, std::string_view till) {
  return chain_key.derive(format("tillsight personal v1 {}/{}", store, till));
}

}  // namespace tillsight
