// Goal: uplink, supervisor and MosquittoClient together bring every sale through a real broker that
// is absent, killed and restarted.
// Method: a real Mosquitto; till and hub are driven in turns until a condition holds. The clock is
// fake and runs faster than the world's, so that waits cost little.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mqtt/peer.hpp"
#include "tests/sync/world.hpp"
#include "tillsight/mqtt/mosquitto_client.hpp"

namespace tillsight::sync {
namespace {

using ::testing::HasSubstr;

class UplinkBroker : public ::testing::Test {
 protected:
  static constexpr int kTurnsMax = 6'000;

  void turn() {
    clock_.advance(milliseconds{50});
    supervisor_.run_once(milliseconds{1}, -1);
    uplink_.tick();
    EXPECT_LE(uplink_.in_flight(), limits::kWindowMax);
    hub_.turn();
    outbox_.settle();
  }
  template <typename Done>
  bool turns_until(Done done) {
    for (int i = 0; i < kTurnsMax && !done(); ++i) turn();
    return done();
  }
  bool all_delivered() const { return outbox_.delivered.contiguous_to() == outbox_.committed(); }
  void sell() { uplink_.live(outbox_.sell(200)); }

  test::Broker broker_;
  FakeClock clock_;
  SeededRandom random_{1};
  std::unique_ptr<mqtt::MosquittoClient> client_ =
      mqtt::MosquittoClient::create(mqtt::settings_for(broker_)).value();
  std::unique_ptr<mqtt::MosquittoClient> hub_client_ =
      mqtt::MosquittoClient::create(mqtt::settings_for(broker_)).value();
  FakeHub hub_{*hub_client_};
  FakeOutbox outbox_;
  Uplink uplink_{kTill, *client_, outbox_, clock_, random_};
  mqtt::Supervisor supervisor_{"sync", *client_, uplink_, clock_, random_};
};

TEST_F(UplinkBroker, CarriesABacklogAndLiveSales) {
  for (int i = 0; i < 2'000; ++i) outbox_.sell(200);
  for (int i = 0; i < 50; ++i) {
    turn();
    sell();
  }
  ASSERT_TRUE(turns_until([&] { return all_delivered(); }));
  EXPECT_EQ(hub_.have.count(), 2'050);
}

TEST_F(UplinkBroker, WaitsForABrokerThatIsAbsentAtTheStart) {
  broker_.stop();
  for (int i = 0; i < 100; ++i) {
    turn();
    sell();
  }
  ASSERT_TRUE(supervisor_.trouble().has_value());
  EXPECT_THAT(supervisor_.trouble()->message(), HasSubstr("is the broker running"));
  broker_.start();
  EXPECT_TRUE(turns_until([&] { return all_delivered(); }));
}

TEST_F(UplinkBroker, LosesNothingWhenTheBrokerIsKilledAgainAndAgain) {
  for (int round = 0; round < 5; ++round) {
    ASSERT_TRUE(turns_until([&] { return uplink_.hub_is_there(); }));
    for (int i = 0; i < 20; ++i) {
      sell();
      if (i % 5 == 0) turn();
    }
    broker_.restart();
  }
  ASSERT_TRUE(turns_until([&] { return all_delivered(); }));
  EXPECT_EQ(hub_.have.count(), 100);
}

TEST_F(UplinkBroker, LeavesARetainedStatusAndALastWill) {
  mqtt::Peer dashboard(mqtt::settings_for(broker_), {kStatusTopic});
  ASSERT_TRUE(dashboard.connect().ok());
  ASSERT_TRUE(turns_until([&] { return uplink_.hub_is_there(); }));
  const auto& messages = dashboard.recorder.messages;
  ASSERT_TRUE(dashboard.run_until([&] { return messages.size() == 1; }).ok());
  client_.reset();  // dies without a goodbye; nothing below touches the uplink
  ASSERT_TRUE(dashboard.run_until([&] { return messages.size() == 2; }).ok());
  const TillStatus before = parse_till_status(messages[0].payload).value();
  const TillStatus after = parse_till_status(messages[1].payload).value();
  EXPECT_EQ(before.state, "online");
  EXPECT_EQ(after.state, "offline");
  EXPECT_EQ(after.session, before.session);
}

}  // namespace
}  // namespace tillsight::sync
