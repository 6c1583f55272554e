#include "tillsight/als/explicit_als.hpp"

#include <cmath>
#include <utility>

#include "als/kernels.hpp"
#include "als/parallel.hpp"
#include "als/sweep.hpp"
#include "als/training.hpp"

namespace tillsight::als {
namespace {

SweepRules rules_of(const ExplicitSettings& settings) {
  return {.regularisation = settings.regularisation, .solver = Solver::kCholesky};
}

/// As Spark starts: each row a random direction of length one.
Factors random_directions(std::uint32_t rows, std::uint32_t rank, std::uint64_t seed) {
  Factors factors = random_factors(rows, rank, 1, seed);
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::span<float> w = factors.row(row);
    const float norm = std::sqrt(kernels().dot(w.data(), w.data(), w.size()));
    for (float& value : w) value /= norm > 0 ? norm : 1.0F;
  }
  return factors;
}

}  // namespace

Result<FactorModel> train(const Matrix& ratings, const ExplicitSettings& settings,
                          const OnProgress& on_progress, const FactorModel* start) {
  if (!std::isfinite(settings.regularisation) || settings.regularisation < 0) {
    return error(Code::kInvalidArgument, "explicit ALS: regularisation {} must be 0 or more",
                 settings.regularisation);
  }
  TILLSIGHT_TRY(check_shape("explicit ALS", ratings, settings.rank, start));
  const Matrix sold = ratings.transposed();
  const Entries customers = entries_of_ratings(ratings);
  const Entries items = entries_of_ratings(sold);
  const SweepRules rules = rules_of(settings);
  const TrainingPlan plan{customers,           items, rules,
                          settings.iterations, 0,     threads_for(settings.threads)};
  FactorModel model =
      start != nullptr
          ? start->copy()
          : FactorModel(random_directions(ratings.rows(), settings.rank, settings.seed),
                        random_directions(ratings.columns(), settings.rank, settings.seed + 1));
  return run(plan, std::move(model), on_progress);
}

double loss(const Matrix& ratings, const FactorModel& model, const ExplicitSettings& settings) {
  return loss_of(entries_of_ratings(ratings), rules_of(settings), model.customer_factors,
                 model.item_factors, threads_for(settings.threads));
}

RatingError rating_error(const FactorModel& model, const Matrix& train_set,
                         std::span<const Rating> test) {
  std::vector<bool> known(train_set.columns());
  for (std::uint32_t row = 0; row < train_set.rows(); ++row) {
    for (const std::uint32_t column : train_set.row(row).columns) known[column] = true;
  }
  RatingError result;
  for (const Rating& rating : test) {
    if (rating.row >= train_set.rows() || train_set.row(rating.row).size() == 0 ||
        rating.column >= train_set.columns() || !known[rating.column]) {
      ++result.dropped;
      continue;
    }
    const float predicted =
        kernels().dot(model.customer_factors.row(rating.row).data(),
                      model.item_factors.row(rating.column).data(), model.rank());
    const double miss = static_cast<double>(predicted) - static_cast<double>(rating.value);
    result.rmse += miss * miss;
    result.mae += std::abs(miss);
    ++result.counted;
  }
  const double count = result.counted > 0 ? static_cast<double>(result.counted) : 1;
  result.rmse = std::sqrt(result.rmse / count);
  result.mae /= count;
  return result;
}

}  // namespace tillsight::als
