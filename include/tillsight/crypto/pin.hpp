/// \file
/// A short secret that a hand types, made slow and costly to guess.
///
/// **Threads** the function is thread-safe. **Source** scrypt, RFC 7914, N = 2^15, r = 8, p = 1:
/// 32 MiB and about a tenth of a second a guess; OpenSSL computes.
#pragma once

#include <string_view>

#include "tillsight/crypto/hash.hpp"

namespace tillsight {

Digest slow_hash(std::string_view pin, std::string_view salt);

/// Takes as long whether they differ early or late.
bool equal_in_constant_time(const Digest& one, const Digest& other);

}  // namespace tillsight
