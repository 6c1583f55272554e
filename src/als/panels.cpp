#include "als/panels.hpp"

namespace tillsight::als {

Panels::Panels(const Kernels& kernels, const float* rows, std::size_t count, std::size_t rank)
    : kernels_(kernels),
      rank_(rank),
      panels_(padded(count, kernels.tile) / kernels.tile),
      data_(static_cast<std::uint32_t>(panels_), static_cast<std::uint32_t>(rank * kernels.tile)) {
  for (std::size_t row = 0; row < count; ++row) {
    float* to = data_.row(static_cast<std::uint32_t>(row / kernels.tile)).data();
    for (std::size_t i = 0; i < rank; ++i) {
      to[i * kernels.tile + row % kernels.tile] = rows[row * rank + i];
    }
  }
}

void Panels::multiply(const float* a, std::size_t rows, float* packed, std::size_t first,
                      std::size_t count, float* out) const {
  const std::size_t height = kernels_.tile_rows;
  for (std::size_t r = 0; r < height; ++r) {
    for (std::size_t i = 0; i < rank_; ++i) {
      packed[i * height + r] = r < rows ? a[r * rank_ + i] : 0.0F;
    }
  }
  kernels_.product(packed, data_.row(static_cast<std::uint32_t>(first)).data(), rank_, count, out,
                   count * width());
}

}  // namespace tillsight::als
