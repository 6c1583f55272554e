// Goal: what leaves this box asks of a broker only what can be relied upon: QoS 1, a clean start,
// no session that outlives the connection; and no message is acknowledged before its handler has
// it. Method: the broker is a socket of this test, which reads the packets as they are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "tests/mqtt/peer.hpp"
#include "tests/mqtt/scripted_broker.hpp"

namespace tillsight::mqtt {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

/// Does something when a message comes.
class OnMessage final : public Handler {
 public:
  explicit OnMessage(std::function<void()> does) : does_(std::move(does)) {}
  void on_connected() override {}
  void on_disconnected(const Error&) override {}
  void on_message(const Message&) override { does_(); }
  void on_published(PublishId, const Status&) override {}

 private:
  std::function<void()> does_;
};

class Wire : public ::testing::Test {
 protected:
  void SetUp() override {
    Settings settings;
    settings.port = broker_.port();
    settings.client_id = "S01-T01";
    peer_ = std::make_unique<Peer>(settings);
    ASSERT_TRUE(peer_->client->connect(Will{"status", "gone"}).ok());
    broker_.accept_client();
    broker_.send(kConnack);
    ASSERT_TRUE(peer_->run_until([&] { return peer_->client->connected(); }).ok());
    connect_ = broker_.heard();
  }
  /// Drives the client until it has said something.
  std::string next_words() {
    std::string words;
    EXPECT_TRUE(peer_->run_until([&] { return !(words += broker_.heard()).empty(); }).ok());
    return words;
  }

  ScriptedBroker broker_;
  std::unique_ptr<Peer> peer_;
  std::string connect_;
};

TEST_F(Wire, ConnectIsMqtt5WithACleanStartAndARetainedWillOfQos1) {
  ASSERT_GT(connect_.size(), 12U);
  EXPECT_EQ(connect_.substr(2, 7), std::string("\x00\x04MQTT\x05", 7));
  const int flags = static_cast<unsigned char>(connect_[9]);
  EXPECT_EQ(flags & 0x02, 0x02);  // clean start
  EXPECT_EQ(flags & 0x04, 0x04);  // a will
  EXPECT_EQ(flags & 0x18, 0x08);  // of QoS 1
  EXPECT_EQ(flags & 0x20, 0x20);  // retained
  const auto property_bytes = static_cast<std::size_t>(connect_[12]);
  const std::string properties = connect_.substr(13, property_bytes);
  constexpr char kSessionExpiry = 0x11;
  EXPECT_THAT(properties, Not(HasSubstr(std::string(1, kSessionExpiry))));
  constexpr char kMaximumPacketSize = 0x27;
  EXPECT_THAT(properties, HasSubstr(std::string(1, kMaximumPacketSize)));
}

TEST_F(Wire, PublicationsAndSubscriptionsAreOfQos1) {
  ASSERT_TRUE(peer_->client->publish("t", "x", Retain::kNo).ok());
  EXPECT_THAT(next_words(), StartsWith("\x32"));  // QoS 1, first delivery, not retained
  ASSERT_TRUE(peer_->client->publish("t", "x", Retain::kYes).ok());
  EXPECT_THAT(next_words(), StartsWith("\x33"));
  ASSERT_TRUE(peer_->client->subscribe("t/#").ok());
  const std::string subscribe = next_words();
  EXPECT_THAT(subscribe, StartsWith("\x82"));
  EXPECT_EQ(subscribe.back(), '\x01');
}

// With mosquitto_loop() of one's own and without mosquitto_threaded_set() it would be the other way
// round, and a hub that dies in between would lose what it acknowledged.
TEST_F(Wire, MessageIsAcknowledgedOnlyAfterItsHandlerHasSeenIt) {
  std::optional<std::string> said_before;
  OnMessage handler([&] { said_before = broker_.heard(); });
  // PUBLISH, QoS 1, topic "t", id 7, no properties, payload "x".
  broker_.send(std::string_view("\x32\x07\x00\x01t\x00\x07\x00x", 9));
  for (int turn = 0; turn < 500 && !said_before; ++turn) {
    ASSERT_TRUE(peer_->client->run_once(handler, std::chrono::milliseconds{20}, -1).ok());
  }
  ASSERT_TRUE(said_before) << "the handler was not called";
  ASSERT_THAT(*said_before, IsEmpty());
  EXPECT_THAT(next_words(), StartsWith(std::string("\x40\x02\x00\x07", 4)));
}

}  // namespace
}  // namespace tillsight::mqtt
