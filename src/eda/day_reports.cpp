#include <algorithm>
#include <array>
#include <chrono>
#include <set>

#include "eda/anomalies.hpp"
#include "eda/period_sums.hpp"
#include "eda/sheet.hpp"
#include "tillsight/core/time_zone.hpp"

namespace tillsight::eda {
namespace {

std::string weekday_of(const std::string& day) {
  const auto parsed = parse_date(day);
  if (!parsed.ok()) return "";
  return std::string(weekday_name(std::chrono::weekday(std::chrono::sys_days(*parsed))));
}

void add_revenue(const PeriodSums& sums, const std::string& period, Sheet& sheet) {
  const auto found = sums.money.find(period);
  if (found == sums.money.end()) return;
  for (const auto& [currency, amounts] : found->second) {
    sheet.add_amount(period, 0, currency, amounts.revenue());
  }
}

Result<Report> sales_on(const Reading& reading) {
  TILLSIGHT_ASSIGN(
      auto rows,
      reading.db.prepare(
          "SELECT event_id, time, store, till, coalesce(invoice_no, 'refund of ' || "
          "coalesce(refund_of, '?')), (SELECT count(*) FROM line WHERE line.event_id = "
          "invoice.event_id), currency, iif(kind = 'refund', -gross, gross) FROM invoice WHERE "
          "business_date = ?1 AND kind <> 'void' AND (?2 = '' OR store = ?2) AND (?3 = '' OR till "
          "= ?3) ORDER BY time, store, till, event_id"));
  rows.bind(reading.from(), reading.request.store, reading.request.till);
  Sheet sheet({text("time"), text("store"), text("till"), text("invoice_no"), integer("lines")},
              {"revenue"});
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return sheet.finish("sales-on", "Sales" + range_text(reading.request));
    const std::string key(rows.text(0));
    sheet.add_row(key, {std::string(rows.text(1)), std::string(rows.text(2)),
                        std::string(rows.text(3)), std::string(rows.text(4)), rows.integer(5)});
    sheet.add_amount(key, 0, std::string(rows.text(6)), rows.integer(7));
  }
}

Result<Report> busiest(const Reading& reading) {
  const int limit = reading.limit(5);
  TILLSIGHT_ASSIGN(const PeriodSums sums, busiest_days(reading, limit));
  std::vector<std::pair<std::string, Counts>> days(sums.counts.begin(), sums.counts.end());
  std::erase_if(days, [](const auto& day) { return day.second.sales == 0; });
  std::ranges::stable_sort(days, std::ranges::greater(),
                           [](const auto& day) { return day.second.sales; });
  days.resize(std::min(days.size(), static_cast<std::size_t>(limit)));
  Sheet sheet({date("date"), text("weekday"), integer("invoices"), integer("customers")},
              {"revenue"});
  for (const auto& [day, counts] : days) {
    sheet.add_row(day, {day, weekday_of(day), counts.sales, counts.customers});
    add_revenue(sums, day, sheet);
  }
  return sheet.finish("busiest-days", "Busiest days" + range_text(reading.request));
}

Result<Report> customers_by_month(const Reading& reading) {
  TILLSIGHT_ASSIGN(const PeriodSums sums, sums_by(reading, Span::kMonth));
  Sheet sheet({integer("year"), integer("month"), integer("invoices"), integer("customers")},
              {"revenue"});
  for (const auto& [month, counts] : sums.counts) {
    if (counts.sales + counts.refunds == 0) continue;
    const std::int64_t year = std::stol(month.substr(0, 4));
    const std::int64_t number = std::stol(month.substr(5, 2));
    sheet.add_row(month, {year, number, counts.sales, counts.customers});
    add_revenue(sums, month, sheet);
  }
  return sheet.finish("customers-by-month", "Customers by month" + range_text(reading.request));
}

// --- sales by period, each beside the one before ---

std::string year_and(int year, char letter, int number, int digits) {
  const std::string padded = format("{:0{}}", number, digits);
  return letter == 0 ? format("{:04}-{}", year, padded)
                     : format("{:04}-{}{}", year, letter, padded);
}

/// The period that a period is compared with; empty if `period` is none. A day is compared with the
/// same weekday of the week before: a Monday says nothing of a Tuesday.
std::string before(const std::string& period, Span span) {
  using namespace std::chrono;
  if (span == Span::kDay) {
    const auto day = parse_date(period);
    return day.ok() ? to_string(year_month_day(sys_days(*day) - days(7))) : "";
  }
  const int year = std::stoi(period.substr(0, 4));
  const int number = std::stoi(period.substr(span == Span::kMonth ? 5 : 6));
  if (span == Span::kMonth) {
    return number > 1 ? year_and(year, 0, number - 1, 2) : year_and(year - 1, 0, 12, 2);
  }
  if (span == Span::kQuarter) {
    return number > 1 ? year_and(year, 'Q', number - 1, 1) : year_and(year - 1, 'Q', 4, 1);
  }
  if (number > 1) return year_and(year, 'W', number - 1, 2);
  // 28 December is always in the last week of its year.
  const sys_days last = std::chrono::year(year - 1) / December / 28;
  const auto thursday = last - (weekday(last) - Monday) + days(3);
  const auto weeks = (thursday - sys_days(std::chrono::year(year - 1) / January / 1)).count() / 7;
  return year_and(year - 1, 'W', static_cast<int>(weeks) + 1, 2);
}

std::set<std::string> currencies_of(const PeriodSums& sums) {
  std::set<std::string> currencies;
  for (const auto& [period, money] : sums.money) {
    for (const auto& [currency, amounts] : money) currencies.insert(currency);
  }
  return currencies;
}

std::optional<std::int64_t> revenue_of(const PeriodSums& sums, const std::string& period,
                                       const std::string& currency) {
  const auto money = sums.money.find(period);
  if (money == sums.money.end()) return {};
  const auto amounts = money->second.find(currency);
  if (amounts == money->second.end()) return {};
  return amounts->second.revenue();
}

Cell as_money(const std::optional<std::int64_t>& minor) {
  return minor ? Cell(Money::minor(*minor)) : Cell();
}

/// revenue, what it was before, and the change.
std::vector<Cell> comparison(const PeriodSums& sums, const std::string& period, Span span,
                             const std::string& currency) {
  const auto now = revenue_of(sums, period, currency);
  const auto then = revenue_of(sums, before(period, span), currency);
  const bool both = now && then && *then > 0;
  return {as_money(now), as_money(then),
          both ? share(static_cast<double>(*now - *then), static_cast<double>(*then)) : Cell()};
}

std::string unit_of(Span span) {
  switch (span) {
    case Span::kDay: return "day";
    case Span::kWeek: return "week";
    case Span::kMonth: return "month";
    case Span::kQuarter: return "quarter";
    case Span::kAll: break;
  }
  return "all";
}

/// What the first period of a range is compared with lies before the range.
ReportRequest with_days_before(ReportRequest request, Span span) {
  using namespace std::chrono;
  if (!request.from) return request;
  const sys_days from = *request.from;
  if (span == Span::kDay || span == Span::kWeek) {
    request.from = from - days(7);
  } else {
    const year_month month = year_month(request.from->year(), request.from->month());
    request.from = (month - months(span == Span::kMonth ? 1 : 5)) / std::chrono::day(1);
  }
  return request;
}

Result<Report> sales_by(const Reading& reading, Span span) {
  const ReportRequest wider = with_days_before(reading.request, span);
  const Reading earlier{reading.db, wider, reading.columns};
  TILLSIGHT_ASSIGN(const PeriodSums compared, sums_by(earlier, span));
  TILLSIGHT_ASSIGN(const PeriodSums own, sums_by(reading, span));
  PeriodSums sums = own;
  for (const auto& [period, money] : compared.money) sums.money.try_emplace(period, money);

  const std::string unit = unit_of(span);
  Report report{"sales-by-" + unit, "Sales by " + unit + range_text(reading.request), {}, {}, {}};
  report.columns = {span == Span::kDay ? date(unit) : text(unit)};
  if (span == Span::kDay) report.columns.push_back(text("weekday"));
  for (const char* const name : {"invoices", "refunds", "customers", "pieces"}) {
    report.columns.push_back(integer(name));
  }
  const auto currencies = currencies_of(own);
  for (const std::string& code : currencies) {
    TILLSIGHT_ASSIGN(const Currency currency, Currency::parse(code));
    report.columns.push_back(money("revenue", currency));
    report.columns.push_back(money("before", currency));
    report.columns.push_back(percent("change_" + code));
  }
  for (const auto& [period, counts] : own.counts) {
    if (counts.sales + counts.refunds == 0) continue;
    auto& row = report.rows.emplace_back();
    row.emplace_back(period);
    if (span == Span::kDay) row.emplace_back(weekday_of(period));
    for (const std::int64_t count :
         {counts.sales, counts.refunds, counts.customers, counts.pieces}) {
      row.emplace_back(count);
    }
    for (const std::string& currency : currencies) {
      std::ranges::move(comparison(sums, period, span, currency), std::back_inserter(row));
    }
  }
  // The newest are those that a limit leaves.
  const auto limit = static_cast<std::size_t>(reading.limit(0));
  if (limit > 0 && report.rows.size() > limit) {
    report.rows.erase(report.rows.begin(), report.rows.end() - static_cast<std::ptrdiff_t>(limit));
  }
  return report;
}

template <Span span>
Result<Report> sales_by(const Reading& reading) {
  return sales_by(reading, span);
}

// --- hours ---

struct Hour {
  std::int64_t sales = 0;
  std::map<std::string, std::int64_t> revenue;
};
/// By weekday, 1 is Monday, and hour.
using Hours = std::map<std::pair<unsigned, int>, Hour>;

Result<Hours> kept_hours(const Reading& reading) {
  TILLSIGHT_ASSIGN(auto rows,
                   reading.db.prepare(
                       "SELECT (strftime('%w', date) + 6) % 7 + 1 AS weekday, hour, currency, "
                       "sum(sales), sum(sold - refunded) FROM day_hour WHERE date BETWEEN ? AND ? "
                       "AND (?3 = '' OR store = ?3) GROUP BY weekday, hour, currency"));
  rows.bind(reading.from(), reading.to(), reading.request.store);
  Hours hours;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return hours;
    Hour& hour = hours[{static_cast<unsigned>(rows.integer(0)), static_cast<int>(rows.integer(1))}];
    hour.sales += rows.integer(3);
    hour.revenue[std::string(rows.text(2))] += rows.integer(4);
  }
}

Result<Hours> hours_of_a_till(const Reading& reading) {
  using columns::Dimension;
  TILLSIGHT_ASSIGN(const columns::Answer answer,
                   reading.ask({{Dimension::kWeekday, Dimension::kHour, Dimension::kCurrency},
                                {{columns::Reckoning::kInvoices},
                                 {columns::Reckoning::kSum, columns::Amount::kGross}},
                                reading.filter()}));
  Hours hours;
  for (const auto& row : answer.rows) {
    unsigned weekday = 1;
    while (weekday < 7 && weekday_name(std::chrono::weekday(weekday)) != word(row[0])) ++weekday;
    Hour& hour = hours[{weekday, std::stoi(word(row[1]))}];
    hour.sales += number(row[3]);
    hour.revenue[word(row[2])] += number(row[4]);
  }
  return hours;
}

Result<Report> busy_hours(const Reading& reading) {
  const bool kept = reading.request.till.empty();
  TILLSIGHT_ASSIGN(const Hours hours, kept ? kept_hours(reading) : hours_of_a_till(reading));
  Sheet sheet({text("weekday"), integer("hour"), integer("invoices")}, {"revenue"});
  for (const auto& [at, hour] : hours) {
    const std::string key = format("{} {}", at.first, at.second);
    sheet.add_row(key, {std::string(weekday_name(std::chrono::weekday(at.first))),
                        std::int64_t{at.second}, hour.sales});
    for (const auto& [currency, amount] : hour.revenue) {
      sheet.add_amount(key, 0, currency, amount);
    }
  }
  return sheet.finish("busy-hours", "Busy hours" + range_text(reading.request));
}

constexpr std::array<Kind, 9> kKinds = {{
    {{"sales-on", "the invoices of one DATE",
      "Refunds are listed with what was given back. How many invoices there are is in the last "
      "line.",
      0, true},
     sales_on},
    {{"busiest-days", "the days with most invoices",
      "By number of invoices; of days with as many the earlier comes first.", 5},
     busiest},
    {{"customers-by-month", "invoices and customers of each month",
      "Customers are distinct phones; invoices without one are in the invoices.", 0},
     customers_by_month},
    {{"sales-by-day", "each day beside the same weekday of the week before",
      "`before` is the revenue of the same weekday a week earlier, `change` how much more it is.",
      0},
     sales_by<Span::kDay>},
    {{"sales-by-week", "each week (ISO 8601) beside the week before",
      "A week that the range cuts has only the days inside it.", 0},
     sales_by<Span::kWeek>},
    {{"sales-by-month", "each month beside the month before",
      "A month that the range cuts has only the days inside it.", 0},
     sales_by<Span::kMonth>},
    {{"sales-by-quarter", "each quarter beside the quarter before",
      "A quarter that the range cuts has only the days inside it.", 0},
     sales_by<Span::kQuarter>},
    {{"busy-hours", "invoices and revenue by weekday and hour",
      "The hour on the receipt, the weekday of the business day.", 0},
     busy_hours},
    {{"anomalies", "days that are far from what a store sells on that weekday",
      "Revenue of a store's day against all its days of that weekday, whatever the range: `score` "
      "is "
      "the robust z-score (0.6745 times the distance from the median, over the median distance), "
      "shown from 3.5 on, either way, where there are eight such days. Days without any sale "
      "count, "
      "unless the store never sells on that weekday; its newest day does not, for it may not be "
      "over.",
      0},
     anomalies},
}};

}  // namespace

std::span<const Kind> day_reports() {
  return kKinds;
}

}  // namespace tillsight::eda
