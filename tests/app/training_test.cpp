// Goal: head office trains once at each set time, once when it was off at that time, and at no
// other; what fails is written down and tried the next day; a stop ends what runs at once. Method:
// a clock that stands still until it is told; programs in the place of the training that succeed,
// fail, die and never end.
#include "tillsight/app/training.hpp"

#include <gmock/gmock.h>
#include <poll.h>

#include <algorithm>
#include <csignal>
#include <iterator>
#include <sstream>

#include "app/trainer.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::app {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::IsEmpty;

// The fake clock starts on a Monday at 09:00 UTC, which is 14:30 in Kolkata.
class Schedule : public testing::Test {
 protected:
  std::string next(const TrainingRecord& record) {
    const auto zone = TimeZone::find(schedule_.time_zone).value();
    const auto due = next_training(schedule_, zone, record, clock_.utc_now());
    return due ? to_iso8601(*due).substr(0, 16) : "never";
  }
  static TrainingRecord trained(UtcTime at, bool failed = false) {
    return {.since = at - std::chrono::days(30), .began = at, .ended = at, .failed = failed};
  }

  FakeClock clock_;
  RecommendSettings schedule_{.train_at = hours(3) + minutes(30)};
};

TEST_F(Schedule, WithoutATimeOfDayNothingIsEverDue) {
  schedule_.train_at.reset();
  EXPECT_EQ(next({.since = clock_.utc_now()}), "never");
}

TEST_F(Schedule, TheFirstIsAtTheFirstTimeOfDayInItsOwnZone) {
  EXPECT_EQ(next({.since = clock_.utc_now()}), "2026-01-05T22:00");
  schedule_.time_zone = "UTC";
  EXPECT_EQ(next({.since = clock_.utc_now()}), "2026-01-06T03:30");
}

TEST_F(Schedule, AHubThatWasOffIsDueOnceHoweverLong) {
  const UtcTime before = clock_.utc_now();
  clock_.advance(hours(24 * 10));
  EXPECT_EQ(next({.since = before}), "2026-01-05T22:00");
  EXPECT_EQ(next(trained(clock_.utc_now())), "2026-01-15T22:00");
}

TEST_F(Schedule, DaysAreCountedFromTheLastThatWentWell) {
  schedule_.every_days = 7;
  EXPECT_EQ(next(trained(clock_.utc_now())), "2026-01-11T22:00");
  EXPECT_EQ(next(trained(clock_.utc_now(), true)), "2026-01-05T22:00") << "failed: the next day";
  EXPECT_EQ(next({.since = clock_.utc_now()}), "2026-01-05T22:00") << "never trained: the next day";
}

TEST_F(Schedule, ATrainingAtItsVeryTimeIsNotDueAgain) {
  const UtcTime slot = clock_.utc_now() + hours(13);
  EXPECT_EQ(next(trained(slot)), "2026-01-05T22:00") << "a clock that was put back counts as now";
  clock_.advance(hours(13));
  EXPECT_EQ(next(trained(slot)), "2026-01-06T22:00");
}

TEST_F(Schedule, ANightWithoutThatHourIsNotLeftOut) {
  schedule_.time_zone = "Europe/Berlin";
  schedule_.train_at = hours(2) + minutes(30);
  clock_.jump_utc(std::chrono::days(83));  // 2026-03-29, when 02:00 becomes 03:00
  clock_.jump_utc(-hours(20));
  EXPECT_EQ(next({.since = clock_.utc_now()}), "2026-03-29T01:00");
}

class Training : public testing::Test {
 protected:
  Training() {
    std::filesystem::create_directory(hub());
    settings_.data = hub();
    settings_.recommend.train_at = hours(10);
    settings_.recommend.time_zone = "UTC";
  }

  std::filesystem::path hub() const { return dir_ / "hub"; }
  std::string file(const char* name) const {
    const auto text = read_file(dir_ / name);
    return text.ok() ? *text : "";
  }
  /// A program in the training's place, in a hub that was just started.
  Trainer& trains(const std::string& script) {
    trainer_.emplace(settings_, clock_,
                     std::vector<std::string>{"/bin/sh", "-c", script, dir_.path().string()});
    trainer_->turn();
    return *trainer_;
  }
  std::string counts(const std::string& end) const { return "echo once >> $0/times; " + end; }
  TrainingRecord record() const { return read_training(hub()).value(); }
  template <typename Until>
  bool turn_until(Until until) {
    for (int i = 0; i < 2'000; ++i) {
      trainer_->turn();
      if (until()) return true;
      ::poll(nullptr, 0, 5);
    }
    return false;
  }
  bool ends(int attempts) {
    return turn_until([&] {
      const auto times = file("times");
      return std::ranges::count(times, '\n') >= attempts && !record().running;
    });
  }

  TempDir dir_;
  FakeClock clock_;
  HubSettings settings_;
  std::optional<Trainer> trainer_;
};

TEST_F(Training, IsHeldOnceADayAtItsTime) {
  Trainer& trainer = trains(counts("echo verdict; echo version 7 is in use"));
  for (int i = 0; i < 20; ++i) trainer.turn();
  EXPECT_THAT(file("times"), IsEmpty()) << "an hour too early";
  clock_.advance(hours(1));
  ASSERT_TRUE(ends(1));
  EXPECT_FALSE(record().failed);
  EXPECT_EQ(record().said, "version 7 is in use");
  EXPECT_EQ(record().began, clock_.utc_now());
  clock_.advance(hours(23) + minutes(59));
  for (int i = 0; i < 20; ++i) trainer.turn();
  EXPECT_EQ(file("times"), "once\n");
  clock_.advance(minutes(1));
  ASSERT_TRUE(ends(2));
}

TEST_F(Training, AHubThatWasOffAtTheTimeTrainsOnceWhenItIsBack) {
  trains(counts("true"));
  trainer_.reset();
  clock_.advance(hours(80));
  clock_.reboot();
  Trainer& trainer = trains(counts("true"));
  ASSERT_TRUE(ends(1));
  trainer.turn();
  EXPECT_FALSE(record().running) << "another was begun for the same time";
}

TEST_F(Training, AFailureIsWrittenDownWithItsRemedyAndTriedTheNextDay) {
  settings_.recommend.every_days = 30;
  trains(counts("echo 'tillsight: too few days; import more history' >&2; exit 2"));
  clock_.advance(hours(1));
  ASSERT_TRUE(ends(1));
  EXPECT_TRUE(record().failed);
  EXPECT_EQ(record().said, "too few days; import more history");
  clock_.advance(hours(24));
  ASSERT_TRUE(ends(2));
}

TEST_F(Training, ACrashIsNotTheHubs) {
  trains(counts("kill -9 $$"));
  clock_.advance(hours(1));
  ASSERT_TRUE(ends(1));
  EXPECT_TRUE(record().failed);
  EXPECT_THAT(record().said, HasSubstr("signal 9"));
  EXPECT_THAT(record().said, HasSubstr("memory"));
}

TEST_F(Training, AProgramThatCannotBeStartedIsAFailure) {
  trainer_.emplace(settings_, clock_, std::vector<std::string>{"/nowhere/tillsight"});
  trainer_->turn();
  clock_.advance(hours(1));
  trainer_->turn();
  EXPECT_TRUE(record().failed);
  EXPECT_THAT(record().said, HasSubstr("/nowhere/tillsight"));
}

TEST_F(Training, AStopEndsWhatRunsAtOnceAndItIsDueAgain) {
  Trainer& trainer = trains("trap '' TERM; echo $$ > $0/pid; while :; do :; done");
  clock_.advance(hours(1));
  ASSERT_TRUE(turn_until([&] { return file("pid").ends_with('\n'); }));
  EXPECT_TRUE(record().running.has_value());
  const int pid = std::stoi(file("pid"));
  trainer.stop();
  EXPECT_NE(::kill(pid, 0), 0) << "it runs on";
  EXPECT_FALSE(record().running.has_value());
  EXPECT_FALSE(record().began.has_value());
  trains(counts("true"));
  ASSERT_TRUE(ends(1));
}

TEST_F(Training, WhatTakesForEverIsEnded) {
  trains("echo once >> $0/times; while :; do :; done");
  clock_.advance(hours(1));
  ASSERT_TRUE(turn_until([&] { return !file("times").empty(); }));
  clock_.advance(kTrainingMost);
  ASSERT_TRUE(ends(1));
  EXPECT_TRUE(record().failed);
  EXPECT_THAT(record().said, HasSubstr("hours"));
}

TEST_F(Training, GetsWhatNobodyElseWants) {
  trains(counts("cat /proc/$$/stat /proc/$$/oom_score_adj > $0/manners"));
  clock_.advance(hours(1));
  ASSERT_TRUE(ends(1));
  const std::string manners = file("manners");
  std::istringstream words(manners.substr(manners.rfind(')') + 2));
  std::vector<std::string> fields{std::istream_iterator<std::string>(words), {}};
  ASSERT_GT(fields.size(), 40u);
  EXPECT_EQ(fields[16], "19") << "nice";
  EXPECT_EQ(fields[38], "5") << "SCHED_IDLE";
  EXPECT_EQ(fields.back(), "1000") << "the first to go when memory runs out";
}

TEST_F(Training, ARecordThatIsDamagedIsSaidAndTheNextTimeStands) {
  ASSERT_TRUE(write_file_atomically(hub() / "training.json", "{").ok());
  EXPECT_EQ(read_training(hub()).error().code(), Code::kDataLoss);
  trains(counts("true"));
  EXPECT_EQ(record().since, clock_.utc_now());
  clock_.advance(hours(1));
  ASSERT_TRUE(ends(1));
}

}  // namespace
}  // namespace tillsight::app
