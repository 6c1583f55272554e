/// \file
/// What till and hub say to each other besides events: topics and small messages (MQTT 5, JSON);
/// what a till asks stands in domain/questions.hpp.
/// The contract's page is docs/sync-protocol.md.
///
/// **Errors** Decoders answer kInvalidArgument with the field that is wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/ids.hpp"
#include "tillsight/domain/sequence_ranges.hpp"
#include "tillsight/domain/till_figures.hpp"

namespace tillsight {

namespace topics {
std::string events(const StoreId& store, const TillId& till);
std::string ack(const StoreId& store, const TillId& till);
std::string status(const StoreId& store, const TillId& till);
std::string ask(const StoreId& store, const TillId& till);
std::string answer(const StoreId& store, const TillId& till);
inline constexpr std::string_view kHubState = "tillsight/v1/hub/state";
inline constexpr std::string_view kAllEvents = "tillsight/v1/till/+/+/events";
inline constexpr std::string_view kAllStatus = "tillsight/v1/till/+/+/status";
inline constexpr std::string_view kAllAsks = "tillsight/v1/till/+/+/ask";

/// Whose topic this is: the till that the broker let publish there.
struct Address {
  StoreId store;
  TillId till;
  std::string leaf;  ///< "events", "status", …
};
Result<Address> parse(std::string_view topic);
}  // namespace topics

/// What the hub has made durable. The till unions the ranges; only this counts as delivered.
struct Ack {
  std::string
      hub_epoch;  ///< new when a hub is restored or replaced: tills offer again what it lacks
  Incarnation incarnation;
  SequenceRanges have;  ///< stored
  SequenceRanges
      held;        ///< in quarantine: kept by the hub raw, and by the till until a person looked
  int window = 0;  ///< how many events the till may have unacknowledged, 1 to 50
};
std::string to_json(const Ack& ack);
Result<Ack> parse_ack(std::string_view json);

/// The till's retained heartbeat; its last will is the same with state "offline".
struct TillStatus {
  std::string state;  ///< "online", "offline"
  std::string
      session;  ///< random per connection, so that an old will cannot speak for a new session
  std::string version;
  Incarnation incarnation;
  std::int64_t last_committed = 0;  ///< sequence
  std::int64_t unsynced = 0;        ///< events not yet acknowledged
  std::string oldest_unsynced;      ///< ISO 8601; empty: none
  std::string camera;               ///< "ok", or what is wrong with it
  std::string disk;
  std::string clock;                   ///< "trusted", "untrusted"
  std::optional<TillFigures> figures;  ///< none: the sender does not count
};
std::string to_json(const TillStatus& status);
Result<TillStatus> parse_till_status(std::string_view json);

/// The hub's retained state on topics::kHubState; its last will has online = false.
struct HubState {
  bool online = false;
  std::string hub_epoch;
  std::string trouble{};  ///< why nothing is stored and acknowledged at the moment; empty: none
};
std::string to_json(const HubState& state);
Result<HubState> parse_hub_state(std::string_view json);

}  // namespace tillsight
