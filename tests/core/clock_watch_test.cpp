// Goal: a clock that becomes trusted, or is set, is noticed once, with what it showed before; a
// clock that merely drifts is not.
// Method: a clock that moves only when told to.
#include "tillsight/core/clock_watch.hpp"

#include <gtest/gtest.h>

#include "tillsight/core/fake_clock.hpp"

namespace tillsight {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

class Watch : public ::testing::Test {
 protected:
  ClockWatch watch(std::optional<ClockReading> before = std::nullopt) {
    return ClockWatch(clock_, before);
  }
  FakeClock clock_;
};

TEST_F(Watch, SaysNothingWhileBothClocksGoOn) {
  const ClockWatch still = watch();
  for (int hour = 0; hour < 1000; ++hour) {
    clock_.advance(hours(1));
    EXPECT_FALSE(still.look());
  }
}

TEST_F(Watch, NoticesAStepOnceAndEitherWay) {
  ClockWatch watching = watch();
  for (const auto jump :
       {milliseconds(2'001), milliseconds(-3'600'000), milliseconds(1) * 86'400'000}) {
    clock_.advance(seconds(10));
    const UtcTime unset = clock_.utc_now();
    clock_.jump_utc(jump);
    const auto step = watching.look();
    ASSERT_TRUE(step);
    EXPECT_EQ(step->expected, unset);
    EXPECT_EQ(step->now.utc, unset + jump);
    EXPECT_TRUE(watching.look()) << "until it is written down";
    watching.taken(*step);
    EXPECT_FALSE(watching.look());
  }
}

TEST_F(Watch, LetsSmallStepsPassUntilTheyAddUp) {
  const ClockWatch watching = watch();
  clock_.jump_utc(milliseconds(1'500));
  EXPECT_FALSE(watching.look());
  clock_.jump_utc(milliseconds(1'500));
  EXPECT_TRUE(watching.look());
}

TEST_F(Watch, NoticesThatTheClockBecameTrustedEvenWithoutAStep) {
  clock_.set_trusted(false);
  ClockWatch watching = watch();
  clock_.set_trusted(true);
  const auto step = watching.look();
  ASSERT_TRUE(step);
  EXPECT_EQ(step->expected, step->now.utc);
  watching.taken(*step);
  clock_.set_trusted(false);
  EXPECT_FALSE(watching.look()) << "to lose trust corrects nothing";
}

TEST_F(Watch, NoticesWhatHappenedBeforeTheProgramStarted) {
  clock_.set_trusted(false);
  const ClockReading before = read(clock_);
  clock_.advance(hours(2));
  clock_.jump_utc(hours(24));
  clock_.set_trusted(true);
  const auto step = watch(before).look();
  ASSERT_TRUE(step);
  EXPECT_EQ(step->expected, before.utc + hours(2));
  ClockReading other_boot = before;
  other_boot.boot_id = "another";
  EXPECT_FALSE(watch(other_boot).look());
}

}  // namespace
}  // namespace tillsight
