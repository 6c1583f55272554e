// Goal: a store's local time is right on both sides of a change of the clocks; texts round-trip.
// Method: instants whose local time is known; FakeClock's two clocks move apart only when told.
#include "tillsight/core/time_zone.hpp"

#include <gtest/gtest.h>

#include "tillsight/core/fake_clock.hpp"

namespace tillsight {
namespace {

using namespace std::chrono_literals;

UtcTime utc(int year, unsigned month, unsigned day, std::chrono::minutes time) {
  return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) /
                               std::chrono::day(day)) +
         time;
}

TEST(TimeZone, TurnsUtcIntoTheStoresDateTimeAndWeekday) {
  const LocalTime local = TimeZone::find("Asia/Kolkata")->to_local(utc(2026, 11, 22, 20h + 15min));
  EXPECT_EQ(to_string(local.date), "2026-11-23");
  EXPECT_EQ(time_of_day_text(local.time_of_day), "01:45:00");
  EXPECT_EQ(weekday_name(local.weekday), "Monday");
}

TEST(TimeZone, FollowsTheChangeOfTheClocks) {
  const TimeZone berlin = *TimeZone::find("Europe/Berlin");
  EXPECT_EQ(berlin.to_local(utc(2026, 3, 29, 0h + 59min)).time_of_day, 1h + 59min);
  EXPECT_EQ(berlin.to_local(utc(2026, 3, 29, 1h)).time_of_day, 3h);
}

TEST(TimeZone, UnknownNameIsAnswered) {
  EXPECT_EQ(TimeZone::find("Asia/Atlantis").error().code(), Code::kNotFound);
}

TEST(Date, ParsesOnlyRealDates) {
  EXPECT_EQ(to_string(*parse_date("2024-02-29")), "2024-02-29");
  for (const char* wrong :
       {"2023-02-29", "2024-2-29", "29/02/2024", "", "2024-02-29x", "abcd-ef-gh"})
    EXPECT_FALSE(parse_date(wrong).ok()) << wrong;
}

TEST(Iso8601, CarriesMillisecondsAndTheZ) {
  EXPECT_EQ(to_iso8601(utc(2026, 11, 23, 5h + 46min) + 7ms), "2026-11-23T05:46:00.007Z");
}

TEST(FakeClock, WallClockJumpsLeaveMonotonicTimeAlone) {
  FakeClock clock;
  const MonotonicTime before = clock.monotonic_now();
  const UtcTime wall = clock.utc_now();
  clock.jump_utc(-1h);
  EXPECT_EQ(clock.monotonic_now(), before);
  EXPECT_EQ(clock.utc_now(), wall - 1h);
  clock.advance(2s);
  EXPECT_EQ(clock.monotonic_now(), before + 2s);
}

}  // namespace
}  // namespace tillsight
