// Goal: the reports about baskets, customers and tills say what a person works out by hand.
// Method: a few sales whose answers fit on paper; for pairs a count of the plainest kind beside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "src/eda/scores.hpp"
#include "tests/hub/random_trade.hpp"
#include "tests/support/books.hpp"
#include "tillsight/domain/day.hpp"
#include "tillsight/eda/reports.hpp"

namespace tillsight::eda {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Worked : public hub::RandomTrade {
 protected:
  void sell(std::vector<InvoiceLine> lines, std::optional<Customer> to = {}) {
    receive({till_.next(testing::a_sale(std::move(lines), clock_, std::move(to)))});
  }
  void days_pass(int days) { clock_.advance(std::chrono::hours(24 * days)); }
  Report run(const ReportRequest& request) {
    flush();
    EXPECT_EQ(ingest_->counters().quarantined, 0);
    return Reports(folder()).run(request).value();
  }
  std::string csv(const ReportRequest& request) { return to_csv(run(request)); }

  testing::EventChain till_;
};

TEST_F(Worked, SalesByWeekStandBesideTheWeekBefore) {
  sell({testing::a_line("tea", 1000)});  // Monday 2026-01-05, ISO week 2
  days_pass(7);
  sell({testing::a_line("tea", 1000)});
  sell({testing::a_line("tea", 500, 1)});
  days_pass(14);  // nothing in week 4
  sell({testing::a_line("tea", 100)});
  EXPECT_EQ(csv({.name = "sales-by-week"}),
            "week,invoices,refunds,customers,pieces,revenue_INR,before_INR,change_INR\n"
            "2026-W02,1,0,0,1,10.00,,\n"
            "2026-W03,2,0,0,2,15.00,10.00,50.0\n"
            "2026-W05,1,0,0,1,1.00,,\n");
  const auto from = std::chrono::year_month_day(std::chrono::year(2026) / 1 / 12);
  EXPECT_THAT(csv({.name = "sales-by-week", .from = from}),
              HasSubstr("2026-W03,2,0,0,2,15.00,10.00,50.0\n"))
      << "what lies before the range is compared with all the same";
}

TEST_F(Worked, PairsAreThoseOfThePlainestCount) {
  // Of 20 invoices 10 have tea, 8 of them milk too, 4 have milk alone.
  for (int i = 0; i < 20; ++i) {
    std::vector<InvoiceLine> lines;
    if (i < 10) lines.push_back(testing::a_line("tea", 100));
    if (i < 8 || (i >= 10 && i < 14)) lines.push_back(testing::a_line("milk", 100));
    if (i < 8) lines.push_back(testing::a_line("tea", 100));  // again: counts once
    if (lines.empty()) lines.push_back(testing::a_line("bread", 100));
    sell(std::move(lines));
  }
  EXPECT_EQ(csv({.name = "bought-together"}),
            "first,second,invoices,support,if_first,if_second,lift\n"
            "milk,tea,8,40.0,66.7,80.0,1.33\n");
}

TEST_F(Worked, RandomPairsAreThoseOfThePlainestCount) {
  trade(400);
  std::map<std::pair<std::string, std::string>, std::int64_t> plain;
  auto db = hub::open_for_reading(folder(), hub::Persons::kHidden).value();
  auto rows = db.prepare(
                    "SELECT a.sku, b.sku, count(DISTINCT a.cursor) FROM v_lines AS a JOIN "
                    "v_lines AS b ON a.cursor = b.cursor AND a.sku < b.sku WHERE a.kind = "
                    "'sale' GROUP BY 1, 2 HAVING count(DISTINCT a.cursor) >= 5")
                  .value();
  while (rows.step().value()) {
    plain[{std::string(rows.text(0)), std::string(rows.text(1))}] = rows.integer(2);
  }
  const Report report = run({.name = "bought-together", .limit = 1000});
  EXPECT_EQ(report.rows.size(), plain.size());
  std::multiset<std::int64_t> expected, found;
  for (const auto& [pair, invoices] : plain) expected.insert(invoices);
  for (const auto& row : report.rows) found.insert(std::get<std::int64_t>(row[2]));
  EXPECT_EQ(found, expected);
}

TEST_F(Worked, RetentionSaysWhoCameBack) {
  const Customer a{"A", "A", "+36201111111"}, b{"B", "B", "+36202222222"};
  sell({testing::a_line("tea", 100)}, a);
  sell({testing::a_line("tea", 100)}, b);
  days_pass(31);  // February
  sell({testing::a_line("tea", 100)}, a);
  sell({testing::a_line("tea", 100)});
  days_pass(28);  // March
  sell({testing::a_line("tea", 100)}, testing::asha());
  EXPECT_THAT(csv({.name = "retention"}), HasSubstr("2026-01,2,50.0,0.0,,"));
  EXPECT_THAT(csv({.name = "retention"}), HasSubstr("2026-03,1,,,"));
  EXPECT_EQ(csv({.name = "new-and-returning"}),
            "month,new_customers,returning_customers,new_sales,returning_sales,unknown_sales,"
            "new_INR,returning_INR,unknown_INR\n"
            "2026-01,2,0,2,0,0,2.00,0.00,0.00\n"
            "2026-02,0,1,0,1,1,0.00,1.00,1.00\n"
            "2026-03,1,0,1,0,0,1.00,0.00,0.00\n");
}

TEST_F(Worked, SegmentsPartTheCustomers) {
  EXPECT_EQ(segment_of(5, 5), "champions");
  EXPECT_EQ(segment_of(1, 1), "lost");
  EXPECT_EQ(segment_of(5, 1), "new customers");
  EXPECT_EQ(segment_of(1, 5), "cannot lose them");
  trade(300);
  const Report report = run({.name = "customer-segments"});
  std::int64_t customers = 0;
  std::set<std::string> currencies;
  for (const auto& row : report.rows) customers += std::get<std::int64_t>(row[1]);
  EXPECT_EQ(customers, number("SELECT sum(customers) FROM (SELECT count(DISTINCT customer) AS "
                              "customers FROM v_invoices WHERE kind = 'sale' GROUP BY currency)"));
}

TEST_F(Worked, BasketsFallIntoSteps) {
  sell({testing::a_line("tea", 100)});                                    // 1 piece, 1.00
  sell({testing::a_line("tea", 199)});                                    // 1 piece, 1.99
  sell({testing::a_line("tea", 500, 4), testing::a_line("milk", 1, 3)});  // 7 pieces, 20.03
  EXPECT_EQ(csv({.name = "basket-sizes"}),
            "pieces,invoices,share,revenue_INR\n1,2,66.7,2.99\n6 to 10,1,33.3,20.03\n");
  EXPECT_EQ(csv({.name = "basket-values"}),
            "invoices,share,from_INR,to_INR,revenue_INR\n"
            "2,66.7,1.00,2.00,2.99\n1,33.3,20.00,50.00,20.03\n");
}

TEST_F(Worked, SlowItemsBeginWithWhatNobodyBought) {
  sell({testing::a_line("tea", 100, 3), testing::a_line("milk", 100)});
  days_pass(40);
  sell({testing::a_line("tea", 100)});
  const auto from = std::chrono::year_month_day(std::chrono::year(2026) / 2 / 1);
  EXPECT_EQ(csv({.name = "slow-items", .from = from}),
            "sku,item,aisle,lines,pieces,revenue_INR\n"
            "milk,milk,Grocery,0,0,\ntea,tea,Grocery,1,1,1.00\n");
}

TEST(RobustScores, StandOutOfTheUsual) {
  const std::vector<double> values = {10, 11, 9, 10, 12, 8, 10, 50};
  const std::vector<double> scores = robust_scores(values);
  EXPECT_THAT(scores[0], DoubleNear(0, 1e-9));
  EXPECT_THAT(scores[7], DoubleNear(0.6745 * 40 / 1, 1e-9)) << "the median distance is 1";
  EXPECT_THAT(robust_scores(std::vector<double>{7, 7, 7}), ElementsAre(0, 0, 0));
  EXPECT_GT(robust_scores(std::vector<double>{7, 7, 7, 7, 7, 7, 7, 20}).back(), 3.5)
      << "where most are alike the mean distance tells";
}

TEST_F(Worked, AnomaliesNameTheDayThatIsNoneOfItsKind) {
  for (int week = 0; week < 12; ++week) {
    for (int i = 0; i < (week == 6 ? 40 : 10 + week % 3); ++i) sell({testing::a_line("tea", 100)});
    days_pass(7);
  }
  sell({testing::a_line("tea", 100)});  // the newest day may not be over
  const Report report = run({.name = "anomalies"});
  ASSERT_EQ(report.rows.size(), 1u);
  EXPECT_EQ(report.rows[0][0], Cell("2026-02-16"));
  EXPECT_EQ(report.rows[0][1], Cell("Monday"));
  EXPECT_EQ(report.rows[0][4], Cell(Money::minor(4000)));
}

TEST_F(Worked, TillsSayHowOftenTheirClerksHadToCorrect) {
  InvoiceLine corrected = testing::a_line("tea", 100);
  corrected.seen = "coffee";
  InvoiceLine typed = testing::a_line("milk", 100);
  typed.entry = Entry::kKeypad;
  sell({testing::a_line("tea", 100)});             // the camera's alone
  sell({corrected, testing::a_line("tea", 100)});  // corrected
  sell({typed});                                   // no camera
  const std::string text = csv({.name = "tills"});
  EXPECT_THAT(text,
              HasSubstr("store,till,invoices,refunds,voids,lines,no_touch,corrected,removed"));
  EXPECT_THAT(text, HasSubstr("S01,T01,3,0,0,4,50.0,25.0,0,4.00"));
}

TEST_F(Worked, AZStandsBesideTheSameEventsAtHeadOffice) {
  std::vector<Event> day = {till_.next_entry(testing::an_opening(10'000, clock_))};
  const Invoice sale = testing::a_sale({testing::a_line("rice", 5'000, 2)}, clock_);
  day.push_back(till_.next(sale));
  SoldInvoice sold{Sequence(2), *open_chain(day.back())->invoice_no, sale, {0}};
  day.push_back(till_.next(testing::a_refund(sold, 1, 1, clock_)));
  ZReport z;
  z.number = 1;
  z.closing = testing::a_closing(14'900, clock_);
  z.sums.first = 1;
  for (const Event& event : day) {
    const auto opened =
        holds_invoice(event.type) ? std::optional(open(event).value()) : std::nullopt;
    ASSERT_TRUE(add_event(z.sums, event, opened).ok());
  }
  ++z.sums.last;
  const Event closing = till_.next_entry(z);
  receive({day[0], day[2], closing});
  EXPECT_THAT(csv({.name = "z-reports"}), HasSubstr("S01,T01,1,Meera,1,1,0,NO,50.00,-50.00,"))
      << "the sale is on its way";
  receive({day[1]});
  EXPECT_EQ(csv({.name = "z-reports"}),
            "date,store,till,z,cashier,invoices,refunds,voids,agrees,revenue_INR,here_INR,"
            "expected_cash_INR,counted_cash_INR,cash_difference_INR\n"
            "2026-01-05,S01,T01,1,Meera,1,1,0,yes,50.00,50.00,150.00,149.00,-1.00\n");
}

}  // namespace
}  // namespace tillsight::eda
