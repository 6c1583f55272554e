#include "als/gram.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cstddef>

#include "als/kernels.hpp"
#include "als/parallel.hpp"

namespace tillsight::als {
namespace {

constexpr std::size_t kSlice = 512;  // rows summed in float32
constexpr std::size_t kPartsMax = 32;

/// total += the slice's lower triangle.
void add_slice(const Kernels& kernels, const Factors& h, std::size_t from, std::size_t count,
               Factors& rows, Factors& c, std::vector<double>& total) {
  const std::size_t rank = h.rank();
  const std::size_t size = padded(rank, kernels.tile);
  for (std::size_t i = 0; i < count; ++i) {
    std::ranges::copy(h.row(static_cast<std::uint32_t>(from + i)), rows.values().data() + i * size);
  }
  std::ranges::fill(c.values(), 0.0F);
  kernels.gram(rows.values().data(), count, size, c.values().data());
  for (std::size_t i = 0; i < rank; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      total[i * rank + j] += static_cast<double>(c.values()[i * size + j]);
    }
  }
}

}  // namespace

std::vector<double> gram_of(const Factors& h, int threads) {
  const Kernels& table = kernels();
  const std::size_t rank = h.rank();
  const auto size = static_cast<std::uint32_t>(padded(rank, table.tile));
  const std::size_t slices = (h.rows() + kSlice - 1) / kSlice;
  const std::size_t parts = std::min(slices, kPartsMax);
  std::vector<std::vector<double>> sums(parts);
  in_parallel(threads, parts, [&](std::size_t, std::size_t part) {
    sums[part].assign(rank * rank, 0);
    Factors rows(kSlice, size);
    Factors c(size, size);
    for (std::size_t s = slices * part / parts; s < slices * (part + 1) / parts; ++s) {
      const std::size_t from = s * kSlice;
      add_slice(table, h, from, std::min(kSlice, h.rows() - from), rows, c, sums[part]);
    }
  });
  std::vector<double> total(rank * rank, 0);
  for (std::size_t i = 0; i < rank; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      for (const std::vector<double>& part : sums) total[i * rank + j] += part[i * rank + j];
      total[j * rank + i] = total[i * rank + j];
    }
  }
  return total;
}

Eigenbasis eigenbasis_of(const std::vector<double>& symmetric, std::size_t rank) {
  const auto size = static_cast<Eigen::Index>(rank);
  const Eigen::Map<const Eigen::MatrixXd> matrix(symmetric.data(), size, size);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
  Eigenbasis basis{std::vector<float>(rank), std::vector<float>(rank * rank)};
  for (std::size_t j = 0; j < rank; ++j) {
    const auto column = static_cast<Eigen::Index>(j);
    basis.values[j] = static_cast<float>(std::max(0.0, solver.eigenvalues()(column)));
    for (std::size_t i = 0; i < rank; ++i) {
      basis.vectors[j * rank + i] =
          static_cast<float>(solver.eigenvectors()(static_cast<Eigen::Index>(i), column));
    }
  }
  return basis;
}

}  // namespace tillsight::als
