/// \file
/// The normal equations written out as a textbook has them, in double and without a thought for
/// time.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "tillsight/als/factors.hpp"
#include "tillsight/als/implicit_als.hpp"
#include "tillsight/als/matrix.hpp"

namespace tillsight::als {

/// Solves a·x = b by elimination with pivots.
inline std::vector<double> eliminate(std::vector<std::vector<double>> a, std::vector<double> b) {
  const std::size_t size = b.size();
  for (std::size_t i = 0; i < size; ++i) {
    std::size_t pivot = i;
    for (std::size_t r = i; r < size; ++r) {
      if (std::abs(a[r][i]) > std::abs(a[pivot][i])) pivot = r;
    }
    std::swap(a[i], a[pivot]);
    std::swap(b[i], b[pivot]);
    for (std::size_t r = i + 1; r < size; ++r) {
      const double factor = a[r][i] / a[i][i];
      for (std::size_t c = i; c < size; ++c) a[r][c] -= factor * a[i][c];
      b[r] -= factor * b[i];
    }
  }
  for (std::size_t i = size; i-- > 0;) {
    for (std::size_t c = i + 1; c < size; ++c) b[i] -= a[i][c] * b[c];
    b[i] /= a[i][i];
  }
  return b;
}

/// Σ over all items of confidence · h hᵀ, and what is bought on the right: (α₀ΣH + Σa hh + λ_u)w =
/// Σa h.
inline std::vector<double> dense_row(const Matrix::Row& bought, const Factors& h,
                                     const ImplicitSettings& settings) {
  const std::size_t rank = h.rank();
  std::vector<std::vector<double>> a(rank, std::vector<double>(rank, 0));
  std::vector<double> b(rank, 0);
  std::size_t next = 0;
  for (std::uint32_t item = 0; item < h.rows(); ++item) {
    double weight = settings.unobserved_weight;
    if (next < bought.size() && bought.columns[next] == item) {
      const double r = bought.values[next++];
      double own = settings.alpha;
      if (settings.confidence == Confidence::kLinear) own *= r;
      if (settings.confidence == Confidence::kLogarithmic) {
        own *= std::log(1 + r / settings.epsilon);
      }
      weight += own;
      for (std::size_t i = 0; i < rank; ++i) b[i] += own * static_cast<double>(h.row(item)[i]);
    }
    for (std::size_t i = 0; i < rank; ++i) {
      for (std::size_t j = 0; j < rank; ++j) {
        a[i][j] +=
            weight * static_cast<double>(h.row(item)[i]) * static_cast<double>(h.row(item)[j]);
      }
    }
  }
  const double frequency = static_cast<double>(bought.size()) +
                           static_cast<double>(settings.unobserved_weight) * h.rows();
  for (std::size_t i = 0; i < rank; ++i) {
    a[i][i] += static_cast<double>(settings.regularisation) *
               std::pow(frequency, static_cast<double>(settings.frequency_exponent));
  }
  return eliminate(a, b);
}

}  // namespace tillsight::als
