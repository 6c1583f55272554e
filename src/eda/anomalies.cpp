#include "eda/anomalies.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <tuple>

#include "eda/scores.hpp"
#include "eda/sheet.hpp"
#include "tillsight/core/time_zone.hpp"

namespace tillsight::eda {
namespace {

using std::chrono::sys_days;

constexpr double kStrange = 3.5;
constexpr std::size_t kDaysMin = 8;

/// What a store takes in a currency, by day.
using Series = std::map<sys_days, double>;
using AllSeries = std::map<std::pair<std::string, std::string>, Series>;

Status add_day(AllSeries& all, std::string_view day, std::string_view store,
               std::string_view currency, std::int64_t revenue) {
  TILLSIGHT_ASSIGN(const auto date, parse_date(day));
  all[{std::string(store), std::string(currency)}][sys_days(date)] = static_cast<double>(revenue);
  return {};
}

Result<AllSeries> read_series(const Reading& reading) {
  AllSeries all;
  TILLSIGHT_ASSIGN(
      auto rows, reading.db.prepare("SELECT date, store, currency, sum(sold - refunded) FROM "
                                    "day_till WHERE (?1 = '' OR store = ?1) AND (?2 = '' OR till = "
                                    "?2) GROUP BY store, currency, date"));
  rows.bind(reading.request.store, reading.request.till);
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return all;
    TILLSIGHT_TRY(add_day(all, rows.text(0), rows.text(1), rows.text(2), rows.integer(3)));
  }
}

struct Strange {
  sys_days day;
  std::string store;
  std::string currency;
  double revenue = 0;
  double usual = 0;
  double score = 0;
};

void find_strange(const std::string& store, const std::string& currency, const Series& series,
                  std::vector<Strange>& found) {
  const sys_days first = series.begin()->first, last = series.rbegin()->first;
  for (unsigned weekday = 0; weekday < 7; ++weekday) {
    std::vector<sys_days> days;
    std::vector<double> values;
    bool any = false;
    // The newest day may not be over.
    for (sys_days day = first; day < last; day += std::chrono::days(1)) {
      if (std::chrono::weekday(day).c_encoding() != weekday) continue;
      const auto sold = series.find(day);
      any |= sold != series.end();
      days.push_back(day);
      values.push_back(sold == series.end() ? 0 : sold->second);
    }
    if (!any || days.size() < kDaysMin) continue;
    const double usual = median(values);
    const std::vector<double> scores = robust_scores(values);
    for (std::size_t i = 0; i < days.size(); ++i) {
      if (std::abs(scores[i]) < kStrange) continue;
      found.push_back({days[i], store, currency, values[i], usual, scores[i]});
    }
  }
}

}  // namespace

Result<Report> anomalies(const Reading& reading) {
  TILLSIGHT_ASSIGN(const AllSeries all, read_series(reading));
  std::vector<Strange> found;
  for (const auto& [key, series] : all) find_strange(key.first, key.second, series, found);
  std::erase_if(found, [&](const Strange& strange) {
    const std::string day = to_string(std::chrono::year_month_day(strange.day));
    return day < reading.from() || day > reading.to();
  });
  std::ranges::sort(found, [](const Strange& a, const Strange& b) {
    return std::tuple(b.day, a.store, a.currency) < std::tuple(a.day, b.store, b.currency);
  });
  Sheet sheet({date("date"), text("weekday"), text("store"), decimal("score")},
              {"revenue", "usual"});
  for (const Strange& strange : found) {
    const std::string day = to_string(std::chrono::year_month_day(strange.day));
    const std::string key = day + " " + strange.store + " " + strange.currency;
    sheet.add_row(key, {day, std::string(weekday_name(std::chrono::weekday(strange.day))),
                        strange.store, strange.score});
    sheet.add_amount(key, 0, strange.currency, std::llround(strange.revenue));
    sheet.add_amount(key, 1, strange.currency, std::llround(strange.usual));
  }
  return sheet.finish("anomalies", "Anomalies" + range_text(reading.request));
}

}  // namespace tillsight::eda
