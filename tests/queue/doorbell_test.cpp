// Goal: a sleeper is woken by what comes in, by a stop and by its deadline, and misses nothing.
// Method: two threads that can only go on if every single ring arrives; a hang is the failure, and
// the minute that bounds each wait turns it into an assertion.
#include "tillsight/queue/doorbell.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <thread>

namespace tillsight {
namespace {

using namespace std::chrono_literals;

bool readable(const Doorbell& bell) {
  pollfd fd{bell.fd(), POLLIN, 0};
  return ::poll(&fd, 1, 0) == 1;
}

TEST(Doorbell, RingsOnlyWhenArmed) {
  Doorbell bell;
  bell.ring();
  EXPECT_FALSE(readable(bell));
  bell.arm();
  EXPECT_FALSE(readable(bell));
  bell.ring();
  EXPECT_TRUE(readable(bell));
  bell.arm();
  EXPECT_FALSE(readable(bell)) << "arming forgets the last ring";
}

TEST(Doorbell, WaitReturnsAtOnceWhenThereIsSomething) {
  Doorbell bell;
  EXPECT_TRUE(bell.wait({}, 0ms, [] { return true; }));
}

TEST(Doorbell, WaitEndsAtItsDeadlineAndByAStop) {
  Doorbell bell;
  EXPECT_FALSE(bell.wait({}, 1ms, [] { return false; }));
  std::stop_source stop;
  std::thread stopping([&] { stop.request_stop(); });
  EXPECT_FALSE(bell.wait(stop.get_token(), 1min, [] { return false; }));
  stopping.join();
  EXPECT_FALSE(bell.wait(stop.get_token(), 1min, [] { return false; }));
}

TEST(Doorbell, NeverMissesARing) {
  constexpr int kRounds = 5'000;
  Doorbell to_left, to_right;
  std::atomic<int> ball{0};  // even: left's turn
  std::thread right([&] {
    for (int round = 1; round < kRounds; round += 2) {
      ASSERT_TRUE(to_right.wait({}, 1min, [&] { return ball.load() == round; }));
      ball.store(round + 1);
      to_left.ring();
    }
  });
  for (int round = 0; round < kRounds; round += 2) {
    ASSERT_TRUE(to_left.wait({}, 1min, [&] { return ball.load() == round; }));
    ball.store(round + 1);
    to_right.ring();
  }
  right.join();
}

}  // namespace
}  // namespace tillsight
