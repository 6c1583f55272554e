// Goal: a report says the same whichever way it is answered: from the sums that hub.db keeps, or
// from the columnar copy.
// Method: random trade; every report is asked without a range, and with one that holds everything.
// Then by till: what all tills sold adds up to what was sold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/hub/random_trade.hpp"
#include "tillsight/eda/reports.hpp"

namespace tillsight::eda {
namespace {

using std::chrono::year_month_day;

class Paths : public hub::RandomTrade {
 protected:
  Report run(ReportRequest request) {
    auto report = Reports(folder()).run(request);
    EXPECT_TRUE(report.ok()) << request.name << ": " << report.error().message();
    report->title = "";
    return *std::move(report);
  }
  static year_month_day day(std::string_view text) { return parse_date(text).value(); }

  static std::int64_t total(const Report& report, std::string_view name) {
    for (const Total& total : report.totals) {
      if (total.column.name != name) continue;
      if (const auto* number = std::get_if<std::int64_t>(&total.value)) return *number;
      if (const auto* money = std::get_if<Money>(&total.value)) return money->minor_units();
    }
    return 0;
  }
};

TEST_F(Paths, GiveTheSameReports) {
  for (int round = 0; round < 3; ++round) {
    trade(80);
    import(20);
    for (const ReportInfo& info : known_reports()) {
      if (info.of_a_date) continue;
      if (info.name == "customer-segments") continue;  // recency counts from the range's end
      for (const char* const store : {"", "S01", "S02"}) {
        ReportRequest request{.name = std::string(info.name), .store = store};
        const Report kept = run(request);
        request.from = day("2000-01-01");
        request.to = day("2100-01-01");
        EXPECT_EQ(to_json(run(request)), to_json(kept)) << info.name << " of store " << store;
        EXPECT_TRUE(info.name == "sync-health" || kept.totals.size() > 2) << info.name;
      }
    }
  }
}

TEST_F(Paths, ADayIsTheSameInEveryReport) {
  trade(300);
  const std::string busiest = text(
      "SELECT period FROM period_count WHERE length(period) = 10 AND "
      "store = '' ORDER BY sales DESC LIMIT 1");
  const Report sales = run({.name = "sales-on", .date = day(busiest)});
  for (const char* const name : {"top-items", "aisles", "busy-hours", "tills", "basket-sizes"}) {
    const Report report = run({.name = name, .from = day(busiest), .to = day(busiest)});
    for (const char* const what : {"invoices", "customers", "revenue_INR", "revenue_EUR"}) {
      EXPECT_EQ(total(report, what), total(sales, what)) << name << " " << what;
    }
  }
  // One day's items come from the sums, those of two days from the copy.
  ReportRequest request{.name = "top-items", .from = day(busiest), .to = day(busiest), .limit = 99};
  const Report one = run(request);
  request.till = "T01";
  Report by_till = run(request);
  std::size_t rows = 0;
  for (const auto& row : one.rows) rows += std::get<std::int64_t>(row[3]) > 0;
  EXPECT_GE(rows, by_till.rows.size());
}

TEST_F(Paths, TheTillsTogetherSoldEverything) {
  trade(200);
  import(50);
  const Report all = run({.name = "sales-by-month"});
  for (const char* const what : {"invoices", "revenue_INR", "revenue_EUR", "imported"}) {
    std::int64_t sum = 0;
    for (const char* const till : {"T01", "T02", "T03", "IMPORT"}) {
      sum += total(run({.name = "sales-by-month", .till = till}), what);
    }
    EXPECT_EQ(sum, total(all, what)) << what;
    EXPECT_GT(sum, 0) << what;
  }
}

TEST_F(Paths, LimitsAndUnknownStoresAreNoErrors) {
  trade(100);
  for (const ReportInfo& info : known_reports()) {
    ReportRequest request{.name = std::string(info.name)};
    if (info.of_a_date) request.date = day("2026-01-06");
    request.limit = 1;
    EXPECT_LE(run(request).rows.size(), 1u) << info.name;
    request.store = "NOWHERE";
    const Report nowhere = run(request);
    EXPECT_TRUE(info.name == "slow-items" || nowhere.rows.empty()) << info.name;
  }
}

}  // namespace
}  // namespace tillsight::eda
