/// \file
/// Encryption of small texts that also shows every change: AES-256-GCM.
///
/// A sealed text is `v1.` and the base64 of nonce (12 bytes, random), ciphertext and tag (16
/// bytes). The associated data is not in it, but must be the same when it is opened: it ties the
/// text to its place, so that it cannot be moved to another.
///
/// **Threads** the functions are thread-safe. **Source** NIST SP 800-38D; OpenSSL computes. With
/// random nonces one key may seal 2³² texts.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/crypto/keys.hpp"

namespace tillsight::aead {

using Nonce = std::array<std::byte, 12>;
inline constexpr std::size_t kTagBytes = 16;

/// \param random gives the nonce: the kernel's in production.
std::string seal(const SecretKey& key, std::string_view plain, std::string_view associated,
                 Random& random);

/// \return kInvalidArgument if `sealed` is no sealed text; kDataLoss if key, associated data or
/// text are not those that it was sealed with. Neither message quotes anything.
Result<std::string> open(const SecretKey& key, std::string_view sealed,
                         std::string_view associated);

/// \return whether `text` has the form of a sealed text; it may still not open.
bool is_sealed(std::string_view text);

/// The bare algorithm, for its published test vectors. \return ciphertext and tag.
std::string encrypt(const SecretKey& key, const Nonce& nonce, std::string_view plain,
                    std::string_view associated);
/// \return kDataLoss if the tag does not fit.
Result<std::string> decrypt(const SecretKey& key, const Nonce& nonce, std::string_view sealed,
                            std::string_view associated);

}  // namespace tillsight::aead
