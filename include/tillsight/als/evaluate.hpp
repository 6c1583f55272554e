/// \file
/// What a model is worth: its lists beside what customers bought afterwards.
///
/// **Threads** starts threads that end with the call. **Example** tests/als/evaluate_test.cpp
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tillsight/als/metrics.hpp"
#include "tillsight/als/model.hpp"
#include "tillsight/als/split.hpp"

namespace tillsight::als {

struct Judgement {
  std::vector<Scores> of_customers;  ///< in the order of the truth's customers
  double coverage = 0;
  double novelty = 0;

  double mean(Metric metric) const;
  std::vector<double> values(Metric metric) const;
  Interval interval(Metric metric) const;
};

/// \param known customers × items: what a model was told; left out of the lists if only new items
/// are judged. \param buyers of each item, as it was told. \pre truth's customers and items are the
/// model's
Judgement judge(const Model& model, const Truth& truth, Judged judged, const Matrix& known,
                std::span<const std::uint32_t> buyers);

/// How much more `a` has than `b`, customer by customer. \pre both judged the same truth
Interval difference(const Judgement& a, const Judgement& b, Metric metric);

}  // namespace tillsight::als
