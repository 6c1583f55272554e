// Goal: a till repeats what was lost soon, and what is only slow not at all.
// Method: a window, a clock in the test's hand, and acknowledgements that take as long as it says.
#include "tillsight/sync/window.hpp"

#include <gtest/gtest.h>

#include "tillsight/core/fake_clock.hpp"

namespace tillsight::sync {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class WindowTest : public ::testing::Test {
 protected:
  void send_one() {
    last_ = Sequence(last_.value() + 1);
    window_.sent({window_.add({last_, "{}", 0})}, clock_.monotonic_now());
  }
  void acknowledge_all() {
    SequenceRanges all;
    all.insert({1, last_.value()});
    window_.acknowledge(all, clock_.monotonic_now());
  }
  /// So many events, each acknowledged so long after it left.
  void acknowledged_after(milliseconds round_trip, int events) {
    for (int i = 0; i < events; ++i) {
      send_one();
      clock_.advance(round_trip);
      acknowledge_all();
    }
  }
  /// How long the next event is waited for before it is sent again.
  milliseconds patience() {
    send_one();
    const MonotonicTime sent = clock_.monotonic_now();
    const auto wait = std::chrono::floor<milliseconds>(window_.next_due() - sent);
    acknowledge_all();
    return wait;
  }

  FakeClock clock_;
  SeededRandom random_{1};
  Window window_{random_};
  Sequence last_;
};

TEST_F(WindowTest, FastLineIsWaitedForTwoSecondsAQuarterMoreOrLess) {
  acknowledged_after(milliseconds(30), 10);
  const milliseconds wait = patience();
  EXPECT_GE(wait, milliseconds(1'500));
  EXPECT_LE(wait, milliseconds(2'500));
}

TEST_F(WindowTest, SlowLineIsWaitedForTwiceAsLongAsItTakes) {
  acknowledged_after(seconds(8), 10);
  EXPECT_GE(patience(), milliseconds(12'000 - 1));
}

TEST_F(WindowTest, LineThatIsSlowerThanTheFirstWaitIsNoticedByTheFirstAcknowledgement) {
  send_one();
  clock_.advance(seconds(3));
  window_.sent(window_.due(clock_.monotonic_now()), clock_.monotonic_now());
  clock_.advance(seconds(3));
  acknowledge_all();
  EXPECT_GE(patience(), milliseconds(9'000 - 1));
}

TEST_F(WindowTest, OneSilenceIsSoonForgotten) {
  acknowledged_after(milliseconds(30), 10);
  acknowledged_after(seconds(40), 1);
  acknowledged_after(milliseconds(30), 10);
  EXPECT_LE(patience(), milliseconds(2'500));
}

TEST_F(WindowTest, NoLineMakesItWaitForEver) {
  acknowledged_after(std::chrono::minutes(10), 20);
  EXPECT_LE(patience(), ResendWait::kSlowLineMax * 5 / 4);
}

}  // namespace
}  // namespace tillsight::sync
