// Goal: a broker that ends a connection with a reason is understood. Mosquitto 2.0.11 gives none
// where later ones do.
// Method: the broker is a socket of this test, which answers CONNECT with prepared packets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mqtt/peer.hpp"
#include "tests/mqtt/scripted_broker.hpp"

// libmosquitto 2.0.11 unlocks a mutex that it has not locked when a DISCONNECT arrives.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "mutex:libmosquitto";
}

namespace tillsight::mqtt {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

Error ended_by(std::string_view packet, Recorder* heard = nullptr) {
  ScriptedBroker broker;
  Settings settings;
  settings.port = broker.port();
  Peer till(settings);
  EXPECT_TRUE(till.client->connect(std::nullopt).ok());
  broker.accept_client();
  broker.send(kConnack);
  EXPECT_TRUE(till.run_until([&] { return till.client->connected(); }).ok());
  broker.send(packet);
  const Error why = till.failure();
  EXPECT_FALSE(till.client->connected());
  if (heard != nullptr) heard->disconnects = till.recorder.disconnects;
  return why;
}

TEST(Goodbye, OfABrokerWithAnotherClientOfOurNameNeedsAPerson) {
  Recorder heard;
  const Error taken_over = ended_by("\xE0\x01\x8E", &heard);
  EXPECT_EQ(taken_over.code(), Code::kFailedPrecondition);
  EXPECT_THAT(taken_over.message(), HasSubstr("give each box its own"));
  EXPECT_THAT(heard.disconnects, SizeIs(1));
}

TEST(Goodbye, OfABrokerThatShutsDownMeansLater) {
  const Error shutting_down = ended_by("\xE0\x01\x8B");
  EXPECT_EQ(shutting_down.code(), Code::kUnavailable);
  EXPECT_THAT(shutting_down.message(), HasSubstr("ended the connection"));
}

TEST(Goodbye, WithoutAReasonMeansLater) {
  EXPECT_EQ(ended_by(std::string_view("\xE0\x00", 2)).code(), Code::kUnavailable);
}

TEST(Goodbye, OfSomethingThatSpeaksNoMqttMeansLater) {
  EXPECT_EQ(ended_by(std::string_view("\x00\x00", 2)).code(), Code::kUnavailable);
}

}  // namespace
}  // namespace tillsight::mqtt
