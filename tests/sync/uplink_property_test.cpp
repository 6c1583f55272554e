// Goal: whatever happens on the way, every sale reaches the hub and the journal knows it, the
// window is never exceeded, and the till's memory stays bounded. Method: random worlds. For ten
// minutes of their time sales go on while the broker loses, repeats, reorders, dies and forgets,
// connections break, the hub dies and comes back from old backups, and the journal is slow. Then
// the faults end, and within ten minutes all must be well. Every step of every world checks the
// window (World::till_turn).
#include <gtest/gtest.h>

#include "tests/sync/world.hpp"

namespace tillsight::sync {
namespace {

class RandomWorld : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  bool happens(double probability) { return chance_.next_unit() < probability; }

  void misfortune() {
    if (happens(0.002)) {
      world_.broker.kill();
      broker_up_ = false;
    }
    if (!broker_up_ && happens(0.03)) {
      world_.broker.start();
      broker_up_ = true;
    }
    if (happens(0.002)) world_.broker.cut(world_.client);
    if (happens(0.002)) world_.broker.cut(world_.hub_client);
    if (happens(0.001)) world_.kill_hub();
    if (happens(0.01)) world_.hub.running = true;
    if (happens(0.0005)) world_.restore_hub(world_.outbox.committed() / 2);
    if (happens(0.01)) world_.hub.window = 1 + static_cast<int>(chance_.next_u64() % 50);
    if (happens(0.01)) world_.hub.mute = !world_.hub.mute;
  }

  void live_through_faults() {
    world_.broker.set_faults({.lose = 0.4 * chance_.next_unit(),
                              .duplicate = 0.4 * chance_.next_unit(),
                              .reorder = 0.4 * chance_.next_unit()});
    world_.sell_unheard(static_cast<int>(chance_.next_u64() % 300));
    for (int step = 0; step < 6'000; ++step) {
      misfortune();
      if (happens(0.02)) world_.sell();
      if (happens(0.002)) world_.sell_unheard(5);
      world_.clock.advance(World::kStep);
      world_.till_turn();
      world_.hub.turn();
      if (happens(0.3)) world_.outbox.settle();
    }
  }

  void end_faults() {
    world_.broker.set_faults({});
    world_.broker.start();
    world_.hub.mute = false;
    world_.hub.running = true;
  }

  SeededRandom chance_{GetParam()};
  World world_{GetParam() + 1'000'000};
  bool broker_up_ = true;
};

TEST_P(RandomWorld, DeliversEverySaleAndRespectsTheWindow) {
  live_through_faults();
  end_faults();
  const bool well = world_.passes_until(minutes{10}, [&] {
    return world_.all_delivered() && world_.hub.have.contiguous_to() == world_.outbox.committed() &&
           world_.uplink.in_flight() == 0;
  });
  EXPECT_TRUE(well) << "of " << world_.outbox.committed() << " events the hub has "
                    << world_.hub.have.count() << ", the journal knows of "
                    << world_.outbox.delivered.count() << ", in flight "
                    << world_.uplink.in_flight();
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomWorld, ::testing::Range<std::uint64_t>(1, 101));

}  // namespace
}  // namespace tillsight::sync
