#include "tillsight/als/implicit_als.hpp"

#include <cmath>
#include <utility>

#include "als/parallel.hpp"
#include "als/sweep.hpp"
#include "als/training.hpp"

namespace tillsight::als {
namespace {

Status check(const ImplicitSettings& settings) {
  const auto at_least = [](float value, float least) {
    return std::isfinite(value) && value >= least;
  };
  if (!(at_least(settings.alpha, 0) && settings.alpha > 0 && at_least(settings.epsilon, 0) &&
        settings.epsilon > 0)) {
    return error(Code::kInvalidArgument, "implicit ALS: alpha {} and epsilon {} must be above 0",
                 settings.alpha, settings.epsilon);
  }
  if (!at_least(settings.unobserved_weight, 0) || !at_least(settings.regularisation, 0)) {
    return error(Code::kInvalidArgument,
                 "implicit ALS: unobserved weight {} and regularisation {} must be 0 or more",
                 settings.unobserved_weight, settings.regularisation);
  }
  if (!at_least(settings.frequency_exponent, 0) || settings.frequency_exponent > 1) {
    return error(Code::kInvalidArgument, "implicit ALS: frequency exponent {} must be 0 to 1",
                 settings.frequency_exponent);
  }
  if (settings.steps == 0 || settings.block == 0) {
    return error(Code::kInvalidArgument, "implicit ALS: steps {} and block {} must be 1 or more",
                 settings.steps, settings.block);
  }
  return {};
}

}  // namespace

Result<FactorModel> train(const Matrix& bought, const ImplicitSettings& settings,
                          const OnProgress& on_progress, const FactorModel* start) {
  TILLSIGHT_TRY(check(settings));
  TILLSIGHT_TRY(check_shape("implicit ALS", bought, settings.rank, start));
  const Matrix sold = bought.transposed();
  Entries customers = entries_of(bought, settings);
  Entries items = entries_of(sold, settings);
  const SweepRules rules = rules_of(settings);
  TrainingPlan plan{customers,
                    items,
                    rules,
                    settings.iterations,
                    settings.least_gain,
                    threads_for(settings.threads)};
  FactorModel model = start != nullptr
                          ? start->copy()
                          : FactorModel(random_factors(bought.rows(), settings.rank,
                                                       settings.deviation, settings.seed),
                                        random_factors(bought.columns(), settings.rank,
                                                       settings.deviation, settings.seed + 1));
  return run(plan, std::move(model), on_progress);
}

double loss(const Matrix& bought, const FactorModel& model, const ImplicitSettings& settings) {
  return loss_of(entries_of(bought, settings), rules_of(settings), model.customer_factors,
                 model.item_factors, threads_for(settings.threads));
}

}  // namespace tillsight::als
