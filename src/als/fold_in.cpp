#include <cmath>
#include <utility>

#include "als/gram.hpp"
#include "als/kernels.hpp"
#include "als/sweep.hpp"
#include "tillsight/als/implicit_als.hpp"

namespace tillsight::als {
namespace {

Status check(const Matrix::Row& bought, std::uint32_t items) {
  for (std::size_t i = 0; i < bought.size(); ++i) {
    const std::uint32_t item = bought.columns[i];
    if (item >= items || (i > 0 && item <= bought.columns[i - 1])) {
      return error(Code::kInvalidArgument,
                   "fold in: item {} at place {}; give items below {}, ascending, none twice", item,
                   i, items);
    }
    if (!std::isfinite(bought.values[i]) || bought.values[i] < 0) {
      return error(Code::kInvalidArgument, "fold in: item {}: {} is not a weight", item,
                   bought.values[i]);
    }
  }
  return {};
}

/// Solves symmetric·x = right in place, by Cholesky; both are used up.
void solve(std::vector<double>& a, std::vector<double>& x) {
  const std::size_t size = x.size();
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = a[i * size + j];
      for (std::size_t p = 0; p < j; ++p) sum -= a[i * size + p] * a[j * size + p];
      if (i == j) {
        a[i * size + i] = sum > 0 ? std::sqrt(sum) : 0;
      } else {
        a[i * size + j] = a[j * size + j] > 0 ? sum / a[j * size + j] : 0;
      }
    }
  }
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t p = 0; p < i; ++p) x[i] -= a[i * size + p] * x[p];
    x[i] = a[i * size + i] > 0 ? x[i] / a[i * size + i] : 0;
  }
  for (std::size_t i = size; i-- > 0;) {
    x[i] = a[i * size + i] > 0 ? x[i] / a[i * size + i] : 0;
    for (std::size_t p = 0; p < i; ++p) x[p] -= a[i * size + p] * x[i];
  }
}

}  // namespace

struct FoldIn::State {
  const Factors& items;
  ImplicitSettings settings;
  std::vector<double> base;    ///< α₀HᵀH
  std::vector<float> rounded;  ///< the same

  std::vector<float> roots(const Matrix::Row& bought) const {
    std::vector<float> result;
    for (const float value : bought.values) result.push_back(root_of(settings, value));
    return result;
  }
  float regularisation(const Matrix::Row& bought) const {
    return regularisation_of(rules_of(settings), bought.size(), items.rows());
  }
};

FoldIn::FoldIn(const Factors& items, const ImplicitSettings& settings) {
  std::vector<double> base = gram_of(items, 1);
  for (double& value : base) value *= static_cast<double>(settings.unobserved_weight);
  std::vector<float> rounded(base.begin(), base.end());
  state_ =
      std::make_unique<const State>(State{items, settings, std::move(base), std::move(rounded)});
}

FoldIn::~FoldIn() = default;
FoldIn::FoldIn(FoldIn&&) noexcept = default;
FoldIn& FoldIn::operator=(FoldIn&&) noexcept = default;

Result<std::vector<float>> FoldIn::row(const Matrix::Row& bought) const {
  TILLSIGHT_TRY(check(bought, state_->items.rows()));
  const std::size_t rank = state_->items.rank();
  std::vector<float> w(rank, 0);
  if (bought.size() == 0) return w;
  const std::vector<float> roots = state_->roots(bought);
  const HalfSweep sweep{.h = state_->items.values().data(),
                        .w = w.data(),
                        .rank = rank,
                        .base = state_->rounded.data()};
  const SweepRow row{.columns = bought.columns.data(),
                     .roots = roots.data(),
                     .size = bought.size(),
                     .regularisation = state_->regularisation(bought)};
  Factors scratch(1, static_cast<std::uint32_t>(scratch_floats(kernels(), rank, 0)));
  kernels().solve_blocks(sweep, &row, 1, rank, scratch.values().data());
  return w;
}

Result<std::vector<float>> FoldIn::shares(const Matrix::Row& bought, std::uint32_t item) const {
  TILLSIGHT_TRY(check(bought, state_->items.rows()));
  if (item >= state_->items.rows()) {
    return error(Code::kInvalidArgument, "explain: the model has no item {}", item);
  }
  const std::size_t rank = state_->items.rank();
  const std::vector<float> roots = state_->roots(bought);
  std::vector<double> a = state_->base;
  for (std::size_t i = 0; i < rank; ++i) {
    a[i * rank + i] += static_cast<double>(state_->regularisation(bought));
  }
  for (std::size_t entry = 0; entry < bought.size(); ++entry) {
    const std::span<const float> h = state_->items.row(bought.columns[entry]);
    const double weight = static_cast<double>(roots[entry]) * static_cast<double>(roots[entry]);
    for (std::size_t i = 0; i < rank; ++i) {
      const double scaled = weight * static_cast<double>(h[i]);
      for (std::size_t j = 0; j <= i; ++j) a[i * rank + j] += scaled * static_cast<double>(h[j]);
    }
  }
  const std::span<const float> wanted = state_->items.row(item);
  std::vector<double> z(wanted.begin(), wanted.end());
  solve(a, z);
  const std::vector<float> rounded(z.begin(), z.end());
  std::vector<float> result;
  for (std::size_t entry = 0; entry < bought.size(); ++entry) {
    const std::span<const float> h = state_->items.row(bought.columns[entry]);
    result.push_back(roots[entry] * roots[entry] * kernels().dot(h.data(), rounded.data(), rank));
  }
  return result;
}

}  // namespace tillsight::als
