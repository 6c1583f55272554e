/// \file
/// SHA-256 and HMAC-SHA-256: the chain of events, the checksum of a model, the pseudonym of a
/// phone.
///
/// **Threads** the functions are thread-safe. **Source** FIPS 180-4, RFC 2104; OpenSSL computes.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight {

using Digest = std::array<std::byte, 32>;

Digest sha256(std::string_view bytes);
/// Streams: a model may be larger than memory allows. \return kNotFound, kUnavailable.
Result<Digest> sha256_of_file(const std::filesystem::path& file);
Digest hmac_sha256(std::string_view key, std::string_view bytes);

/// Lower-case hexadecimal.
std::string to_hex(std::span<const std::byte> bytes);
/// \return kInvalidArgument unless `hex` is exactly 64 hexadecimal digits.
Result<Digest> digest_from_hex(std::string_view hex);

/// `bytes` random bytes as hexadecimal, for salts and incarnations.
std::string random_hex(Random& random, std::size_t bytes);

}  // namespace tillsight
