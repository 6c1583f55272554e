/// \file
/// Products in register tiles and the Cholesky factorisation of a batch. Only kernels.cpp includes
/// it, once for each target.
#pragma once

#include <cstddef>

#include "als/lanes.hpp"

namespace tillsight::als {
namespace {

/// 6 × 2 vectors: twelve sums, two operands and a broadcast fill the sixteen registers.
constexpr std::size_t kTileRows = 6;
constexpr std::size_t kTile = 2 * kLanes;

/// c[r][·] (+)= Σ_l a[l·a_stride + r] · b[l·b_stride + ·], kRows × kTile of it.
template <std::size_t kRows, bool kAdd>
inline void tile(const float* a, std::size_t a_stride, const float* b, std::size_t b_stride,
                 std::size_t depth, float* c, std::size_t c_stride) {
  Vector left[kRows];
  Vector right[kRows];
  for (std::size_t r = 0; r < kRows; ++r) {
    left[r] = kAdd ? load(c + r * c_stride) : Vector{};
    right[r] = kAdd ? load(c + r * c_stride + kLanes) : Vector{};
  }
  for (std::size_t l = 0; l < depth; ++l) {
    const Vector b0 = load(b + l * b_stride);
    const Vector b1 = load(b + l * b_stride + kLanes);
    const float* column = a + l * a_stride;
#pragma GCC unroll 6
    for (std::size_t r = 0; r < kRows; ++r) {
      left[r] += b0 * column[r];
      right[r] += b1 * column[r];
    }
  }
  for (std::size_t r = 0; r < kRows; ++r) {
    store(c + r * c_stride, left[r]);
    store(c + r * c_stride + kLanes, right[r]);
  }
}

/// The rows i … of one panel of the Gram matrix, from the one on whose both vectors count.
template <bool kAdd>
inline void gram_rest(const float* rows, std::size_t count, std::size_t size, std::size_t i,
                      const float* panel, float* c) {
  for (; i + kTileRows <= size; i += kTileRows) {
    tile<kTileRows, kAdd>(rows + i, size, panel, size, count, c + i * size, size);
  }
  switch (size - i) {
    case 2: tile<2, kAdd>(rows + i, size, panel, size, count, c + i * size, size); break;
    case 4: tile<4, kAdd>(rows + i, size, panel, size, count, c + i * size, size); break;
    default: break;
  }
}

/// Above the diagonal there is nothing to know: half of a panel's first rows is left out.
template <bool kAdd>
inline void gram(const float* rows, std::size_t count, std::size_t size, float* c) {
  for (std::size_t j = 0; j < size; j += kTile) {
    Vector sums[kLanes];
    float* corner = c + j * size + j;
    for (std::size_t r = 0; r < kLanes; ++r) sums[r] = kAdd ? load(corner + r * size) : Vector{};
    for (std::size_t l = 0; l < count; ++l) {
      const float* row = rows + l * size + j;
      const Vector b = load(row);
#pragma GCC unroll 8
      for (std::size_t r = 0; r < kLanes; ++r) sums[r] += b * row[r];
    }
    for (std::size_t r = 0; r < kLanes; ++r) store(corner + r * size, sums[r]);
    gram_rest<kAdd>(rows, count, size, j + kLanes, rows + j, c + j);
  }
}

inline void product(const float* a, const float* b, std::size_t depth, std::size_t panels,
                    float* out, std::size_t stride) {
  for (std::size_t panel = 0; panel < panels; ++panel) {
    tile<kTileRows, false>(a, kTileRows, b + panel * depth * kTile, kTile, depth,
                           out + panel * kTile, stride);
  }
}

/// 1/√d, and 0 for a pivot that rounding has eaten: the coordinate then stays where it is.
inline Vector inverse_root(Vector d, Vector diagonal) {
  Vector result;
  for (std::size_t i = 0; i < kLanes; ++i) {
    result[i] = d[i] > 1e-6F * diagonal[i] ? 1.0F / __builtin_sqrtf(d[i]) : 0.0F;
  }
  return result;
}

/// The columns j and j + 1 of the rows i … i + 3, less what the columns before j explain.
inline void less_before(const Vector* a, std::size_t stride, std::size_t i, std::size_t j,
                        Vector (&c)[4][2]) {
  const Vector* row[4];
  for (std::size_t r = 0; r < 4; ++r) {
    row[r] = a + (i + r) * stride;
    c[r][0] = row[r][j];
    c[r][1] = row[r][j + 1];
  }
  const Vector* first = a + j * stride;
  const Vector* second = first + stride;
  for (std::size_t p = 0; p < j; ++p) {
    const Vector l0 = first[p];
    const Vector l1 = second[p];
#pragma GCC unroll 4
    for (std::size_t r = 0; r < 4; ++r) {
      c[r][0] -= row[r][p] * l0;
      c[r][1] -= row[r][p] * l1;
    }
  }
}

/// A = LLᵀ in the lower triangle, four rows by two columns at a time. \param inverse 1 / L_jj
inline void factorise(Vector* a, std::size_t stride, std::size_t size, Vector* inverse) {
  for (std::size_t i = 0; i < size; i += 4) {
    for (std::size_t j = 0; j < i + 4; j += 2) {
      Vector c[4][2];
      const Vector d0 = a[j * stride + j];
      const Vector d1 = a[(j + 1) * stride + j + 1];
      less_before(a, stride, i, j, c);
      const bool on_diagonal = j >= i;
      const std::size_t at = on_diagonal ? j - i : 0;
      if (on_diagonal) inverse[j] = inverse_root(c[at][0], d0);
      Vector below = a[(j + 1) * stride + j];
      if (on_diagonal) below = c[at + 1][0] * inverse[j];
      if (on_diagonal) inverse[j + 1] = inverse_root(c[at + 1][1] - below * below, d1);
      for (std::size_t r = at; r < 4; ++r) {
        const Vector x = c[r][0] * inverse[j];
        a[(i + r) * stride + j] = x;
        a[(i + r) * stride + j + 1] = (c[r][1] - x * below) * inverse[j + 1];
      }
    }
  }
}

/// LLᵀx = b, in place of b.
inline void substitute(const Vector* a, std::size_t stride, std::size_t size, const Vector* inverse,
                       Vector* b) {
  for (std::size_t i = 0; i < size; ++i) {
    const Vector* row = a + i * stride;
    Vector sums[4] = {b[i], Vector{}, Vector{}, Vector{}};
    std::size_t p = 0;
    for (; p + 4 <= i; p += 4) {
      for (std::size_t s = 0; s < 4; ++s) sums[s] -= row[p + s] * b[p + s];
    }
    for (; p < i; ++p) sums[0] -= row[p] * b[p];
    b[i] = (sums[0] + sums[1] + sums[2] + sums[3]) * inverse[i];
  }
  for (std::size_t i = size; i-- > 0;) {
    const Vector* row = a + i * stride;
    const Vector x = b[i] * inverse[i];
    b[i] = x;
    for (std::size_t p = 0; p < i; ++p) b[p] -= row[p] * x;
  }
}

}  // namespace
}  // namespace tillsight::als
