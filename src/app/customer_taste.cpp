#include "app/customer_taste.hpp"

#include <algorithm>

#include "tillsight/core/log.hpp"

namespace tillsight::app {

Result<std::vector<Sku>> JournalTaste::likely(std::string_view) {
  constexpr int kMost = 50;
  auto popular = journal_.popular(kMost);
  if (!popular.ok()) log::warning("station: tastes: {}", popular.error().message());
  return popular;
}

void ToldTaste::hear(std::string phone, std::vector<Sku> skus) {
  phone_ = std::move(phone);
  skus_ = std::move(skus);
}

Result<std::vector<Sku>> ToldTaste::likely(std::string_view phone) {
  auto rest = rest_.likely(phone);
  if (phone != phone_) return rest;
  std::vector<Sku> likely = skus_;
  if (!rest.ok()) return likely;
  for (Sku& sku : *rest) {
    if (std::ranges::find(skus_, sku) == skus_.end()) likely.push_back(std::move(sku));
  }
  return likely;
}

}  // namespace tillsight::app
