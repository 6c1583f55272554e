// Goal: the fake broker behaves as the real one where Tillsight leans on it, so that what is proven
// against it holds. mosquitto_client_test.cpp asks the same of the real one.
// Method: two clients and a recorder; every fault by itself.
#include "tillsight/mqtt/fake_broker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mqtt/recorder.hpp"

namespace tillsight::mqtt {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FakeBrokerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(speaker_.connect(Will{"will", "gone"}).ok());
    ASSERT_TRUE(listener_.connect(std::nullopt).ok());
    turn(speaker_, spoken_);
    turn(listener_, heard_);
    ASSERT_TRUE(listener_.subscribe("t/#").ok());
  }

  static void turn(FakeClient& client, Recorder& recorder) {
    EXPECT_TRUE(client.run_once(recorder, std::chrono::milliseconds{0}, -1).ok());
  }
  void say(std::string_view topic, std::string_view payload, Retain retain = Retain::kNo) {
    EXPECT_TRUE(speaker_.publish(topic, payload, retain).ok());
  }

  SeededRandom random_{1};
  FakeBroker broker_{random_};
  FakeClient speaker_{broker_};
  FakeClient listener_{broker_};
  Recorder spoken_;
  Recorder heard_;
};

TEST_F(FakeBrokerTest, DeliversWhatAFilterMatchesAndAcknowledges) {
  say("t/a/b", "1");
  say("u/a", "2");
  turn(listener_, heard_);
  turn(speaker_, spoken_);
  EXPECT_THAT(heard_.messages, ElementsAre(Recorder::Heard{"t/a/b", "1", false}));
  EXPECT_THAT(spoken_.outcomes, SizeIs(2));
}

TEST_F(FakeBrokerTest, APlusStandsForExactlyOneLevel) {
  ASSERT_TRUE(listener_.subscribe("x/+/events").ok());
  say("x/a/events", "1");
  say("x/a/b/events", "2");
  say("x/events", "3");
  turn(listener_, heard_);
  EXPECT_THAT(heard_.messages, ElementsAre(Recorder::Heard{"x/a/events", "1", false}));
}

TEST_F(FakeBrokerTest, KeepsTheLastRetainedMessageForLateSubscribers) {
  say("r", "old", Retain::kYes);
  say("r", "new", Retain::kYes);
  ASSERT_TRUE(listener_.subscribe("r").ok());
  turn(listener_, heard_);
  EXPECT_THAT(heard_.messages, ElementsAre(Recorder::Heard{"r", "new", true}));
}

TEST_F(FakeBrokerTest, PublishesTheWillOfACutClientButNotAfterAGoodbye) {
  ASSERT_TRUE(listener_.subscribe("will").ok());
  broker_.cut(speaker_);
  turn(listener_, heard_);
  EXPECT_THAT(heard_.messages, ElementsAre(Recorder::Heard{"will", "gone", false}));
  EXPECT_FALSE(speaker_.run_once(spoken_, std::chrono::milliseconds{0}, -1).ok());
  EXPECT_THAT(spoken_.disconnects, SizeIs(1));

  ASSERT_TRUE(speaker_.connect(Will{"will", "gone"}).ok());
  turn(speaker_, spoken_);
  speaker_.disconnect();
  turn(listener_, heard_);
  EXPECT_THAT(heard_.messages, SizeIs(1));
}

TEST_F(FakeBrokerTest, ForgetsEverythingWhenKilled) {
  say("r", "kept", Retain::kYes);
  broker_.kill();
  EXPECT_FALSE(speaker_.publish("t", "lost", Retain::kNo).ok());
  EXPECT_FALSE(speaker_.run_once(spoken_, std::chrono::milliseconds{0}, -1).ok());
  EXPECT_EQ(speaker_.connect(std::nullopt).error().code(), Code::kUnavailable);
  broker_.start();
  EXPECT_EQ(broker_.retained("r"), "");
  EXPECT_TRUE(speaker_.connect(std::nullopt).ok());
}

TEST_F(FakeBrokerTest, LosesWhatItAcknowledged) {
  broker_.set_faults({.lose = 1});
  say("t/a", "1");
  turn(listener_, heard_);
  turn(speaker_, spoken_);
  EXPECT_THAT(heard_.messages, IsEmpty());
  EXPECT_TRUE(spoken_.outcomes.at(0).ok());
}

TEST_F(FakeBrokerTest, DuplicatesAndReorders) {
  broker_.set_faults({.duplicate = 1});
  say("t/a", "1");
  turn(listener_, heard_);
  EXPECT_THAT(heard_.messages, SizeIs(2));

  heard_.messages.clear();
  broker_.set_faults({.reorder = 0.5});
  std::vector<Recorder::Heard> sent;
  for (int i = 0; i < 20; ++i) {
    sent.push_back({"t/a", std::to_string(i), false});
    say("t/a", sent.back().payload);
  }
  turn(listener_, heard_);
  EXPECT_NE(heard_.messages, sent);
  EXPECT_THAT(heard_.messages, ::testing::UnorderedElementsAreArray(sent));
}

TEST_F(FakeBrokerTest, RefusesPublicationsAndClientsWhenTold) {
  broker_.refuse_publications(error(Code::kFailedPrecondition, "Not authorized"));
  say("t/a", "1");
  turn(speaker_, spoken_);
  turn(listener_, heard_);
  EXPECT_THAT(heard_.messages, IsEmpty());
  EXPECT_EQ(spoken_.outcomes.at(0).error().code(), Code::kFailedPrecondition);

  broker_.refuse_clients(error(Code::kFailedPrecondition, "Not authorized"));
  FakeClient stranger(broker_);
  Recorder nothing;
  ASSERT_TRUE(stranger.connect(std::nullopt).ok());
  EXPECT_FALSE(stranger.run_once(nothing, std::chrono::milliseconds{0}, -1).ok());
  EXPECT_EQ(nothing.connects, 0);
}

}  // namespace
}  // namespace tillsight::mqtt
