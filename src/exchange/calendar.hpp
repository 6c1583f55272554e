/// \file
/// When a made-up shop is busy: by month, weekday, hour, and a little by chance.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "tillsight/core/random.hpp"

namespace tillsight::exchange {

struct ShopDay {
  std::chrono::year_month_day date;
  std::int64_t invoices = 0;
};

/// The days from first to last; their invoices add up to `invoices`.
std::vector<ShopDay> spread(std::chrono::sys_days first, std::chrono::sys_days last,
                            std::int64_t invoices, Random& random);

/// The times of a day's invoices, in order.
std::vector<std::chrono::seconds> times_of(const ShopDay& day, Random& random);

}  // namespace tillsight::exchange
