/// \file
/// A matrix of factors laid out for products with it: panels of as many rows as a tile is wide,
/// coordinate after coordinate.
///
/// **Threads** thread-compatible.
#pragma once

#include <cstddef>

#include "als/kernels.hpp"
#include "tillsight/als/factors.hpp"

namespace tillsight::als {

class Panels {
 public:
  /// Copies `count` rows of `rank` floats each.
  Panels(const Kernels& kernels, const float* rows, std::size_t count, std::size_t rank);

  std::size_t panels() const { return panels_; }
  std::size_t width() const { return kernels_.tile; }
  /// out[r][·] = the product of a row with those of `count` panels from `first` on.
  /// \param a `rows` rows (at most tile_rows) of the same rank. \param packed rank × tile_rows
  /// floats to work in. \param out tile_rows rows of count × width() floats.
  void multiply(const float* a, std::size_t rows, float* packed, std::size_t first,
                std::size_t count, float* out) const;

 private:
  const Kernels& kernels_;
  std::size_t rank_;
  std::size_t panels_;
  Factors data_;  ///< a row is a panel
};

}  // namespace tillsight::als
