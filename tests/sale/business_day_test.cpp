// Goal: a day is opened by its first sale and ends with a night; neither midnight nor a clock that
// jumps splits it, and every sale goes through whatever the clock says.
// Method: a counter that sells bananas under a clock that is moved. UTC 09:00 is 14:30 in India.
#include <gtest/gtest.h>

#include <memory>

#include "tests/basket/counter_top.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/sale/counter.hpp"

namespace tillsight {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class OpenDay : public ::testing::Test {
 protected:
  OpenDay() { start(); }

  void start() {
    counter_ = std::make_unique<Counter>(catalogue_, CounterSettings{*Currency::parse("INR")},
                                         clock_, zone_);
  }
  /// \return the business date that the sale was given.
  std::string sell() {
    EXPECT_TRUE(counter_->act(action::Add{"banana", 1, Entry::kKeypad}).ok());
    EXPECT_TRUE(counter_->act(action::Pay{}).ok());
    const Invoice invoice = *counter_->pending_invoice();
    saved_ = counter_->state_after_commit();
    const Chain chain{
        {StoreId("S1"), TillId("T1"), Incarnation(std::string(32, 'a')), Sequence(++sales_)},
        InvoiceNumber{TillId("T1"), 1, sales_},
        {}};
    counter_->committed(seal(invoice, chain, random_));
    EXPECT_TRUE(counter_->act(action::Next{}).ok());
    return to_string(invoice.business_date);
  }
  /// The till ends right after the last sale and starts again.
  void restart() {
    start();
    ASSERT_TRUE(counter_->restore(saved_).ok());
  }

  FakeClock clock_;
  const Catalogue catalogue_ = testing::fruit_shop();
  const TimeZone zone_ = *TimeZone::find("Asia/Kolkata");
  SeededRandom random_{1};
  std::int64_t sales_ = 0;
  std::string saved_;
  std::unique_ptr<Counter> counter_;
};

TEST_F(OpenDay, StaysOpenOverMidnightAndEndsWithTheNight) {
  EXPECT_EQ(sell(), "2026-01-05");
  for (int i = 0; i < 13; ++i) {
    clock_.advance(hours(1));
    EXPECT_EQ(sell(), "2026-01-05")
        << "sale " << i << ", local date " << to_iso8601(clock_.utc_now());
  }
  clock_.advance(hours(5));
  EXPECT_EQ(sell(), "2026-01-06");
}

TEST_F(OpenDay, DoesNotJumpWithTheClock) {
  EXPECT_EQ(sell(), "2026-01-05");
  for (const hours jump :
       {hours(24), hours(10 * 8766), hours(-490'000), hours(402'340), hours(-1)}) {
    clock_.advance(minutes(3));
    clock_.jump_utc(jump);
    EXPECT_EQ(sell(), "2026-01-05");
    restart();
  }
}

TEST_F(OpenDay, IsNotReopenedByABoxThatWakesUpInThePast) {
  EXPECT_EQ(sell(), "2026-01-05");
  clock_.reboot();
  clock_.set_trusted(false);
  clock_.jump_utc(-hours(490'000));
  restart();
  EXPECT_EQ(sell(), "2026-01-05");
  clock_.jump_utc(hours(490'024));
  clock_.set_trusted(true);
  EXPECT_EQ(sell(), "2026-01-05") << "in the middle of a day";
  clock_.advance(hours(10));
  EXPECT_EQ(sell(), "2026-01-07");
}

TEST_F(OpenDay, OfAWrongClockIsLeftAfterANightOnceTheClockIsRight) {
  clock_.set_trusted(false);
  clock_.jump_utc(hours(10 * 8766));
  EXPECT_EQ(sell().substr(0, 4), "2036");
  clock_.jump_utc(-hours(10 * 8766));
  clock_.set_trusted(true);
  EXPECT_EQ(sell().substr(0, 4), "2036") << "the day that was opened";
  clock_.advance(hours(12));
  EXPECT_EQ(sell(), "2026-01-06");
}

TEST_F(OpenDay, IsTheSameAfterARestart) {
  EXPECT_EQ(sell(), "2026-01-05");
  clock_.advance(hours(3));
  restart();
  clock_.advance(minutes(50));
  clock_.jump_utc(hours(48));
  EXPECT_EQ(sell(), "2026-01-05");
}

}  // namespace
}  // namespace tillsight
