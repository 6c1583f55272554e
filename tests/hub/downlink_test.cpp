// Goal: tills hear from the hub what is durable, all of it, and why nothing is when the database
// cannot be written; no till's mischief keeps another's acknowledgement back.
// Method: the whole hub on a broker in memory; a till's end of the line is played by a client that
// remembers what came.
#include "tillsight/hub/downlink.hpp"

#include <gmock/gmock.h>

#include <map>

#include "tests/hub/head_office.hpp"
#include "tillsight/mqtt/fake_broker.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::hub {
namespace {

using std::chrono::milliseconds;
using testing::EventChain;
using ::testing::HasSubstr;

/// Hears everything that the hub says.
class Listener final : public mqtt::Handler {
 public:
  void on_connected() override {}
  void on_disconnected(const Error&) override {}
  void on_published(mqtt::PublishId, const Status&) override {}
  void on_message(const mqtt::Message& message) override {
    newest[std::string(message.topic)] = std::string(message.payload);
  }
  std::map<std::string, std::string> newest;
};

class OnTheLine : public HeadOffice {
 protected:
  OnTheLine() {
    ingest_.reset();  // the downlink has its own
    link_.emplace(*store_, clock_, IngestSettings(), hub_client_);
    EXPECT_TRUE(till_client_.connect({}).ok());
    EXPECT_TRUE(hub_client_.connect(link_->will()).ok());
    turn();
    EXPECT_TRUE(till_client_.subscribe("tillsight/v1/#").ok());
    turn();
  }

  void turn() {
    clock_.advance(milliseconds(100));
    EXPECT_TRUE(hub_client_.run_once(*link_, milliseconds(0), -1).ok());
    EXPECT_TRUE(link_->turn().ok());
    EXPECT_TRUE(till_client_.run_once(heard_, milliseconds(0), -1).ok());
  }
  void say(const std::vector<Event>& events, const std::string& topic = kEventsOfT01) {
    EXPECT_TRUE(till_client_.publish(topic, to_cloud_events(events), mqtt::Retain::kNo).ok());
    turn();  // it arrives
    turn();  // nothing more comes, so it is written
  }
  Ack ack_of(std::string_view till = "T01") {
    return parse_ack(heard_.newest[topics::ack(StoreId("S01"), TillId(std::string(till)))]).value();
  }
  HubState state() {
    return parse_hub_state(heard_.newest[std::string(topics::kHubState)]).value();
  }

  mqtt::FakeBroker broker_{random_};
  mqtt::FakeClient hub_client_{broker_};
  mqtt::FakeClient till_client_{broker_};
  Listener heard_;
  std::optional<Downlink> link_;
  EventChain till_;
};

TEST_F(OnTheLine, SaysThatItIsThereAndWhichDatabaseItHas) {
  EXPECT_TRUE(state().online);
  EXPECT_EQ(state().hub_epoch, store_->epoch());
  EXPECT_EQ(state().trouble, "");
  link_->say_goodbye();
  turn();
  EXPECT_FALSE(state().online);
}

TEST_F(OnTheLine, AcknowledgesWhatItHasWritten) {
  say(sales(till_, 3));
  EXPECT_EQ(ack_of().have, ranges({{1, 3}}));
}

TEST_F(OnTheLine, SaysWhatTroubleItIsInAndThatItIsOver) {
  {
    auto intruder = sql::Connection::open(folder() / "hub.db").value();
    auto held = sql::Transaction::begin(intruder).value();
    say(sales(till_, 2));
    EXPECT_TRUE(state().online);
    EXPECT_THAT(state().trouble, HasSubstr("hub.db"));
    EXPECT_FALSE(heard_.newest.contains(topics::ack(StoreId("S01"), TillId("T01"))));
  }
  clock_.advance(Downlink::kRetry);
  turn();
  EXPECT_EQ(state().trouble, "");
  EXPECT_EQ(ack_of().have, ranges({{1, 2}}));
}

TEST_F(OnTheLine, ATillThatSpeaksForAnotherHoldsNobodyUp) {
  EventChain honest("T02", 2);
  say(sales(till_, 2), topics::events(StoreId("S01"), TillId("T02")));
  say(sales(honest, 2), topics::events(StoreId("S01"), TillId("T02")));
  EXPECT_EQ(link_->ingest().counters().misaddressed, 2);
  EXPECT_EQ(ack_of("T02").have, ranges({{1, 2}}));
  EXPECT_FALSE(heard_.newest.contains(topics::ack(StoreId("S01"), TillId("T01"))));
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 2);
}

TEST_F(OnTheLine, OtherBytesUnderOneIdentityNeverReplaceTheFirst) {
  EventChain copied;  // the same seed: a copied disk, so the same incarnation
  const Event first = till_.next();
  const Event other = copied.next(testing::a_sale({testing::a_line("orange", 500)}, clock_));
  say({first});
  say({other});
  EXPECT_EQ(ack_of().have, ranges({{1, 1}}));
  EXPECT_EQ(link_->ingest().counters().conflicts, 1);
  EXPECT_EQ(text("SELECT sealed FROM event"), first.sealed);
  EXPECT_EQ(text("SELECT refused FROM v_conflicts"), other.sealed);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 1);
}

/// A connection with room for few unacknowledged publications, as the real one has.
class NarrowClient final : public mqtt::Client {
 public:
  static constexpr std::size_t kRoom = 3;
  Status connect(const std::optional<mqtt::Will>&) override { return {}; }
  void disconnect() override {}
  Status run_once(mqtt::Handler& handler, milliseconds, int) override {
    if (in_flight_ == 0) return {};
    --in_flight_;
    handler.on_published(mqtt::PublishId(1), {});
    return {};
  }
  bool connected() const override { return true; }
  Result<mqtt::PublishId> publish(std::string_view topic, std::string_view, mqtt::Retain) override {
    if (in_flight_ == kRoom) return error(Code::kResourceExhausted, "full");
    ++in_flight_;
    topics.emplace_back(topic);
    return mqtt::PublishId(1);
  }
  Status subscribe(std::string_view) override { return {}; }
  std::size_t in_flight() const { return in_flight_; }

  std::vector<std::string> topics;

 private:
  std::size_t in_flight_ = 0;
};

TEST_F(OnTheLine, NoAcknowledgementIsLostWhenTheConnectionIsFull) {
  NarrowClient narrow;
  Downlink link(*store_, clock_, {}, narrow);
  for (int till = 0; till < 10; ++till) {
    EventChain chain(format("X{}", till), static_cast<std::uint64_t>(till) + 10);
    const std::string payload = to_cloud_events({chain.next()});
    const std::string topic = topics::events(StoreId("S01"), TillId(format("X{}", till)));
    link.on_message({topic, payload});
  }
  ASSERT_TRUE(link.flush().ok());
  EXPECT_EQ(narrow.topics.size(), NarrowClient::kRoom);
  while (narrow.in_flight() > 0) EXPECT_TRUE(narrow.run_once(link, milliseconds(0), -1).ok());
  EXPECT_EQ(narrow.topics.size(), 10u);
}

TEST_F(OnTheLine, NobodysAcknowledgementWaitsForAllTheOthers) {
  NarrowClient narrow;
  Downlink link(*store_, clock_, {}, narrow);
  const auto acknowledge = [&](int first, int last) {
    std::vector<AddressedAck> acks;
    for (int till = first; till <= last; ++till) {
      acks.push_back({StoreId("S01"), TillId(format("X{}", till)), {}});
    }
    link.send(std::move(acks));
  };
  acknowledge(0, 8);
  // The first ones are busy: as often as there is room, they have something new.
  for (int round = 0; round < 9; ++round) {
    acknowledge(0, 3);
    EXPECT_TRUE(narrow.run_once(link, milliseconds(0), -1).ok());
  }
  EXPECT_THAT(narrow.topics, ::testing::Contains(topics::ack(StoreId("S01"), TillId("X8"))));
}

}  // namespace
}  // namespace tillsight::hub
