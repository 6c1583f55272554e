/// \file
/// Made-up customers whose taste is known: each likes one aisle, and popular items are bought by
/// many.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "tillsight/als/matrix.hpp"

namespace tillsight::als {

/// \param entries tries; pairs that come again are added up. Some rows and columns stay empty.
inline Matrix shop(std::uint32_t customers, std::uint32_t items, std::size_t entries,
                   std::uint32_t seed) {
  constexpr std::uint32_t kAisles = 5;
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit(0, 1);
  const auto skewed = [&](std::uint32_t below) {
    return static_cast<std::uint32_t>(unit(random) * unit(random) * (below - 1));
  };
  std::vector<Rating> ratings;
  for (std::size_t i = 0; i < entries; ++i) {
    const std::uint32_t customer = skewed(customers);
    std::uint32_t item = skewed(items);
    if (unit(random) < 0.8) item = item / kAisles * kAisles + customer % kAisles;
    if (item + 1 < items) ratings.push_back({customer, item, static_cast<float>(1 + random() % 4)});
  }
  return Matrix::from(ratings, customers, items).value();
}

}  // namespace tillsight::als
