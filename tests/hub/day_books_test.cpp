// Goal: head office has every day's books as the till sealed them, and finds a Z that is not what
// its own events add up to.
// Method: a till's day through a real ingest; a Z with one unit too many.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/hub/head_office.hpp"
#include "tests/support/books.hpp"
#include "tillsight/hub/audit.hpp"

namespace tillsight::hub {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DayBooks : public HeadOffice {
 protected:
  /// A day with one sale, one refund and cash, and what a truthful Z says of it.
  std::vector<Event> a_day() {
    std::vector<Event> events;
    events.push_back(till_.next_entry(testing::an_opening(10'000, clock_)));
    const Invoice sale = testing::a_sale({testing::a_line("rice", 5'000, 2)}, clock_);
    events.push_back(till_.next(sale));
    SoldInvoice sold{Sequence(2), *open_chain(events.back())->invoice_no, sale, {0}};
    events.push_back(till_.next(testing::a_refund(sold, 1, 1, clock_)));
    events.push_back(till_.next_entry(testing::a_movement(false, 700, clock_)));
    z_.number = 1;
    z_.closing = testing::a_closing(14'300, clock_);
    z_.sums.first = 1;
    for (const Event& event : events) {
      const auto opened =
          holds_invoice(event.type) ? std::optional(open(event).value()) : std::nullopt;
      EXPECT_TRUE(add_event(z_.sums, event, opened).ok());
    }
    ++z_.sums.last;
    return events;
  }
  std::vector<std::string> problems() {
    Audit audit;
    EXPECT_TRUE(audit_hub(folder(), clock_, audit, [](double) {}).ok());
    return audit.problems;
  }

  testing::EventChain till_;
  ZReport z_;
};

TEST_F(DayBooks, StandInTheirViews) {
  receive(a_day());
  receive({till_.next_entry(z_)});
  flush();
  EXPECT_EQ(number("SELECT sum(amount) FROM v_cash WHERE kind = 'float'"), 10'000);
  EXPECT_EQ(number("SELECT sum(amount) FROM v_cash WHERE kind = 'out'"), 700);
  EXPECT_EQ(text("SELECT reason FROM v_cash WHERE kind = 'out'"), "milk");
  EXPECT_EQ(number("SELECT gross FROM v_invoices WHERE kind = 'refund'"), 5'000);
  EXPECT_EQ(text("SELECT refund_of FROM v_invoices WHERE kind = 'refund'"),
            text("SELECT invoice_no FROM v_invoices WHERE kind = 'sale'"));
  EXPECT_EQ(number("SELECT of_line FROM v_lines WHERE kind = 'refund'"), 1);
  EXPECT_EQ(number("SELECT number FROM v_z"), 1);
  EXPECT_EQ(number("SELECT last FROM v_z"), 5);
  EXPECT_EQ(number("SELECT sold_gross - refunded_gross FROM v_z"), 5'000);
  EXPECT_EQ(number("SELECT counted_cash - expected_cash FROM v_z"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM cash"), 2);
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(DayBooks, AZOfOneUnitTooManyIsFound) {
  receive(a_day());
  ++z_.sums.cash_in;
  receive({till_.next_entry(z_)});
  flush();
  ASSERT_EQ(problems().size(), 1u);
  EXPECT_THAT(problems().front(), HasSubstr("/5: is Z 1 and says"));
  EXPECT_THAT(problems().front(), HasSubstr("cash expected 14301; but"));
}

TEST_F(DayBooks, AZWhoseEventsAreNotAllHereProvesNothing) {
  std::vector<Event> events = a_day();
  const Event z = till_.next_entry(z_);
  events.erase(events.begin() + 3);
  receive(events);
  receive({z});
  flush();
  for (const std::string& problem : problems())
    EXPECT_THAT(problem, ::testing::Not(HasSubstr("Z")));
}

}  // namespace
}  // namespace tillsight::hub
