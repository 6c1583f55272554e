/// \file
/// Secret keys of 32 bytes: where they come from, what is derived from them, and that they leave
/// memory when they are no longer needed.
///
/// A key file holds 64 hexadecimal digits and belongs to its owner alone. One key a chain of stores
/// stands for all others, which are derived from it (docs/adr/0013-keys-and-erasure.md).
///
/// **Threads** thread-compatible. **Errors** kFailedPrecondition: a person must mend the file;
/// messages name the file, never what stands in it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/crypto/hash.hpp"

namespace tillsight {

/// Every copy is wiped at the end of its life.
class SecretKey {
 public:
  explicit SecretKey(const Digest& bytes) : bytes_(bytes) {}
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  /// HMAC-SHA-256 under this key. Keys for different uses have different labels.
  SecretKey derive(std::string_view label) const;

  /// The 32 bytes. Valid as long as the key.
  std::string_view bytes() const;

 private:
  Digest bytes_;
};

/// \return kNotFound if there is no file; kFailedPrecondition if others than its owner may use it,
/// or if it holds no key.
Result<SecretKey> load_key(const std::filesystem::path& file);

/// The same; a file that is not there is made, whole or not at all, for its owner alone.
Result<SecretKey> load_or_make_key(const std::filesystem::path& file, Random& random);

/// Where the chain's key is: systemd's credential `chain.key`, if the service was given one, else
/// `configured`; empty: nowhere.
std::filesystem::path chain_key_file(const std::filesystem::path& configured);

/// What stands for a phone where nobody may be named: 32 hexadecimal digits. 128 bits: two phones
/// share one in no shop that will ever be.
std::string pseudonym(const SecretKey& chain_key, std::string_view phone);

/// What protects the personal data of one till at rest.
SecretKey personal_key(const SecretKey& chain_key, std::string_view store, std::string_view till);

}  // namespace tillsight
