/// \file
/// The same test a second long, or an hour: what the environment asks of it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tillsight/core/random.hpp"

namespace tillsight::test {

/// \return by how much TILLSIGHT_SOAK multiplies what a test does: above 1 in `./dev soak`, below 1
/// in `./dev test`, whose minutes are counted; 1 where it is not set, as in `./dev faults`.
inline double soak_factor() {
  const char* factor = std::getenv("TILLSIGHT_SOAK");
  const double wanted = factor == nullptr ? 1 : std::atof(factor);
  return wanted > 0 ? wanted : 1;
}

/// \return `count` times the factor, at least 1: of what a figure of `./dev faults` promises whole.
inline int scaled(int count) { return std::max(1, static_cast<int>(count * soak_factor())); }

/// \return `count` times the factor where that is more: of what cannot be less and still be seen.
inline int prolonged(int count) { return std::max(count, scaled(count)); }

/// \return TILLSIGHT_SEED, to run again what has failed; another one each time without it.
inline std::uint64_t seed() {
  const char* wanted = std::getenv("TILLSIGHT_SEED");
  return wanted == nullptr ? SystemRandom().next_u64() : std::strtoull(wanted, nullptr, 10);
}

}  // namespace tillsight::test
