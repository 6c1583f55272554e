/// \file
/// A small world for the tests of sync: one till's outbox, a hub, a broker, one clock.
#pragma once

#include <gtest/gtest.h>

#include <charconv>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tillsight/core/fake_clock.hpp"
#include "tillsight/domain/limits.hpp"
#include "tillsight/mqtt/fake_broker.hpp"
#include "tillsight/mqtt/supervisor.hpp"
#include "tillsight/sync/uplink.hpp"

namespace tillsight::sync {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

inline const TillIdentity kTill{StoreId("S01"), TillId("T03"), Incarnation(std::string(32, 'a'))};
inline const std::string kEventsTopic = topics::events(kTill.store, kTill.till);
inline const std::string kAckTopic = topics::ack(kTill.store, kTill.till);
inline const std::string kStatusTopic = topics::status(kTill.store, kTill.till);

/// \return an event's stand-in, of `padding` bytes and a few; the uplink never looks inside.
inline std::string event_text(std::int64_t sequence, std::size_t padding = 0) {
  return format(R"({{"data":{{"n":{},"pad":"{}"}}}})", sequence, std::string(padding, 'x'));
}

/// \return the numbers of the events in a payload.
inline std::vector<std::int64_t> numbers_in(std::string_view payload) {
  std::vector<std::int64_t> numbers;
  constexpr std::string_view kKey = R"("n":)";
  for (auto at = payload.find(kKey); at != payload.npos; at = payload.find(kKey, at + 1)) {
    std::int64_t number = 0;
    std::from_chars(payload.data() + at + kKey.size(), payload.data() + payload.size(), number);
    numbers.push_back(number);
  }
  return numbers;
}

/// \return the replay note of the first event in a payload; 0: none.
inline int replay_in(std::string_view payload) {
  constexpr std::string_view kKey = R"({"data":{"notes":{"replay":)";
  int times = 0;
  if (const auto at = payload.find(kKey); at != payload.npos)
    std::from_chars(payload.data() + at + kKey.size(), payload.data() + payload.size(), times);
  return times;
}

/// A journal whose thread marks acknowledgements only when settle() is called.
class FakeOutbox final : public Outbox {
 public:
  /// \return the event that has just been sold.
  OutboxEvent sell(std::size_t padding = 0) {
    events.push_back(event_text(committed() + 1, padding));
    return {Sequence(committed()), events.back()};
  }
  std::int64_t committed() const { return static_cast<std::int64_t>(events.size()); }

  Result<std::vector<OutboxEvent>> pending(Sequence after, int count_max) override {
    ++queries;
    if (broken) return error(Code::kUnavailable, "journal.db is busy");
    std::vector<OutboxEvent> found;
    for (std::int64_t n = after.value() + 1;
         n <= committed() && found.size() < static_cast<std::size_t>(count_max); ++n) {
      if (!delivered.contains(Sequence(n)))
        found.push_back({Sequence(n), events[static_cast<std::size_t>(n - 1)]});
    }
    return found;
  }
  void on_hub_epoch(std::string_view hub_epoch) override {
    notices_.push_back({std::string(hub_epoch), {}});
  }
  void on_ack(const Ack& ack) override {
    notices_.push_back({ack.hub_epoch, ack.have});
    notices_.push_back({ack.hub_epoch, ack.held});
  }
  TillStatus status() override {
    if (!stale) health.last_committed = committed();
    health.incarnation = kTill.incarnation;
    return health;
  }

  /// The journal's thread has its turn.
  void settle() {
    for (; !notices_.empty(); notices_.pop_front()) {
      auto& [hub_epoch, ranges] = notices_.front();
      if (std::exchange(epoch_, hub_epoch) != hub_epoch) delivered = {};
      delivered.insert(ranges);
    }
  }

  std::vector<std::string> events;
  SequenceRanges delivered;
  TillStatus health = healthy();
  bool broken = false;
  bool stale = false;  ///< its status lags behind its sales
  int queries = 0;

 private:
  static TillStatus healthy() {
    TillStatus status;
    status.camera = "ok";
    return status;
  }

  std::deque<std::pair<std::string, SequenceRanges>> notices_;
  std::string epoch_;
};

/// A hub that stores at once, and acknowledges everything it has after every turn.
class FakeHub final : public mqtt::Handler {
 public:
  explicit FakeHub(mqtt::Client& connection) : client(connection) {}

  std::optional<mqtt::Will> will() override {
    return mqtt::Will{std::string(topics::kHubState), to_json(HubState{false, epoch})};
  }
  void on_connected() override {
    up_ = true;
    EXPECT_TRUE(client.subscribe(topics::kAllEvents).ok());
    publish(std::string(topics::kHubState), to_json(HubState{true, epoch}), mqtt::Retain::kYes);
  }
  void on_disconnected(const Error&) override { up_ = false; }
  void on_published(mqtt::PublishId, const Status&) override {}
  void on_message(const mqtt::Message& message) override {
    EXPECT_LE(message.payload.size(), limits::kPayloadBytes);
    payloads.push_back(numbers_in(message.payload));
    replays.emplace_back(payloads.back().front(), replay_in(message.payload));
    for (const std::int64_t number : payloads.back()) {
      duplicates += have.contains(Sequence(number)) ? 1 : 0;
      (poison.contains(number) ? held : have).insert(Sequence(number));
    }
    dirty_ = true;
  }

  /// Connects if it is meant to be up, receives, acknowledges.
  void turn() {
    if (running && !up_ && client.connect(will()).ok()) up_ = true;
    if (!up_) return;
    const Status status = client.run_once(*this, milliseconds{0}, -1);
    if (!status) up_ = false;
    if (std::exchange(dirty_, false) && !mute) send_ack();
  }
  void send_ack() {
    const Ack ack{epoch, kTill.incarnation, have, held, window};
    if (client.connected()) publish(kAckTopic, to_json(ack), mqtt::Retain::kNo);
  }
  /// Comes back from a backup that has events only up to `last`.
  void restore(std::int64_t last) {
    epoch += "'";
    SequenceRanges kept;
    for (const SequenceRange& range : have.ranges())
      if (range.first <= last) kept.insert({range.first, std::min(range.last, last)});
    have = kept;
    held = {};
    running = true;
  }

  mqtt::Client& client;
  bool running = true;
  bool mute = false;  ///< stores, and acknowledges nothing
  std::string epoch = "first";
  int window = 50;
  std::set<std::int64_t> poison;
  SequenceRanges have;
  SequenceRanges held;
  std::vector<std::vector<std::int64_t>> payloads;
  std::vector<std::pair<std::int64_t, int>> replays;  ///< of each payload the first event's note
  int duplicates = 0;

 private:
  void publish(const std::string& topic, const std::string& payload, mqtt::Retain retain) {
    EXPECT_TRUE(client.publish(topic, payload, retain).ok());
  }
  bool up_ = false;
  bool dirty_ = false;
};

/// A till on one side, a hub on the other.
struct World {
  explicit World(std::uint64_t seed) : random(seed) {}

  static constexpr milliseconds kStep{100};

  void till_turn() {
    supervisor.run_once(kStep, -1);
    uplink.tick();
    EXPECT_LE(uplink.in_flight(), limits::kWindowMax);
  }
  void step() {
    clock.advance(kStep);
    till_turn();
    hub.turn();
    outbox.settle();
  }
  void pass(milliseconds how_long) {
    for (milliseconds gone{0}; gone < how_long; gone += kStep) step();
  }
  /// \return whether that became true within `limit`.
  template <typename Done>
  bool passes_until(milliseconds limit, Done done) {
    for (milliseconds gone{0}; gone < limit && !done(); gone += kStep) step();
    return done();
  }
  bool all_delivered() const { return outbox.delivered.contiguous_to() == outbox.committed(); }
  /// The counter confirms a sale: durable first, then into the ring.
  void sell(std::size_t padding = 0) { uplink.live(outbox.sell(padding)); }
  /// Sales of a time when nobody read the ring.
  void sell_unheard(int count, std::size_t padding = 0) {
    for (int i = 0; i < count; ++i) outbox.sell(padding);
  }

  void kill_hub() {
    hub.running = false;
    broker.cut(hub_client);
    hub.turn();
  }
  void restore_hub(std::int64_t last) {
    kill_hub();
    hub.restore(last);
  }

  FakeClock clock;
  SeededRandom random;
  mqtt::FakeBroker broker{random};
  mqtt::FakeClient client{broker};
  mqtt::FakeClient hub_client{broker};
  FakeHub hub{hub_client};
  FakeOutbox outbox;
  Uplink uplink{kTill, client, outbox, clock, random};
  mqtt::Supervisor supervisor{"sync", client, uplink, clock, random};
};

}  // namespace tillsight::sync
