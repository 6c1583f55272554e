// Goal: head office knows when a sale really happened although its till did not, whichever order
// the events come in, and rewrites nothing.
// Method: a till's chain of sales and clock corrections under a clock that is moved.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/hub/head_office.hpp"
#include "tillsight/domain/clock_correction.hpp"

namespace tillsight::hub {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class EffectiveTime : public HeadOffice {
 protected:
  EffectiveTime() {
    // A box without a battery: it starts in 1970 and does not know better.
    box_.jump_utc(-box_.utc_now().time_since_epoch());
    box_.set_trusted(false);
    watch_.emplace(box_, std::nullopt);
  }

  void sell() {
    events_.push_back(till_.next(testing::a_sale({testing::a_line("apple", 200)}, box_)));
  }
  void correct() {
    if (const auto step = watch_->look()) {
      events_.push_back(till_.next(ClockCorrection{step->expected, step->now}));
      watch_->taken(*step);
    }
  }
  /// What stands at head office for the n-th event of the till.
  std::string effective(int sequence) {
    return text(
        "SELECT effective_utc FROM v_invoices JOIN event ON event.id = cursor "
        "WHERE sequence = " +
        std::to_string(sequence));
  }
  void store() {
    receive(events_);
    flush();
  }

  FakeClock box_;
  testing::EventChain till_;
  std::optional<ClockWatch> watch_;
  std::vector<Event> events_;
};

TEST_F(EffectiveTime, OfSalesBeforeTheCorrectionIsReckonedBack) {
  box_.advance(minutes(1));
  sell();  // 1
  box_.advance(minutes(1));
  sell();  // 2
  box_.advance(minutes(8));
  box_.jump_utc(hours(500'000));
  box_.set_trusted(true);
  correct();  // 3
  box_.advance(minutes(5));
  sell();  // 4
  store();
  const UtcTime real = box_.utc_now() - minutes(15);
  EXPECT_EQ(effective(1), to_iso8601(real + minutes(1)));
  EXPECT_EQ(effective(2), to_iso8601(real + minutes(2)));
  EXPECT_EQ(effective(4), to_iso8601(box_.utc_now()));
  EXPECT_EQ(text("SELECT utc FROM v_invoices WHERE cursor = 1"), "1970-01-01T00:01:00.000Z");
  EXPECT_EQ(number("SELECT verified_to FROM v_journals"), 4);
}

TEST_F(EffectiveTime, DoesNotDependOnTheOrderOfArrival) {
  sell();
  box_.advance(seconds(90));
  box_.jump_utc(hours(1));
  box_.set_trusted(true);
  correct();
  std::ranges::reverse(events_);
  store();
  EXPECT_EQ(effective(1), to_iso8601(box_.utc_now() - seconds(90)));
}

TEST_F(EffectiveTime, IsTheSealedOneUntilSomebodyKnowsBetter) {
  sell();
  box_.jump_utc(hours(1));
  correct();  // set by hand: another time, not a better one
  sell();
  store();
  ASSERT_EQ(events_.size(), 3U);
  EXPECT_EQ(effective(1), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(effective(3), "1970-01-01T01:00:00.000Z");
}

TEST_F(EffectiveTime, CorrectionsAreListedWithBothTimes) {
  sell();
  box_.jump_utc(hours(24));
  box_.set_trusted(true);
  correct();
  store();
  EXPECT_EQ(text("SELECT utc_before || ' ' || utc_after FROM v_clock_corrections WHERE trusted"),
            "1970-01-01T00:00:00.000Z 1970-01-02T00:00:00.000Z");
  EXPECT_EQ(number("SELECT sequence FROM v_clock_corrections"), 2);
}

}  // namespace
}  // namespace tillsight::hub
