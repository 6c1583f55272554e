/// \file
/// The same test a second long, or an hour: what the environment asks of it.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

#include "tillsight/core/random.hpp"

namespace tillsight::test {

/// \return by how much TILLSIGHT_SOAK multiplies the counts of a test; 1 if it does not.
inline int soak_factor() {
  const char* factor = std::getenv("TILLSIGHT_SOAK");
  return factor == nullptr ? 1 : std::max(1, std::atoi(factor));
}

/// \return TILLSIGHT_SEED, to run again what has failed; another one each time without it.
inline std::uint64_t seed() {
  const char* wanted = std::getenv("TILLSIGHT_SEED");
  return wanted == nullptr ? SystemRandom().next_u64() : std::strtoull(wanted, nullptr, 10);
}

}  // namespace tillsight::test
