// Goal: the newest value wins, what it replaced is counted, and a taker can wait for it.
// Method: single-threaded laws, then a producer that is faster than its consumer.
#include "tillsight/queue/latest_slot.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace tillsight {
namespace {

using namespace std::chrono_literals;

TEST(LatestSlot, NewestWinsAndDropsAreCounted) {
  LatestSlot<std::unique_ptr<int>> slot;
  EXPECT_EQ(slot.take(), std::nullopt);
  slot.put(std::make_unique<int>(1));
  slot.put(std::make_unique<int>(2));
  EXPECT_EQ(**slot.take(), 2);
  EXPECT_TRUE(slot.empty());
  EXPECT_EQ(slot.dropped(), 1);
}

TEST(LatestSlot, WaitEndsAtItsDeadlineAndByAStop) {
  LatestSlot<int> slot;
  EXPECT_EQ(slot.wait({}, 1ms), std::nullopt);
  std::stop_source stop;
  std::thread stopping([&] { stop.request_stop(); });
  EXPECT_EQ(slot.wait(stop.get_token(), 1min), std::nullopt);
  stopping.join();
}

TEST(LatestSlot, RingsTheBellForANewValue) {
  Doorbell bell;
  LatestSlot<int> slot(&bell);
  std::thread putting([&] { slot.put(7); });
  EXPECT_TRUE(bell.wait({}, 1min, [&] { return !slot.empty(); }));
  putting.join();
  EXPECT_EQ(slot.take(), 7);
}

TEST(LatestSlot, EveryValueIsTakenInOrderOrCounted) {
  constexpr int kLast = 10'000;
  LatestSlot<int> slot;
  std::thread putting([&] {
    for (int value = 1; value <= kLast; ++value) slot.put(value);
  });
  int taken = 0;
  int latest = 0;
  while (latest < kLast) {
    const std::optional<int> value = slot.wait({}, 1min);
    ASSERT_TRUE(value.has_value());
    ASSERT_GT(*value, latest);
    latest = *value;
    ++taken;
  }
  putting.join();
  EXPECT_EQ(taken + slot.dropped(), kLast);
}

}  // namespace
}  // namespace tillsight
