/// \file
/// The till's side of the wire: brings every event of the outbox to the hub, once it is there.
///
/// The rules, whose page is docs/sync-protocol.md:
/// - Only the hub's acknowledgement counts as delivered; what the broker acknowledges may be lost.
/// - At most `window` events are unacknowledged, as the hub grants (10 until it has said), and a
///   fifth of them is kept free for live sales, which go out at once, before any backlog. One that
///   finds no room is the first to leave when there is some.
/// - What is not acknowledged is sent again after 2 s, doubling to 5 min, jittered; any progress
///   makes the wait short again. What a later event has overtaken does not wait for silence.
/// - What does not leave as it was sold says so in its notes, and is paced.
/// - While the hub is away one event an interval asks whether it is back.
/// - A hub of another epoch is offered everything that it does not say it has.
///
/// **Threads** thread-bound, to the thread of its client. **Ownership** borrows everything.
/// **Memory** never more than the window: 50 events of at most 128 KiB.
/// **Example**
/// \code
///   mqtt::Supervisor supervisor("sync", client, uplink, clock, random);
///   while (!stop.stop_requested()) {
///     supervisor.run_once(uplink.until_next_tick(), doorbell.fd());
///     while (auto event = reader.next()) uplink.live(std::move(*event));
///     uplink.tick();
///   }
///   uplink.say_goodbye();
///   client.disconnect();
/// \endcode
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/domain/ids.hpp"
#include "tillsight/domain/sequence_ranges.hpp"
#include "tillsight/domain/wire.hpp"
#include "tillsight/mqtt/client.hpp"
#include "tillsight/sync/outbox.hpp"
#include "tillsight/sync/pace.hpp"
#include "tillsight/sync/window.hpp"

namespace tillsight::sync {

/// Whose uplink this is.
struct TillIdentity {
  StoreId store;
  TillId till;
  Incarnation incarnation;
};

class Uplink final : public mqtt::Handler {
 public:
  static constexpr int kWindowStart = 10;
  static constexpr std::chrono::milliseconds kHeartbeat{60'000};
  /// How often the outbox is looked through although nothing hints at a backlog.
  static constexpr std::chrono::milliseconds kBacklogCheck{5'000};

  Uplink(const TillIdentity& identity, mqtt::Client& client, Outbox& outbox, const Clock& clock,
         Random& random);

  /// An event that has just become durable. Not sent now if the hub is away or the window is full:
  /// then the outbox has it.
  void live(OutboxEvent event);

  /// Does what time demands; call it at every turn of the loop.
  void tick();
  /// How long the loop may wait until the next tick().
  std::chrono::milliseconds until_next_tick() const;

  /// Publishes "offline"; the caller disconnects afterwards.
  void say_goodbye();

  /// \return why the broker refuses what this till publishes; none: it does not.
  const std::optional<Error>& refusal() const { return refusal_; }
  bool hub_is_there() const { return hub_ != Hub::kSilent; }
  int in_flight() const { return window_.size(); }
  int window() const { return granted_; }

  // What the connection tells.
  std::optional<mqtt::Will> will() override;
  void on_connected() override;
  void on_disconnected(const Error& why) override;
  void on_message(const mqtt::Message& message) override;
  void on_published(mqtt::PublishId id, const Status& outcome) override;

 private:
  /// Silent: it is offline, or nothing is known. Answering: it acknowledges, though its state is
  /// not known. Online: so says its state.
  enum class Hub { kSilent, kAnswering, kOnline };

  void on_ack(const Ack& ack);
  void on_hub_state(const HubState& state);
  void begin_epoch(const std::string& hub_epoch);
  void hub_came(Hub hub);
  void hub_went();
  void start_over();

  void subscribe(std::string_view topic);
  void send_status(TillStatus status);
  void fill_window();
  void send_late();
  void send_backlog();
  void send_probe();
  void send(std::vector<OutboxEvent> events, int replay);
  void drop_known(std::vector<OutboxEvent>& events) const;
  void publish(const std::vector<const OutboxEvent*>& events);

  int backlog_room() const;
  SequenceRanges up_to(std::int64_t last, const SequenceRanges& ranges);
  void complain(const Error& error);

  // Constant after construction.
  const TillIdentity identity_;
  const std::string events_topic_;
  const std::string ack_topic_;
  const std::string status_topic_;
  mqtt::Client& client_;
  Outbox& outbox_;
  const Clock& clock_;
  Random& random_;

  // The connection.
  bool connected_ = false;
  std::string session_;  ///< named in the will and in every status of one connection
  MonotonicTime heartbeat_at_;
  TillStatus last_status_;
  std::optional<Error> refusal_;

  // The hub.
  Hub hub_ = Hub::kSilent;
  std::string hub_epoch_;
  MonotonicTime probe_at_;
  int granted_ = kWindowStart;

  // The events.
  Window window_;
  SequenceRanges acknowledged_;  ///< by the hub of this epoch, as far as heard since the start
  Sequence newest_;              ///< that has been sent
  Sequence late_;                ///< the first live sale that found no room; 0: none
  Sequence cursor_;              ///< the backlog up to here is acknowledged or in the window
  MonotonicTime backlog_at_;     ///< when to look at it next
  Pace pace_;
  std::string last_complaint_;
};

}  // namespace tillsight::sync
