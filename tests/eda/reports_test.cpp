// Goal: the four reports answer what they answered in the project that Tillsight descends from:
// they count invoices.
// Method: a small shop's sales go through the hub's ingest; the expected rows were worked out by
// hand. Then a random shop: every report adds up to what was sold.
#include "tillsight/eda/reports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/support/sales.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/hub/ingest.hpp"

namespace tillsight::eda {
namespace {

using std::chrono::hours;
using testing::a_line;
using testing::a_sale;
using ::testing::HasSubstr;

const Customer kAsha{"Asha", "Rao", "+919876543210"};
const Customer kBela{"Bela", "Bartók", "+36201234567"};
const Customer kMaria{"María del Carmen", "Núñez de Balboa", "+34612345678"};

class StandingReports : public ::testing::Test {
 protected:
  StandingReports()
      : store_(hub::HubStore::open(dir_.path(), clock_, random_).value()),
        ingest_(store_, clock_) {}

  void sell(std::int64_t amount_minor, std::optional<Customer> to = {},
            std::string_view currency = "INR") {
    Invoice invoice = a_sale({a_line("banana", amount_minor)}, clock_, std::move(to));
    invoice.currency = currency;
    deliver(invoice);
  }
  void give_up(std::int64_t amount_minor, std::optional<Customer> to = {}) {
    Invoice invoice = a_sale({a_line("banana", amount_minor)}, clock_, std::move(to));
    invoice.kind = SaleKind::kVoid;
    invoice.tenders.clear();
    deliver(invoice);
  }
  void deliver(const Invoice& invoice) {
    const std::string topic = topics::events(StoreId("S01"), TillId("T01"));
    EXPECT_TRUE(ingest_.receive(topic, to_cloud_events({till_.next(invoice)})).ok());
  }
  void days_pass(int days) { clock_.advance(hours(24 * days)); }

  /// Monday 2026-01-05 to Sunday 2026-02-01.
  void given_a_small_shop() {
    sell(300, kAsha);
    sell(500, kAsha);
    sell(200);
    give_up(99900, kBela);
    days_pass(1);  // Tuesday 2026-01-06
    sell(1000, kBela);
    sell(300, kAsha);
    sell(700, kMaria, "EUR");
    days_pass(26);  // Sunday 2026-02-01
    sell(150, kMaria);
  }

  Report run(const ReportRequest& request) {
    EXPECT_TRUE(ingest_.flush().ok());
    EXPECT_EQ(ingest_.counters().quarantined, 0);
    return Reports(dir_.path()).run(request).value();
  }
  std::string csv(const ReportRequest& request) { return to_csv(run(request)); }
  std::string refusal(const ReportRequest& request) {
    const auto report = Reports(dir_.path()).run(request);
    EXPECT_FALSE(report.ok());
    EXPECT_EQ(report.error().code(), Code::kInvalidArgument);
    return report.error().message();
  }
  static std::chrono::year_month_day day(std::string_view text) { return parse_date(text).value(); }

  TempDir dir_;
  FakeClock clock_;
  SeededRandom random_{1};
  testing::EventChain till_;
  hub::HubStore store_;
  hub::Ingest ingest_;
};

TEST_F(StandingReports, TopCustomersCountInvoicesNotMoney) {
  given_a_small_shop();
  EXPECT_EQ(csv({.name = "top-customers"}),
            "first_name,last_name,phone,invoices,last_visit,revenue_EUR,revenue_INR\n"
            "Asha,Rao,+919876543210,3,2026-01-06,,11.00\n"
            "María del Carmen,Núñez de Balboa,+34612345678,2,2026-02-01,7.00,1.50\n"
            "Bela,Bartók,+36201234567,1,2026-01-06,,10.00\n");
}

TEST_F(StandingReports, TopCustomersAreTenUnlessAskedAndTiesGoByName) {
  for (int i = 0; i < 12; ++i) sell(100, Customer{"A", format("L{:02}", 11 - i), "+3670000000"});
  sell(100, Customer{"A", "L07", "+3670000001"});
  const Report ten = run({.name = "top-customers"});
  ASSERT_EQ(ten.rows.size(), 10u);
  EXPECT_EQ(ten.rows[0][1], Cell("L00"));
  EXPECT_EQ(ten.rows[7][2], Cell("+3670000000"));
  EXPECT_EQ(ten.rows[8][2], Cell("+3670000001"));
  EXPECT_EQ(ten.totals[0].value, Cell(std::int64_t{13})) << "what the limit cut off is in there";
  EXPECT_EQ(run({.name = "top-customers", .limit = 3}).rows.size(), 3u);
  EXPECT_EQ(run({.name = "top-customers", .limit = 50}).rows.size(), 13u);
}

TEST_F(StandingReports, SalesOnADateListsItsInvoicesAndCountsThem) {
  given_a_small_shop();
  const Report report = run({.name = "sales-on", .date = day("2026-01-05")});
  EXPECT_EQ(report.title, "Sales on Monday, 2026-01-05");
  const auto number = [](int count) { return to_string(InvoiceNumber{TillId("T01"), 1, count}); };
  EXPECT_EQ(to_csv(report), format("time,store,till,invoice_no,lines,revenue_INR\n"
                                   "14:30:00,S01,T01,{},1,3.00\n"
                                   "14:30:00,S01,T01,{},1,5.00\n"
                                   "14:30:00,S01,T01,{},1,2.00\n",
                                   number(1), number(2), number(3)));
  EXPECT_THAT(to_table(report), HasSubstr("In all: invoices 3, customers 1, revenue_INR 10.00"));
}

TEST_F(StandingReports, BusiestDaysCountInvoicesAndTiesGoToTheEarlier) {
  given_a_small_shop();
  EXPECT_EQ(csv({.name = "busiest-days"}),
            "date,weekday,invoices,customers,revenue_EUR,revenue_INR\n"
            "2026-01-05,Monday,3,1,,10.00\n"
            "2026-01-06,Tuesday,3,3,7.00,13.00\n"
            "2026-02-01,Sunday,1,1,,1.50\n");
}

TEST_F(StandingReports, BusiestDaysAreFiveUnlessAsked) {
  for (int i = 0; i < 8; ++i) {
    sell(100);
    days_pass(1);
  }
  EXPECT_EQ(run({.name = "busiest-days"}).rows.size(), 5u);
  EXPECT_EQ(run({.name = "busiest-days", .limit = 8}).rows.size(), 8u);
}

TEST_F(StandingReports, CustomersByMonthCountInvoicesAndDistinctPhones) {
  given_a_small_shop();
  EXPECT_EQ(csv({.name = "customers-by-month"}),
            "year,month,invoices,customers,revenue_EUR,revenue_INR\n"
            "2026,1,6,3,7.00,23.00\n"
            "2026,2,1,1,,1.50\n");
}

TEST_F(StandingReports, ARangeIncludesBothItsDays) {
  given_a_small_shop();
  const Report report =
      run({.name = "busiest-days", .from = day("2026-01-06"), .to = day("2026-02-01")});
  EXPECT_EQ(report.title, "Busiest days from 2026-01-06 to 2026-02-01");
  EXPECT_EQ(report.rows.size(), 2u);
  EXPECT_EQ(report.totals[0].value, Cell(std::int64_t{4}));
  EXPECT_EQ(run({.name = "busiest-days", .to = day("2026-01-05")}).rows.size(), 1u);
  EXPECT_TRUE(run({.name = "busiest-days", .from = day("2026-02-02")}).rows.empty());
}

TEST_F(StandingReports, AnEmptyDatabaseHasNoSalesAndThatIsNoError) {
  for (const ReportInfo& info : known_reports()) {
    ReportRequest request{.name = std::string(info.name)};
    if (info.name == "sales-on") request.date = day("2026-01-05");
    const Report report = run(request);
    EXPECT_FALSE(report.columns.empty());
    EXPECT_TRUE(report.rows.empty());
    EXPECT_THAT(to_table(report), HasSubstr("(none)"));
    EXPECT_TRUE(info.name == "sync-health" || report.totals.size() == 2) << info.name;
  }
}

TEST_F(StandingReports, AWrongQuestionIsAnsweredWithTheRightOne) {
  EXPECT_EQ(refusal({.name = "top-costumers"}),
            "report 'top-costumers' is unknown; there are sales-on, busiest-days, "
            "customers-by-month, sales-by-day, sales-by-week, sales-by-month, sales-by-quarter, "
            "busy-hours, anomalies, top-items, slow-items, aisles, basket-sizes, basket-values, "
            "bought-together, top-customers, customer-segments, retention, new-and-returning, "
            "tills, cashiers, sync-health, z-reports");
  EXPECT_THAT(refusal({.name = "sales-on"}), HasSubstr("needs a date"));
  EXPECT_THAT(refusal({.name = "busiest-days", .date = day("2026-01-05")}), HasSubstr("--from"));
  EXPECT_THAT(refusal({.name = "sales-on", .date = day("2026-01-05"), .to = day("2026-01-06")}),
              HasSubstr("leave --from and --to out"));
  EXPECT_THAT(refusal({.name = "busiest-days", .from = day("2026-01-06"), .to = day("2026-01-05")}),
              HasSubstr("swap them"));
  EXPECT_THAT(refusal({.name = "busiest-days", .limit = 0}), HasSubstr("1 or more"));
}

TEST_F(StandingReports, AMissingFolderIsNamed) {
  const auto report = Reports(dir_ / "nowhere").run({.name = "busiest-days"});
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code(), Code::kNotFound);
  EXPECT_THAT(report.error().message(), HasSubstr("nowhere"));
}

/// The sum of a column of integers or money.
std::int64_t sum(const Report& report, std::string_view column) {
  std::int64_t total = 0;
  for (std::size_t i = 0; i < report.columns.size(); ++i) {
    if (report.columns[i].name != column) continue;
    for (const auto& row : report.rows) {
      if (const auto* number = std::get_if<std::int64_t>(&row[i])) total += *number;
      if (const auto* money = std::get_if<Money>(&row[i])) total += money->minor_units();
    }
  }
  return total;
}

TEST_F(StandingReports, EveryReportAddsUpToWhatWasSold) {
  std::mt19937 chance(17);
  const std::vector<Customer> customers = {kAsha, kBela, kMaria};
  std::int64_t invoices = 0;
  std::int64_t with_customer = 0;
  std::map<std::string, std::int64_t> revenue;
  for (int i = 0; i < 300; ++i) {
    clock_.advance(hours(chance() % 30));
    const std::string currency = chance() % 4 == 0 ? "EUR" : "INR";
    const std::int64_t amount = chance() % 100'000;
    std::optional<Customer> customer;
    if (chance() % 3 > 0) customer = customers[chance() % customers.size()];
    if (chance() % 6 == 0) {
      give_up(amount, customer);
      continue;
    }
    sell(amount, customer, currency);
    ++invoices;
    with_customer += customer.has_value();
    revenue[currency] += amount;
  }
  for (const char* name : {"busiest-days", "customers-by-month", "top-customers"}) {
    const Report report = run({.name = name, .limit = 100'000});
    EXPECT_EQ(report.totals[0].value, Cell(invoices)) << name;
    EXPECT_EQ(report.totals[1].value, Cell(std::int64_t{3})) << name;
    EXPECT_EQ(report.totals[2].value, Cell(Money::minor(revenue["EUR"]))) << name;
    EXPECT_EQ(report.totals[3].value, Cell(Money::minor(revenue["INR"]))) << name;
    const bool only_known = report.name == "top-customers";
    EXPECT_EQ(sum(report, "invoices"), only_known ? with_customer : invoices) << name;
    if (only_known) continue;
    EXPECT_EQ(sum(report, "revenue_EUR"), revenue["EUR"]) << name;
    EXPECT_EQ(sum(report, "revenue_INR"), revenue["INR"]) << name;
  }
}

}  // namespace
}  // namespace tillsight::eda
