/// \file
/// Why an item was recommended: the bought items that speak for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tillsight/als/matrix.hpp"

namespace tillsight::als {

struct Reason {
  std::uint32_t item = 0;
  float share = 0;  ///< of the sum of what speaks for it, 0 to 1
};

/// The greatest shares that speak for it, greatest first; the item itself is no reason.
/// \param shares of FoldIn::shares or EaseModel::shares, one for each item of `bought`.
std::vector<Reason> reasons(const Matrix::Row& bought, std::span<const float> shares,
                            std::uint32_t item, std::size_t count);

}  // namespace tillsight::als
