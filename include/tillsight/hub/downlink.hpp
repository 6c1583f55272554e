/// \file
/// The hub's side of the wire: what arrives goes into the ingest, what is durable is acknowledged,
/// what a till asks is answered, and everybody is told how the hub is. The till's side is
/// sync/uplink.hpp.
///
/// A batch is written as soon as the line is silent for a moment, or when the ingest says that it
/// is due: a lone sale waits for nobody, and what arrives during a commit makes the next batch.
///
/// While the database cannot be written nothing is acknowledged, `hub/state` says why, and the same
/// batch is tried again every second; tills send again whatever was shed meanwhile.
///
/// **Threads** thread-bound, to the thread of store and client. **Ownership** Borrows everything;
/// all must outlive it.
/// **Errors** only kDataLoss leaves turn() and flush(): the database is damaged, a person must act.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/hub/ingest.hpp"
#include "tillsight/hub/responder.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/mqtt/client.hpp"

namespace tillsight::hub {

class Downlink final : public mqtt::Handler {
 public:
  static constexpr std::chrono::milliseconds kRetry{1'000};

  Downlink(HubStore& store, const Clock& clock, const IngestSettings& settings,
           mqtt::Client& client);

  /// Does what time demands; call it at every turn of the loop.
  Status turn();
  /// How long the loop may wait until the next turn().
  std::chrono::milliseconds patience() const;
  /// Writes what is pending, at once.
  Status flush();
  /// Publishes "offline", with the trouble if there is one; the caller disconnects afterwards.
  void say_goodbye();

  Ingest& ingest() { return ingest_; }
  /// Publishes these, as far as the connection has room; the rest follows by itself.
  void send(std::vector<AddressedAck> acks);
  /// \return what keeps the hub from storing; empty: nothing.
  const std::string& trouble() const { return trouble_; }

  // What the connection tells.
  std::optional<mqtt::Will> will() override;
  void on_connected() override;
  void on_disconnected(const Error& why) override;
  void on_message(const mqtt::Message& message) override;
  void on_published(mqtt::PublishId id, const Status& outcome) override;

 private:
  using AckKey = std::pair<std::string, Incarnation>;

  void answer(const mqtt::Message& message);
  void fail(const Error& why);
  void heal();
  void announce();
  void send_what_waits();
  bool publish(std::string_view topic, const std::string& payload, mqtt::Retain retain);
  bool publish_state(bool online);
  void complain(const Error& error);

  HubStore& store_;
  const Clock& clock_;
  Ingest ingest_;
  Responder responder_;
  mqtt::Client& client_;

  MonotonicTime retry_at_{};
  MonotonicTime tend_at_{};
  std::int64_t received_ = 0;  ///< messages, when turn() last looked
  std::string trouble_;
  std::string last_complaint_;
  bool state_due_ = false;
  /// By topic and incarnation. Acks are cumulative, so only the newest of a journal waits here.
  std::map<AckKey, Ack> unsent_;
  AckKey last_sent_;  ///< the next in turn is the one after it, so that nobody waits for ever
};

}  // namespace tillsight::hub
