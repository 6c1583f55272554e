#include "tillsight/als/model.hpp"

#include <cstddef>
#include <utility>

#include "tillsight/core/check.hpp"

namespace tillsight::als {

FactorModel::FactorModel(Factors of_customers, Factors of_items)
    : customer_factors(std::move(of_customers)), item_factors(std::move(of_items)) {
  TILLSIGHT_CHECK(customer_factors.rank() == item_factors.rank(), "factors of two ranks");
}

void FactorModel::score(std::uint32_t customer, std::span<float> scores) const {
  const std::span<const float> w = customer_factors.row(customer);
  for (std::uint32_t item = 0; item < items(); ++item) {
    const std::span<const float> h = item_factors.row(item);
    float sum = 0;
    for (std::size_t i = 0; i < w.size(); ++i) sum += w[i] * h[i];
    scores[item] = sum;
  }
}

FactorModel FactorModel::copy() const {
  return {customer_factors.copy(), item_factors.copy()};
}

}  // namespace tillsight::als
