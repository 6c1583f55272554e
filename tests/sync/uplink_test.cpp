// Goal: every rule of the uplink, one test each; uplink_property_test.cpp mixes the faults.
// Method: a world with one clock, a fake broker and a fake hub that stores and acknowledges. A step
// is 100 ms of its time.
#include "tillsight/sync/uplink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mqtt/recorder.hpp"
#include "tests/sync/world.hpp"
#include "tillsight/domain/event.hpp"

namespace tillsight::sync {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class UplinkTest : public ::testing::Test {
 protected:
  void connect() {
    ASSERT_TRUE(world_.passes_until(seconds{5}, [&] { return world_.uplink.hub_is_there(); }));
  }
  TillStatus published_status() {
    return parse_till_status(world_.broker.retained(kStatusTopic)).value();
  }

  World world_{1};
  FakeHub& hub_ = world_.hub;
  FakeOutbox& outbox_ = world_.outbox;
  Uplink& uplink_ = world_.uplink;
};

TEST_F(UplinkTest, ASaleIsWithTheHubInTheNextStep) {
  connect();
  world_.sell();
  world_.step();
  EXPECT_THAT(hub_.payloads, ElementsAre(ElementsAre(1)));
  world_.step();
  EXPECT_TRUE(world_.all_delivered());
  EXPECT_EQ(uplink_.in_flight(), 0);
}

TEST_F(UplinkTest, ALiveSaleOvertakesTheBacklog) {
  world_.sell_unheard(500);
  connect();
  world_.till_turn();
  world_.sell();
  const std::size_t before = hub_.payloads.size();
  hub_.turn();
  ASSERT_GT(hub_.payloads.size(), before);
  EXPECT_THAT(hub_.payloads.back(), ElementsAre(501));
  EXPECT_FALSE(hub_.have.contains(Sequence(400)));
  EXPECT_TRUE(world_.passes_until(minutes{1}, [&] { return world_.all_delivered(); }));
}

TEST_F(UplinkTest, ABacklogThatIsNotAcknowledgedLeavesALiveSaleRoom) {
  hub_.mute = true;
  world_.sell_unheard(500);
  connect();
  world_.pass(seconds{1});
  const std::size_t before = hub_.payloads.size();
  world_.sell();
  world_.step();
  ASSERT_GT(hub_.payloads.size(), before);
  EXPECT_THAT(hub_.payloads[before], ElementsAre(501));
}

TEST_F(UplinkTest, ABacklogTravelsInBatchesAndOnlyOnce) {
  world_.sell_unheard(1000);
  ASSERT_TRUE(world_.passes_until(minutes{1}, [&] { return world_.all_delivered(); }));
  EXPECT_EQ(hub_.have.count(), 1000);
  EXPECT_EQ(hub_.duplicates, 0);
  EXPECT_LE(hub_.payloads.size(), 60U);
}

TEST_F(UplinkTest, ABatchNeverExceedsThePayloadLimit) {
  world_.sell_unheard(40, limits::kPayloadBytes / 3);
  world_.sell_unheard(2, limits::kPayloadBytes - event_text(41).size());
  ASSERT_TRUE(world_.passes_until(minutes{1}, [&] { return world_.all_delivered(); }));
  EXPECT_EQ(hub_.duplicates, 0);
  EXPECT_THAT(hub_.payloads, Contains(SizeIs(2)));
}

TEST_F(UplinkTest, ALiveSaleThatFindsNoRoomIsTheFirstToLeave) {
  world_.sell_unheard(500);
  connect();
  world_.pass(seconds{1});
  hub_.window = 5;
  world_.sell_unheard(500);
  world_.sell();
  world_.pass(Uplink::kBacklogCheck);
  ASSERT_EQ(uplink_.window(), 5);
  hub_.mute = true;
  for (int i = 0; i < 12; ++i) world_.sell();
  const std::int64_t last = outbox_.committed();
  hub_.mute = false;
  world_.hub.send_ack();
  world_.pass(seconds{3});
  EXPECT_TRUE(hub_.have.contains(Sequence(last)));
  EXPECT_FALSE(hub_.have.contains(Sequence(900)));
  EXPECT_TRUE(world_.passes_until(minutes{2}, [&] { return world_.all_delivered(); }));
}

TEST_F(UplinkTest, WhatDoesNotLeaveAsItWasSoldSaysSoInItsNotes) {
  world_.sell_unheard(1);
  connect();
  world_.pass(seconds{1});
  EXPECT_THAT(hub_.replays, ElementsAre(std::pair(1, 1)));
  world_.sell();
  world_.pass(seconds{1});
  EXPECT_THAT(hub_.replays, ElementsAre(std::pair(1, 1), std::pair(2, 0)));
  hub_.mute = true;
  world_.sell();
  world_.pass(seconds{7});
  EXPECT_THAT(hub_.replays, ElementsAre(std::pair(1, 1), std::pair(2, 0), std::pair(3, 0),
                                        std::pair(3, 1), std::pair(3, 2)));
}

TEST_F(UplinkTest, ABacklogIsPaced) {
  world_.sell_unheard(20'000);
  connect();
  const MonotonicTime begin = world_.clock.monotonic_now();
  while (!world_.all_delivered()) {
    world_.clock.advance(milliseconds{1});
    world_.till_turn();
    hub_.turn();
    outbox_.settle();
  }
  const auto took = world_.clock.monotonic_now() - begin;
  EXPECT_GE(took, milliseconds{20'000 * 1000 / limits::kReplaysPerSecond - 100});
  EXPECT_LE(took, milliseconds{20'000 * 1000 / limits::kReplaysPerSecond + 1000});
}

TEST_F(UplinkTest, TheBrokersAcknowledgementIsNotADelivery) {
  connect();
  world_.broker.set_faults({.lose = 1});
  world_.sell();
  world_.pass(seconds{1});
  EXPECT_THAT(hub_.payloads, IsEmpty());
  EXPECT_EQ(uplink_.in_flight(), 1);
  EXPECT_FALSE(outbox_.delivered.contains(Sequence(1)));
  world_.broker.set_faults({});
  world_.pass(seconds{3});
  EXPECT_TRUE(world_.all_delivered());
}

TEST_F(UplinkTest, ARefusalOfWhatItPublishesIsKnownUntilItEnds) {
  connect();
  world_.broker.refuse_publications(Error(Code::kFailedPrecondition, "not authorized"));
  world_.sell();
  world_.pass(seconds{1});
  ASSERT_TRUE(uplink_.refusal());
  EXPECT_EQ(uplink_.refusal()->message(), "not authorized");
  world_.broker.refuse_publications({});
  world_.pass(seconds{5});
  EXPECT_FALSE(uplink_.refusal());
  EXPECT_TRUE(world_.all_delivered());
}

TEST_F(UplinkTest, TheHubsWindowIsRespected) {
  connect();
  hub_.window = 3;
  world_.sell();
  world_.pass(seconds{1});
  ASSERT_EQ(uplink_.window(), 3);
  hub_.mute = true;
  for (int i = 0; i < 20; ++i) world_.sell();
  for (int i = 0; i < 600; ++i) {
    world_.step();
    EXPECT_LE(uplink_.in_flight(), 3);
  }
  hub_.mute = false;
  EXPECT_TRUE(world_.passes_until(minutes{6}, [&] { return world_.all_delivered(); }));
}

TEST_F(UplinkTest, AWindowOfOneStillCarriesEverything) {
  hub_.window = 1;
  world_.sell_unheard(30);
  EXPECT_TRUE(world_.passes_until(minutes{2}, [&] { return world_.all_delivered(); }));
  EXPECT_EQ(hub_.have.count(), 30);
}

TEST_F(UplinkTest, AMuteHubIsRepeatedToLessAndLess) {
  connect();
  hub_.mute = true;
  for (int i = 0; i < 8; ++i) world_.sell();
  world_.pass(seconds{1});
  hub_.payloads.clear();
  world_.pass(minutes{10});
  EXPECT_GE(hub_.payloads.size(), 7U);  // 2, 4, 8, … 256 s
  EXPECT_LE(hub_.payloads.size(), 10U);
  hub_.payloads.clear();
  world_.pass(minutes{60});
  EXPECT_GE(hub_.payloads.size(), 9U);  // every 5 min
  EXPECT_LE(hub_.payloads.size(), 16U);
}

TEST_F(UplinkTest, AnEventThatOthersHaveOvertakenIsRepeatedUnderTraffic) {
  connect();
  world_.broker.set_faults({.lose = 1});
  world_.sell();
  world_.broker.set_faults({});
  for (int i = 0; i < 30; ++i) {  // three seconds with acknowledgements all the time
    world_.sell();
    world_.step();
  }
  EXPECT_TRUE(hub_.have.contains(Sequence(1)));
  EXPECT_LE(hub_.duplicates, 1);
}

TEST_F(UplinkTest, AnAbsentHubIsAskedWithOneEventAnInterval) {
  connect();
  world_.kill_hub();
  mqtt::FakeClient spy(world_.broker);
  mqtt::Recorder heard;
  ASSERT_TRUE(spy.connect(std::nullopt).ok());
  const auto listen = [&] { EXPECT_TRUE(spy.run_once(heard, milliseconds{0}, -1).ok()); };
  listen();
  ASSERT_TRUE(spy.subscribe(topics::kAllEvents).ok());
  world_.sell_unheard(300);
  for (int minute = 0; minute < 60; ++minute) {
    world_.sell();
    world_.pass(minutes{1});
    listen();
  }
  EXPECT_GE(heard.messages.size(), 12U);
  EXPECT_LE(heard.messages.size(), 25U);
  for (const auto& message : heard.messages) EXPECT_THAT(numbers_in(message.payload), SizeIs(1));

  hub_.running = true;
  EXPECT_TRUE(world_.passes_until(seconds{30}, [&] { return world_.all_delivered(); }));
}

TEST_F(UplinkTest, AProbeThatIsAcknowledgedOpensTheWay) {
  world_.sell_unheard(100);
  world_.broker.set_faults({.lose = 1});
  world_.pass(seconds{1});
  ASSERT_FALSE(uplink_.hub_is_there());  // its state was lost
  world_.broker.set_faults({});
  EXPECT_TRUE(world_.passes_until(seconds{30}, [&] { return world_.all_delivered(); }));
}

TEST_F(UplinkTest, AHubFromABackupIsOfferedWhatItLacksAndNoMore) {
  world_.sell_unheard(1000);
  ASSERT_TRUE(world_.passes_until(minutes{1}, [&] { return world_.all_delivered(); }));
  world_.restore_hub(800);
  hub_.payloads.clear();
  world_.step();
  ASSERT_TRUE(world_.passes_until(minutes{1}, [&] { return hub_.have.contiguous_to() == 1000; }));
  world_.pass(seconds{10});
  EXPECT_TRUE(world_.all_delivered());
  EXPECT_LE(hub_.duplicates, Uplink::kWindowStart);  // until its first acknowledgement
}

TEST_F(UplinkTest, ANewHubIsFoundAlthoughItsStateWasLost) {
  world_.sell_unheard(100);
  ASSERT_TRUE(world_.passes_until(minutes{1}, [&] { return world_.all_delivered(); }));
  world_.broker.set_faults({.lose = 1});
  world_.restore_hub(50);
  world_.pass(seconds{1});
  world_.broker.set_faults({});
  world_.sell();
  EXPECT_TRUE(world_.passes_until(minutes{1}, [&] { return hub_.have.contiguous_to() == 101; }));
}

TEST_F(UplinkTest, AcknowledgementsForAnotherIncarnationAreIgnored) {
  connect();
  hub_.mute = true;
  world_.sell();
  world_.pass(seconds{1});
  Ack foreign{"first", Incarnation(std::string(32, 'b')), {}, {}, 50};
  foreign.have.insert({1, 1000});
  ASSERT_TRUE(hub_.client.publish(kAckTopic, to_json(foreign), mqtt::Retain::kNo).ok());
  world_.pass(seconds{1});
  EXPECT_EQ(uplink_.in_flight(), 1);
  EXPECT_TRUE(outbox_.delivered.empty());
}

TEST_F(UplinkTest, AnAcknowledgementOfTheFutureDoesNotSwallowSales) {
  connect();
  world_.sell();
  world_.pass(seconds{1});
  Ack ahead{"first", kTill.incarnation, {}, {}, 50};
  ahead.have.insert({1, 400});
  ahead.have.insert({500, 1000});
  ASSERT_TRUE(hub_.client.publish(kAckTopic, to_json(ahead), mqtt::Retain::kNo).ok());
  world_.pass(seconds{1});
  SequenceRanges sold;
  sold.insert(Sequence(1));
  EXPECT_EQ(outbox_.delivered, sold);
  world_.sell();
  world_.pass(seconds{1});
  EXPECT_TRUE(hub_.have.contains(Sequence(2)));
}

TEST_F(UplinkTest, AnAcknowledgementMayBeFasterThanTheStatus) {
  connect();
  outbox_.stale = true;
  world_.sell();
  world_.pass(seconds{1});
  EXPECT_EQ(uplink_.in_flight(), 0);
  EXPECT_TRUE(world_.all_delivered());
}

TEST_F(UplinkTest, NonsenseOnItsTopicsChangesNothing) {
  connect();
  for (const char* nonsense : {"", "[]", "{}", "{\"hub_epoch\":", "null", "\xff"}) {
    EXPECT_TRUE(hub_.client.publish(kAckTopic, nonsense, mqtt::Retain::kNo).ok());
    EXPECT_TRUE(hub_.client.publish(topics::kHubState, nonsense, mqtt::Retain::kNo).ok());
  }
  world_.step();
  world_.sell();
  world_.pass(seconds{1});
  EXPECT_TRUE(world_.all_delivered());
}

TEST_F(UplinkTest, WhatTheHubHoldsInQuarantineDoesNotBlockTheStream) {
  hub_.poison = {3};
  world_.sell_unheard(20);
  ASSERT_TRUE(world_.passes_until(minutes{1}, [&] { return world_.all_delivered(); }));
  const std::size_t needed = hub_.payloads.size();
  world_.pass(minutes{1});
  EXPECT_EQ(uplink_.in_flight(), 0);
  EXPECT_EQ(hub_.payloads.size(), needed);
  EXPECT_EQ(hub_.duplicates, 0);
}

TEST_F(UplinkTest, WhatTheRingCouldNotHandOverIsFoundInTheOutbox) {
  connect();
  world_.pass(seconds{10});
  world_.sell_unheard(3);
  world_.pass(Uplink::kBacklogCheck + seconds{1});
  EXPECT_TRUE(world_.all_delivered());
}

TEST_F(UplinkTest, ASlowJournalCausesNoRepetition) {
  connect();
  world_.sell_unheard(200);
  for (int i = 0; i < 300; ++i) {
    world_.clock.advance(World::kStep);
    world_.till_turn();
    hub_.turn();  // and the journal has not settle()d anything
  }
  EXPECT_EQ(hub_.have.count(), 200);
  EXPECT_EQ(hub_.duplicates, 0);
}

TEST_F(UplinkTest, ABusyJournalIsAskedAgainLater) {
  connect();
  outbox_.broken = true;
  world_.sell_unheard(5);
  outbox_.queries = 0;
  world_.pass(minutes{1});
  EXPECT_LE(outbox_.queries, 13);
  outbox_.broken = false;
  world_.pass(Uplink::kBacklogCheck + seconds{1});
  EXPECT_TRUE(world_.all_delivered());
}

TEST_F(UplinkTest, TheStatusIsRetainedAndBeatsEveryMinute) {
  connect();
  EXPECT_EQ(published_status().state, "online");
  EXPECT_EQ(published_status().last_committed, 0);
  world_.sell();
  world_.pass(seconds{30});
  EXPECT_EQ(published_status().last_committed, 0);
  world_.pass(seconds{31});
  EXPECT_EQ(published_status().last_committed, 1);
}

TEST_F(UplinkTest, AFailingCameraIsReportedAtOnce) {
  connect();
  outbox_.health.camera = "no frame for 10 s; check the cable";
  world_.step();
  EXPECT_EQ(published_status().camera, "no frame for 10 s; check the cable");
}

TEST_F(UplinkTest, TheLastWillSpeaksForItsOwnSessionOnly) {
  connect();
  const std::string first = published_status().session;
  world_.broker.cut(world_.client);
  EXPECT_EQ(published_status().state, "offline");
  EXPECT_EQ(published_status().session, first);
  world_.pass(seconds{3});
  EXPECT_EQ(published_status().state, "online");
  EXPECT_NE(published_status().session, first);

  uplink_.say_goodbye();
  EXPECT_EQ(published_status().state, "offline");
}

TEST_F(UplinkTest, NothingLeavesAndNothingIsKeptWhileDisconnected) {
  connect();
  world_.broker.kill();
  world_.step();
  for (int i = 0; i < 1000; ++i) world_.sell();
  EXPECT_EQ(uplink_.in_flight(), 0);
  world_.broker.start();
  EXPECT_TRUE(world_.passes_until(minutes{3}, [&] { return world_.all_delivered(); }));
  EXPECT_EQ(hub_.have.count(), 1000);
}

TEST_F(UplinkTest, TheLoopIsNeverSentIntoABusyWait) {
  const auto busy_turns = [&] {
    int busy = 0;
    for (int i = 0; i < 100; ++i) {
      world_.till_turn();  // the clock stands still
      busy += uplink_.until_next_tick() == milliseconds{0} ? 1 : 0;
    }
    return busy;
  };
  EXPECT_LE(busy_turns(), 2);
  connect();
  hub_.mute = true;
  world_.sell_unheard(100);
  for (int i = 0; i < 20; ++i) world_.sell();
  world_.pass(seconds{7});
  EXPECT_LE(busy_turns(), 2);
}

TEST(UplinkBatch, IsTheArrayThatAHubReads) {
  World world(1);
  world.sell_unheard(3);
  mqtt::FakeClient spy(world.broker);
  mqtt::Recorder heard;
  ASSERT_TRUE(spy.connect(std::nullopt).ok());
  ASSERT_TRUE(spy.run_once(heard, milliseconds{0}, -1).ok());
  ASSERT_TRUE(spy.subscribe(topics::kAllEvents).ok());
  world.pass(seconds{1});
  ASSERT_TRUE(spy.run_once(heard, milliseconds{0}, -1).ok());
  ASSERT_THAT(heard.messages, SizeIs(1));
  const std::vector<Received> received = from_cloud_events(heard.messages.front().payload);
  ASSERT_THAT(received, SizeIs(3));
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(numbers_in(received[i].raw), (std::vector{static_cast<std::int64_t>(i + 1)}));
}

}  // namespace
}  // namespace tillsight::sync
