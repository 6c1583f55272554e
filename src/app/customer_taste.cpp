#include "app/customer_taste.hpp"

#include "tillsight/core/log.hpp"

namespace tillsight::app {

Result<std::vector<Sku>> JournalTaste::likely(std::string_view) {
  constexpr int kMost = 50;
  auto popular = journal_.popular(kMost);
  if (!popular.ok()) log::warning("station: tastes: {}", popular.error().message());
  return popular;
}

}  // namespace tillsight::app
