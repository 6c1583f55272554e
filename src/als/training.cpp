#include "als/training.hpp"

#include <algorithm>
#include <cmath>

namespace tillsight::als {

Status check_shape(std::string_view who, const Matrix& matrix, std::uint32_t rank,
                   const FactorModel* start) {
  if (matrix.size() == 0) {
    return error(Code::kInvalidArgument,
                 "{}: nobody has bought anything yet; there is nothing to learn from", who);
  }
  if (rank == 0 || rank > std::max(matrix.rows(), matrix.columns())) {
    return error(Code::kInvalidArgument,
                 "{}: rank {} for {} customers and {} items; choose 1 to {}", who, rank,
                 matrix.rows(), matrix.columns(), std::max(matrix.rows(), matrix.columns()));
  }
  if (start != nullptr && (start->customers() != matrix.rows() ||
                           start->items() != matrix.columns() || start->rank() != rank)) {
    return error(Code::kInvalidArgument,
                 "{}: the start has {} customers, {} items and rank {}, the matrix {} × {} and the "
                 "settings rank {}",
                 who, start->customers(), start->items(), start->rank(), matrix.rows(),
                 matrix.columns(), rank);
  }
  return {};
}

Result<FactorModel> run(const TrainingPlan& plan, FactorModel model,
                        const OnProgress& on_progress) {
  double before = 0;
  for (std::uint32_t iteration = 0; iteration < plan.iterations; ++iteration) {
    half_sweep(plan.customers, plan.rules, model.item_factors, model.customer_factors,
               plan.threads);
    half_sweep(plan.items, plan.rules, model.customer_factors, model.item_factors, plan.threads);
    if (on_progress && !on_progress({iteration + 1, plan.iterations, model})) break;
    if (plan.least_gain > 0) {
      const double now = loss_of(plan.customers, plan.rules, model.customer_factors,
                                 model.item_factors, plan.threads);
      if (iteration > 0 && before - now < plan.least_gain * before) break;
      before = now;
    }
  }
  const auto finite = [](const Factors& factors) {
    return std::ranges::all_of(factors.values(), [](float value) { return std::isfinite(value); });
  };
  if (!finite(model.customer_factors) || !finite(model.item_factors)) {
    return error(Code::kResourceExhausted,
                 "training: factors outgrew float32; smaller weights or more regularisation help");
  }
  return model;
}

}  // namespace tillsight::als
