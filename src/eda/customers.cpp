#include "eda/customers.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <numeric>

#include "eda/scores.hpp"
#include "eda/sheet.hpp"
#include "tillsight/columns/baskets.hpp"
#include "tillsight/core/time_zone.hpp"

namespace tillsight::eda {
namespace {

using columns::Columns;
using columns::Visit;
using columns::Visits;

/// Months since year 0, so that they can be subtracted.
int month_of(std::int32_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  return static_cast<int>(date.year()) * 12 +
         static_cast<int>(static_cast<unsigned>(date.month())) - 1;
}

std::string month_text(int month) {
  return format("{:04}-{:02}", month / 12, month % 12 + 1);
}

/// Their visits in one currency, in the stores and at the till that are asked for, of all time.
Result<Visits> visits_of(const Reading& reading, const Columns& copy, const std::string& currency) {
  columns::Filter filter = reading.filter();
  filter.from.reset();
  filter.to.reset();
  if (!currency.empty()) {
    filter.where.push_back({columns::Dimension::kCurrency, columns::Compare::kEqual, {currency}});
  }
  return columns::visits_by_customer(copy, filter);
}

Result<std::vector<std::string>> currencies_of(const Reading& reading) {
  TILLSIGHT_ASSIGN(const columns::Answer answer, reading.ask({{columns::Dimension::kCurrency},
                                                              {{columns::Reckoning::kInvoices}},
                                                              reading.filter()}));
  std::vector<std::string> currencies;
  for (const auto& row : answer.rows) currencies.push_back(word(row[0]));
  return currencies;
}

// --- segments ---

struct Shopper {
  std::int32_t last = 0;  ///< day of the newest sale
  std::int64_t sales = 0;
  std::int64_t gross = 0;
  int recency = 0, frequency = 0, monetary = 0;  ///< scores
};

/// Sales are not negative; what came back is.
std::vector<Shopper> shoppers_of(const Visits& visits, std::int32_t from, std::int32_t to) {
  std::vector<Shopper> shoppers;
  for (std::uint32_t customer = 0; customer + 1 < visits.first.size(); ++customer) {
    Shopper shopper;
    for (const Visit& visit : visits.of(customer)) {
      if (visit.date < from || visit.date > to) continue;
      shopper.gross += visit.gross;
      if (visit.is_refund) continue;
      ++shopper.sales;
      shopper.last = std::max(shopper.last, visit.date);
    }
    if (shopper.sales > 0) shoppers.push_back(shopper);
  }
  return shoppers;
}

/// Scores 1 to 5 by fifths of the customers; equal values have equal scores.
template <typename Value>
void score(std::vector<Shopper>& shoppers, Value Shopper::*value, int Shopper::*score) {
  std::ranges::sort(shoppers, {}, value);
  for (std::size_t i = 0; i < shoppers.size(); ++i) {
    const bool same = i > 0 && shoppers[i].*value == shoppers[i - 1].*value;
    shoppers[i].*score =
        same ? shoppers[i - 1].*score : static_cast<int>(1 + 5 * i / shoppers.size());
  }
}

struct Segment {
  std::int64_t customers = 0, sales = 0, days = 0;
  std::int64_t gross = 0;
};

std::int32_t day_number(const std::optional<std::chrono::year_month_day>& date,
                        std::int32_t otherwise) {
  if (!date) return otherwise;
  return static_cast<std::int32_t>(std::chrono::sys_days(*date).time_since_epoch().count());
}

std::map<std::string_view, Segment> segments_of(const Reading& reading, const Visits& visits) {
  std::int32_t newest = 0;
  for (const Visit& visit : visits.visits) newest = std::max(newest, visit.date);
  const std::int32_t from = day_number(reading.request.from, INT32_MIN);
  const std::int32_t to = day_number(reading.request.to, newest);
  std::vector<Shopper> shoppers = shoppers_of(visits, from, to);
  score(shoppers, &Shopper::last, &Shopper::recency);
  score(shoppers, &Shopper::sales, &Shopper::frequency);
  score(shoppers, &Shopper::gross, &Shopper::monetary);
  std::map<std::string_view, Segment> segments;
  for (const Shopper& shopper : shoppers) {
    const int value = (shopper.frequency + shopper.monetary + 1) / 2;
    Segment& segment = segments[segment_of(shopper.recency, value)];
    ++segment.customers;
    segment.sales += shopper.sales;
    segment.days += to - shopper.last;
    segment.gross += shopper.gross;
  }
  return segments;
}

}  // namespace

Result<Report> customer_segments(const Reading& reading) {
  TILLSIGHT_ASSIGN(const auto copy, reading.columns());
  TILLSIGHT_ASSIGN(const auto currencies, currencies_of(reading));
  Sheet sheet({text("segment"), integer("customers"), percent("share"), decimal("sales_each"),
               decimal("recency")},
              {"revenue"});
  for (const std::string& currency : currencies) {
    TILLSIGHT_ASSIGN(const Visits visits, visits_of(reading, *copy, currency));
    const auto found_segments = segments_of(reading, visits);
    std::int64_t all = 0;
    for (const auto& [name, segment] : found_segments) all += segment.customers;
    for (const std::string_view name : segments()) {
      const auto found = found_segments.find(name);
      if (found == found_segments.end()) continue;
      const Segment& segment = found->second;
      const auto customers = static_cast<double>(segment.customers);
      const std::string key = currency + std::string(name);
      sheet.add_row(
          key, {std::string(name), segment.customers, share(customers, static_cast<double>(all)),
                static_cast<double>(segment.sales) / customers,
                static_cast<double>(segment.days) / customers});
      sheet.add_amount(key, 0, currency, segment.gross);
    }
  }
  return sheet.finish("customer-segments", "Customer segments" + range_text(reading.request));
}

// --- who comes back ---

namespace {

constexpr int kMonthsShown = 12;

/// The months in which somebody bought, each once, oldest first.
std::vector<int> months_of(std::span<const Visit> visits) {
  std::vector<int> months;
  for (const Visit& visit : visits) {
    if (visit.is_refund) continue;
    const int month = month_of(visit.date);
    if (months.empty() || months.back() != month) months.push_back(month);
  }
  return months;
}

struct Cohort {
  std::int64_t customers = 0;
  std::array<std::int64_t, kMonthsShown + 1> came{};
};

}  // namespace

Result<Report> retention(const Reading& reading) {
  TILLSIGHT_ASSIGN(const auto copy, reading.columns());
  TILLSIGHT_ASSIGN(const Visits visits, visits_of(reading, *copy, ""));
  std::map<int, Cohort> cohorts;
  int newest = 0;
  for (std::uint32_t customer = 0; customer + 1 < visits.first.size(); ++customer) {
    const std::vector<int> months = months_of(visits.of(customer));
    if (months.empty()) continue;
    newest = std::max(newest, months.back());
    Cohort& cohort = cohorts[months.front()];
    ++cohort.customers;
    for (const int month : months) {
      const int after = month - months.front();
      if (after <= kMonthsShown) ++cohort.came[static_cast<std::size_t>(after)];
    }
  }
  Report report{
      "retention", "Retention of new customers" + range_text(reading.request), {}, {}, {}};
  report.columns = {text("first_month"), integer("customers")};
  for (int after = 1; after <= kMonthsShown; ++after) {
    report.columns.push_back(percent(format("month_{}", after)));
  }
  for (const auto& [month, cohort] : cohorts) {
    const std::string name = month_text(month);
    if (name < reading.from().substr(0, 7) || name > reading.to().substr(0, 7)) continue;
    auto& row = report.rows.emplace_back();
    row = {name, cohort.customers};
    for (int after = 1; after <= kMonthsShown; ++after) {
      const auto came = static_cast<double>(cohort.came[static_cast<std::size_t>(after)]);
      row.push_back(month + after > newest ? Cell()
                                           : share(came, static_cast<double>(cohort.customers)));
    }
  }
  return report;
}

namespace {

struct MonthOfSales {
  std::int64_t new_customers = 0, returning_customers = 0;
  std::int64_t new_sales = 0, returning_sales = 0, all_sales = 0;
  std::int64_t new_gross = 0, returning_gross = 0, all_gross = 0;
};
using MonthsOfSales = std::map<std::string, MonthOfSales>;

void add_customer(std::span<const Visit> visits, MonthsOfSales& months) {
  int first = 0;
  std::string counted;
  for (const Visit& visit : visits) {
    const int number = month_of(visit.date);
    if (first == 0 && !visit.is_refund) first = number;
    const bool is_new = number == first;
    const std::string name = month_text(number);
    MonthOfSales& month = months[name];
    (is_new ? month.new_gross : month.returning_gross) += visit.gross;
    if (visit.is_refund) continue;
    ++(is_new ? month.new_sales : month.returning_sales);
    if (counted != name) ++(is_new ? month.new_customers : month.returning_customers);
    counted = name;
  }
}

/// All sales of a month: what known customers did not buy, others did.
Status add_all(const Reading& reading, const std::string& currency, MonthsOfSales& months) {
  columns::Query query{
      {columns::Dimension::kMonth, columns::Dimension::kCurrency},
      {{columns::Reckoning::kInvoices}, {columns::Reckoning::kSum, columns::Amount::kGross}},
      reading.filter()};
  query.filter.from.reset();
  query.filter.to.reset();
  TILLSIGHT_ASSIGN(const columns::Answer answer, reading.ask(std::move(query)));
  for (const auto& row : answer.rows) {
    if (!currency.empty() && word(row[1]) != currency) continue;
    MonthOfSales& month = months[word(row[0])];
    month.all_sales += number(row[2]);
    month.all_gross += number(row[3]);
  }
  return {};
}

/// \param currency empty: all, where only the counts mean something.
Result<MonthsOfSales> months_of_sales(const Reading& reading, const Columns& copy,
                                      const std::string& currency) {
  TILLSIGHT_ASSIGN(const Visits visits, visits_of(reading, copy, currency));
  MonthsOfSales months;
  for (std::uint32_t customer = 0; customer + 1 < visits.first.size(); ++customer) {
    add_customer(visits.of(customer), months);
  }
  TILLSIGHT_TRY(add_all(reading, currency, months));
  return months;
}

}  // namespace

Result<Report> new_and_returning(const Reading& reading) {
  TILLSIGHT_ASSIGN(const auto copy, reading.columns());
  TILLSIGHT_ASSIGN(const auto currencies, currencies_of(reading));
  TILLSIGHT_ASSIGN(const MonthsOfSales counts, months_of_sales(reading, *copy, ""));
  Sheet sheet({text("month"), integer("new_customers"), integer("returning_customers"),
               integer("new_sales"), integer("returning_sales"), integer("unknown_sales")},
              {"new", "returning", "unknown"});
  for (const auto& [name, month] : counts) {
    if (name < reading.from().substr(0, 7) || name > reading.to().substr(0, 7)) continue;
    sheet.add_row(
        name, {name, month.new_customers, month.returning_customers, month.new_sales,
               month.returning_sales, month.all_sales - month.new_sales - month.returning_sales});
  }
  for (const std::string& currency : currencies) {
    TILLSIGHT_ASSIGN(const MonthsOfSales months, months_of_sales(reading, *copy, currency));
    for (const auto& [name, month] : months) {
      sheet.add_amount(name, 0, currency, month.new_gross);
      sheet.add_amount(name, 1, currency, month.returning_gross);
      sheet.add_amount(name, 2, currency,
                       month.all_gross - month.new_gross - month.returning_gross);
    }
  }
  return sheet.finish("new-and-returning",
                      "New and returning customers" + range_text(reading.request));
}

}  // namespace tillsight::eda
