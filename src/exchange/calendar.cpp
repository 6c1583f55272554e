#include "exchange/calendar.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "exchange/shoppers.hpp"

namespace tillsight::exchange {
namespace {

using std::chrono::days;
using std::chrono::weekday;

// January to December: festivals and their gifts from October on.
constexpr std::array kMonths = {0.95, 0.90, 0.97, 0.95, 0.98, 0.94,
                                0.92, 0.99, 1.00, 1.12, 1.15, 1.13};
// Sunday to Saturday.
constexpr std::array kWeekdays = {1.35, 0.85, 0.85, 0.90, 0.95, 1.10, 1.45};
constexpr int kOpens = 9;
constexpr std::array kWorkdayHours = {0.5, 0.7, 0.8, 1.0, 0.9, 0.6, 0.6, 0.9, 1.5, 1.8, 1.4, 0.7};
constexpr std::array kWeekendHours = {0.4, 0.9, 1.4, 1.5, 1.3, 1.2, 1.2, 1.3, 1.3, 1.1, 0.8, 0.5};
constexpr double kGrowthAYear = 0.01;
constexpr double kByChance = 0.3;

bool is_weekend(weekday day) {
  return day == std::chrono::Saturday || day == std::chrono::Sunday;
}

}  // namespace

std::vector<ShopDay> spread(std::chrono::sys_days first, std::chrono::sys_days last,
                            std::int64_t invoices, Random& random) {
  std::vector<ShopDay> shop_days;
  std::vector<double> up_to;
  double sum = 0;
  for (auto day = first; day <= last; day += days(1)) {
    const std::chrono::year_month_day date(day);
    const double years = static_cast<double>((day - first).count()) / 365.0;
    const double weight = kMonths[static_cast<unsigned>(date.month()) - 1] *
                          kWeekdays[weekday(day).c_encoding()] * (1 + kGrowthAYear * years) *
                          (1 - kByChance / 2 + kByChance * random.next_unit());
    up_to.push_back(sum += weight);
    shop_days.push_back({date, 0});
  }
  std::int64_t done = 0;
  for (std::size_t i = 0; i < shop_days.size(); ++i) {
    const auto reached = std::llround(up_to[i] / sum * static_cast<double>(invoices));
    shop_days[i].invoices = reached - done;
    done = reached;
  }
  return shop_days;
}

std::vector<std::chrono::seconds> times_of(const ShopDay& day, Random& random) {
  static const Weights kWorkday{kWorkdayHours};
  static const Weights kWeekend{kWeekendHours};
  const weekday on{std::chrono::sys_days(day.date)};
  std::vector<std::chrono::seconds> times;
  for (std::int64_t i = 0; i < day.invoices; ++i) {
    const auto hour = (is_weekend(on) ? kWeekend : kWorkday).draw(random);
    times.push_back(std::chrono::hours(kOpens + static_cast<int>(hour)) +
                    std::chrono::seconds(any_of(random, 3600)));
  }
  std::ranges::sort(times);
  return times;
}

}  // namespace tillsight::exchange
