/// \file
/// The loop around half sweeps that both trainers share.
#pragma once

#include <cstdint>
#include <string_view>

#include "als/sweep.hpp"
#include "tillsight/als/matrix.hpp"
#include "tillsight/als/model.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::als {

struct TrainingPlan {
  const Entries& customers;
  const Entries& items;
  const SweepRules& rules;
  std::uint32_t iterations;
  double least_gain;
  int threads;
};

/// kInvalidArgument for a matrix without a pair, a rank out of range, a start of another shape.
Status check_shape(std::string_view who, const Matrix& matrix, std::uint32_t rank,
                   const FactorModel* start);

/// Customers from items, items from customers, and again. \return kResourceExhausted if factors do
/// not stay finite: the settings ask more than float32 holds.
Result<FactorModel> run(const TrainingPlan& plan, FactorModel model, const OnProgress& on_progress);

}  // namespace tillsight::als
