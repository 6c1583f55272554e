// Goal: MosquittoClient keeps the contract of Client against the real broker, through the traps of
// libmosquitto 2.0.11: what it could not send it never sends later, a refused connection is an
// answer, a dead broker is noticed.
// Method: a real Mosquitto on a loopback port; a test drives its clients until a condition holds,
// for at most ten seconds.
#include "tillsight/mqtt/mosquitto_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>

#include "tests/mqtt/peer.hpp"
#include "tests/support/source_dir.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::mqtt {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::Broker;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(MosquittoClient, RefusesSettingsThatCannotWork) {
  const auto refusal = [](auto change) {
    Settings settings;
    change(settings);
    const auto created = MosquittoClient::create(settings);
    return created ? std::string("accepted") : created.error().message();
  };
  EXPECT_THAT(refusal([](Settings& s) { s.keepalive = seconds{4}; }), HasSubstr("keepalive 4"));
  EXPECT_THAT(refusal([](Settings& s) { s.port = 0; }), HasSubstr("port 0"));
  EXPECT_THAT(refusal([](Settings& s) { s.host = ""; }), HasSubstr("host"));
  EXPECT_THAT(refusal([](Settings& s) { s.publish_max = 65535; }), HasSubstr("publish_max"));
  EXPECT_THAT(refusal([](Settings& s) {
                s.tls = Tls{"ca", "certificate", ""};
              }),
              HasSubstr("key_file"));
}

TEST(MosquittoClient, DeliversBetweenTwoClientsAndAcknowledges) {
  const Broker broker;
  Peer till(settings_for(broker));
  Peer hub(settings_for(broker), {"till/+/events"});
  ASSERT_TRUE(hub.connect().ok());
  ASSERT_TRUE(till.connect().ok());
  EXPECT_EQ(till.recorder.connects, 1);

  const std::string large(128 * 1024, 'x');
  ASSERT_TRUE(till.client->publish("till/1/events", large, Retain::kNo).ok());
  ASSERT_TRUE(till.client->publish("till/1/events", "", Retain::kNo).ok());
  ASSERT_TRUE(till.run_until([&] { return till.recorder.outcomes.size() == 2; }).ok());
  ASSERT_TRUE(hub.run_until([&] { return hub.recorder.messages.size() == 2; }).ok());
  EXPECT_TRUE(till.recorder.outcomes.at(0).ok());
  EXPECT_EQ(hub.recorder.messages.at(0).payload, large);
  EXPECT_EQ(hub.recorder.messages.at(1).payload, "");
}

TEST(MosquittoClient, SaysWhyThereIsNoConnection) {
  Settings settings;
  settings.port = test::free_port();
  Peer nobody(settings);
  const Status refused = nobody.connect();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), Code::kUnavailable);
  EXPECT_THAT(refused.error().message(), HasSubstr("Connection refused; is the broker running"));

  settings.host = "no-such-host.invalid";
  Peer unresolved(settings);
  const Status unknown = unresolved.connect();
  ASSERT_FALSE(unknown.ok());
  EXPECT_THAT(unknown.error().message(), HasSubstr("does not resolve"));
}

TEST(MosquittoClient, ConnectsAgainAfterARefusalOnceTheBrokerIsThere) {
  Broker broker;
  broker.stop();
  Peer till(settings_for(broker));
  EXPECT_FALSE(till.connect().ok());
  broker.start();
  EXPECT_TRUE(till.connect().ok());
}

TEST(MosquittoClient, NoticesAKilledBrokerAndSendsNothingLaterThatItRefused) {
  Broker broker;
  Peer till(settings_for(broker));
  ASSERT_TRUE(till.connect().ok());
  broker.kill();
  EXPECT_EQ(till.failure().code(), Code::kUnavailable);
  EXPECT_THAT(till.recorder.disconnects, SizeIs(1));
  EXPECT_FALSE(till.client->connected());
  for (int i = 0; i < 10; ++i) {
    const auto id = till.client->publish("t", "refused", Retain::kNo);
    ASSERT_FALSE(id.ok());
    EXPECT_EQ(id.error().code(), Code::kUnavailable);
  }

  broker.start();
  Peer hub(settings_for(broker), {"t"});
  ASSERT_TRUE(hub.connect().ok());
  ASSERT_TRUE(till.connect().ok());
  ASSERT_TRUE(till.client->publish("t", "sent", Retain::kNo).ok());
  ASSERT_TRUE(till.run_until([&] { return !till.recorder.outcomes.empty(); }).ok());
  ASSERT_TRUE(hub.run_until([&] { return !hub.recorder.messages.empty(); }).ok());
  EXPECT_THAT(hub.recorder.messages, ElementsAre(Recorder::Heard{"t", "sent", false}));
}

TEST(MosquittoClient, ForgetsUnacknowledgedPublicationsWithTheirConnection) {
  Broker broker;
  Peer till(settings_for(broker));
  ASSERT_TRUE(till.connect().ok());
  ASSERT_TRUE(till.client->publish("t", "never left", Retain::kNo).ok());
  broker.restart();
  EXPECT_EQ(till.failure().code(), Code::kUnavailable);
  Peer hub(settings_for(broker), {"t"});
  ASSERT_TRUE(hub.connect().ok());
  ASSERT_TRUE(till.connect().ok());
  ASSERT_TRUE(till.client->publish("t", "after", Retain::kNo).ok());
  ASSERT_TRUE(till.run_until([&] { return !till.recorder.outcomes.empty(); }).ok());
  ASSERT_TRUE(hub.run_until([&] { return !hub.recorder.messages.empty(); }).ok());
  EXPECT_THAT(hub.recorder.messages, ElementsAre(Recorder::Heard{"t", "after", false}));
}

TEST(MosquittoClient, LeavesItsWillWhenItDiesAndNotAfterAGoodbye) {
  const Broker broker;
  Peer hub(settings_for(broker), {"status"});
  ASSERT_TRUE(hub.connect().ok());

  Peer polite(settings_for(broker));
  polite.recorder.next_will = Will{"status", "offline"};
  ASSERT_TRUE(polite.connect().ok());
  ASSERT_TRUE(polite.client->publish("status", "closed", Retain::kYes).ok());
  polite.client->disconnect();
  {
    Peer dying(settings_for(broker));
    dying.recorder.next_will = Will{"status", "offline"};
    ASSERT_TRUE(dying.connect().ok());
  }
  ASSERT_TRUE(hub.run_until([&] { return hub.recorder.messages.size() == 2; }).ok());
  EXPECT_THAT(hub.recorder.messages, ElementsAre(Recorder::Heard{"status", "closed", false},
                                                 Recorder::Heard{"status", "offline", false}));
  Peer late(settings_for(broker), {"status"});
  ASSERT_TRUE(late.connect().ok());
  ASSERT_TRUE(late.run_until([&] { return !late.recorder.messages.empty(); }).ok());
  EXPECT_THAT(late.recorder.messages, ElementsAre(Recorder::Heard{"status", "offline", true}));
}

TEST(MosquittoClient, RefusesWhatTheBrokerWouldCutItOffFor) {
  const Broker broker({"allow_anonymous true", "max_packet_size 2000"});
  Settings settings = settings_for(broker);
  settings.packet_bytes_max = 4096;
  Peer till(settings);
  ASSERT_TRUE(till.connect().ok());
  const auto by_setting = till.client->publish("t", std::string(5000, 'x'), Retain::kNo);
  const auto by_broker = till.client->publish("t", std::string(3000, 'x'), Retain::kNo);
  ASSERT_FALSE(by_setting.ok());
  ASSERT_FALSE(by_broker.ok());
  EXPECT_EQ(by_setting.error().code(), Code::kInvalidArgument);
  EXPECT_EQ(by_broker.error().code(), Code::kInvalidArgument);
  EXPECT_TRUE(till.client->publish("t", std::string(1000, 'x'), Retain::kNo).ok());
  EXPECT_TRUE(till.run_until([&] { return !till.recorder.outcomes.empty(); }).ok());
}

TEST(MosquittoConfiguration, ThatWeShipCarriesTheLargestPayload) {
  std::string text =
      read_file(std::filesystem::path(source_dir()) / "config/mosquitto/mosquitto.conf").value();
  const std::string_view listener = "\nlistener 1883 127.0.0.1\n";
  ASSERT_THAT(text, HasSubstr(listener));
  text.replace(text.find(listener), listener.size(), "\n");  // the test has its own port
  const Broker broker({text});
  Peer till(settings_for(broker));
  ASSERT_TRUE(till.connect().ok());
  ASSERT_TRUE(till.client->publish("t", std::string(128 * 1024, 'x'), Retain::kNo).ok());
  ASSERT_TRUE(till.run_until([&] { return !till.recorder.outcomes.empty(); }).ok());
  EXPECT_TRUE(till.recorder.outcomes.front().ok());
  EXPECT_FALSE(till.client->publish("t", std::string(160 * 1024, 'x'), Retain::kNo).ok());
}

// CONNECT carries Maximum Packet Size only by way of a detail of libmosquitto.
TEST(MosquittoClient, IsNeverSentMoreThanItsLimit) {
  const Broker broker;
  Settings settings = settings_for(broker);
  settings.packet_bytes_max = 4096;
  Peer small(settings, {"t"});
  Peer large(settings_for(broker));
  ASSERT_TRUE(small.connect().ok());
  ASSERT_TRUE(large.connect().ok());
  ASSERT_TRUE(large.client->publish("t", std::string(5000, 'x'), Retain::kNo).ok());
  ASSERT_TRUE(large.client->publish("t", "fits", Retain::kNo).ok());
  ASSERT_TRUE(large.run_until([&] { return large.recorder.outcomes.size() == 2; }).ok());
  ASSERT_TRUE(small.run_until([&] { return !small.recorder.messages.empty(); }).ok());
  EXPECT_EQ(small.recorder.messages.at(0).payload, "fits");
}

TEST(MosquittoClient, BoundsWhatWaitsForTheBroker) {
  const Broker broker;
  Settings settings = settings_for(broker);
  settings.publish_max = 3;
  Peer till(settings);
  ASSERT_TRUE(till.connect().ok());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(till.client->publish("t", "x", Retain::kNo).ok());
  const auto fourth = till.client->publish("t", "x", Retain::kNo);
  ASSERT_FALSE(fourth.ok());
  EXPECT_EQ(fourth.error().code(), Code::kResourceExhausted);
  ASSERT_TRUE(till.run_until([&] { return till.recorder.outcomes.size() == 3; }).ok());
  EXPECT_TRUE(till.client->publish("t", "x", Retain::kNo).ok());
}

TEST(MosquittoClient, WakesForAnotherDescriptorWithAndWithoutAConnection) {
  const Broker broker;
  Peer till(settings_for(broker));
  const int bell = eventfd(1, EFD_CLOEXEC);
  const auto rings_soon = [&] {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_TRUE(till.client->run_once(till.recorder, seconds{9}, bell).ok());
    return std::chrono::steady_clock::now() - start < seconds{5};
  };
  EXPECT_TRUE(rings_soon());
  ASSERT_TRUE(till.connect().ok());
  EXPECT_TRUE(rings_soon());
  close(bell);
}

}  // namespace
}  // namespace tillsight::mqtt
