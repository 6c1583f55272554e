// Goal: what was accepted comes out once, in each producer's order; what did not fit was refused.
// Method: single-threaded laws, then several producers against one consumer.
#include "tillsight/queue/inbox.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <thread>
#include <vector>

namespace tillsight {
namespace {

using namespace std::chrono_literals;

TEST(Inbox, RefusesVisiblyWhenFullAndLeavesTheItem) {
  Inbox<std::unique_ptr<int>> inbox(2);
  EXPECT_TRUE(inbox.try_push(std::make_unique<int>(1)));
  EXPECT_TRUE(inbox.try_push(std::make_unique<int>(2)));
  auto third = std::make_unique<int>(3);
  EXPECT_FALSE(inbox.try_push(std::move(third)));
  EXPECT_EQ(*third, 3);
  EXPECT_EQ(inbox.refused(), 1);
  EXPECT_EQ(inbox.size(), inbox.capacity());
  EXPECT_EQ(**inbox.try_pop(), 1);
  EXPECT_TRUE(inbox.try_push(std::move(third)));
}

TEST(Inbox, WaitEndsAtItsDeadlineAndByAStop) {
  Inbox<int> inbox(1);
  EXPECT_EQ(inbox.wait_pop({}, 1ms), std::nullopt);
  std::stop_source stop;
  std::thread stopping([&] { stop.request_stop(); });
  EXPECT_EQ(inbox.wait_pop(stop.get_token(), 1min), std::nullopt);
  stopping.join();
}

TEST(Inbox, RingsTheBellForANewItem) {
  Doorbell bell;
  Inbox<int> inbox(1, &bell);
  std::thread pushing([&] { EXPECT_TRUE(inbox.try_push(7)); });
  EXPECT_TRUE(bell.wait({}, 1min, [&] { return inbox.size() > 0; }));
  pushing.join();
  EXPECT_EQ(inbox.try_pop(), 7);
}

TEST(Inbox, AcceptedItemsArriveOnceAndInTheirProducersOrder) {
  constexpr int kEach = 2'000;
  struct Item {
    std::size_t producer;
    int number;
  };
  Inbox<Item> inbox(16);
  std::vector<std::thread> producers;
  for (std::size_t producer = 0; producer < 3; ++producer) {
    producers.emplace_back([&inbox, producer] {
      for (int number = 0; number < kEach; ++number) {
        while (!inbox.try_push({producer, number})) std::this_thread::yield();
      }
    });
  }
  std::array<int, 3> expected{};
  for (int received = 0; received < 3 * kEach; ++received) {
    const std::optional<Item> item = inbox.wait_pop({}, 1min);
    ASSERT_TRUE(item.has_value());
    ASSERT_EQ(item->number, expected[item->producer]++);
  }
  for (std::thread& producer : producers) producer.join();
  EXPECT_EQ(inbox.size(), 0U);
}

}  // namespace
}  // namespace tillsight
