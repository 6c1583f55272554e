#include "tillsight/als/ease.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <utility>

#include "als/kernels.hpp"
#include "als/parallel.hpp"

namespace tillsight::als {
namespace {

using Square = Eigen::MatrixXd;

Status check(const Matrix& bought, const EaseSettings& settings) {
  if (bought.size() == 0) {
    return error(Code::kInvalidArgument,
                 "EASE: nobody has bought anything yet; there is nothing to learn from");
  }
  if (!std::isfinite(settings.regularisation) || settings.regularisation <= 0) {
    return error(Code::kInvalidArgument, "EASE: regularisation {} must be above 0",
                 settings.regularisation);
  }
  if (bought.columns() > settings.items_max) {
    return error(Code::kResourceExhausted,
                 "EASE: {} items, more than {}; choose implicit ALS for so large a catalogue",
                 bought.columns(), settings.items_max);
  }
  return {};
}

/// XᵀX + λ1, an item's row by one thread.
Square gram_of(const Matrix& bought, float regularisation, int threads) {
  const Matrix sold = bought.transposed();
  const auto items = static_cast<Eigen::Index>(bought.columns());
  Square gram = Square::Zero(items, items);
  in_parallel(threads, bought.columns(), [&](std::size_t, std::size_t item) {
    auto column = gram.col(static_cast<Eigen::Index>(item));
    for (const std::uint32_t customer : sold.row(static_cast<std::uint32_t>(item)).columns) {
      for (const std::uint32_t other : bought.row(customer).columns) {
        column(static_cast<Eigen::Index>(other)) += 1;
      }
    }
    column(static_cast<Eigen::Index>(item)) += static_cast<double>(regularisation);
  });
  return gram;
}

/// Columns `from` … `from + count` of P, as those of B.
void add_columns(const Eigen::LLT<Eigen::Ref<Square>>& factor, Eigen::Index from,
                 Eigen::Index count, std::vector<float>& weights) {
  const Eigen::Index items = factor.rows();
  Square columns = Square::Zero(items, count);
  for (Eigen::Index j = 0; j < count; ++j) columns(from + j, j) = 1;
  factor.solveInPlace(columns);
  for (Eigen::Index i = 0; i < items; ++i) {
    for (Eigen::Index j = 0; j < count; ++j) {
      const bool own = i == from + j;
      weights[static_cast<std::size_t>(i * items + from + j)] =
          own ? 0.0F : static_cast<float>(-columns(i, j) / columns(from + j, j));
    }
  }
}

}  // namespace

EaseModel::EaseModel(const Matrix& bought, std::vector<float> weights)
    : bought_(&bought), weights_(std::move(weights)) {
  TILLSIGHT_CHECK(weights_.size() == std::size_t{bought.columns()} * bought.columns(),
                  "EASE weights of another catalogue");
}

void EaseModel::score(std::uint32_t customer, std::span<float> scores) const {
  score(bought_->row(customer), scores);
}

void EaseModel::score(const Matrix::Row& bought, std::span<float> scores) const {
  std::ranges::fill(scores, 0.0F);
  for (const std::uint32_t item : bought.columns) {
    const float* row = weights_.data() + std::size_t{item} * scores.size();
    for (std::size_t i = 0; i < scores.size(); ++i) scores[i] += row[i];
  }
}

std::vector<float> EaseModel::shares(const Matrix::Row& bought, std::uint32_t item) const {
  std::vector<float> result;
  for (const std::uint32_t other : bought.columns) {
    result.push_back(weights_[std::size_t{other} * items() + item]);
  }
  return result;
}

Result<EaseModel> train(const Matrix& bought, const EaseSettings& settings) {
  TILLSIGHT_TRY(check(bought, settings));
  const int threads = threads_for(settings.threads);
  Square gram = gram_of(bought, settings.regularisation, threads);
  const Eigen::LLT<Eigen::Ref<Square>> factor(gram);
  if (factor.info() != Eigen::Success) {
    return error(Code::kInvalidArgument,
                 "EASE: the items' matrix has no inverse at regularisation {}; raise it",
                 settings.regularisation);
  }
  const auto items = static_cast<Eigen::Index>(bought.columns());
  std::vector<float> weights(std::size_t{bought.columns()} * bought.columns());
  constexpr Eigen::Index kColumns = 128;
  in_parallel(threads, static_cast<std::size_t>((items + kColumns - 1) / kColumns),
              [&](std::size_t, std::size_t part) {
                const auto from = static_cast<Eigen::Index>(part) * kColumns;
                add_columns(factor, from, std::min(kColumns, items - from), weights);
              });
  return EaseModel(bought, std::move(weights));
}

}  // namespace tillsight::als
