/// \file
/// What arrives from the tills, on its way into the database: checked, gathered, written in one
/// transaction, and only then acknowledged.
///
///     receive(topic, payload) ─► check ─► pending ─► flush(): one transaction ─► acks to publish
///
/// Nothing that is wrong stops what is right: an element that is no valid event is kept raw and the
/// rest of its batch goes on. A till whose event was not acknowledged sends it again, so whatever
/// is dropped here is only late.
///
/// **Threads** thread-bound: the thread of the HubStore, which it borrows and which must outlive
/// it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/domain/wire.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::hub {

struct IngestSettings {
  std::size_t batch_arrivals = 500;          ///< so many are due at once,
  std::chrono::milliseconds batch_wait{20};  ///< fewer when the first of them waited so long
  std::size_t pending_bytes_max = 16 * 1024 * 1024;  ///< above that, load is shed
  /// Events in flight from all tills together: below a broker's queue for one client, which is
  /// 1,000 messages by default and drops silently.
  int in_flight_max = 800;
};

/// Since this object was made.
struct IngestCounters {
  std::int64_t received = 0;  ///< messages
  std::int64_t stored = 0;    ///< events
  std::int64_t duplicates = 0;
  std::int64_t conflicts = 0;     ///< alarm: two events under one identity
  std::int64_t quarantined = 0;   ///< alarm
  std::int64_t misaddressed = 0;  ///< alarm, also quarantined: a till spoke for another
  std::int64_t chain_breaks = 0;  ///< alarm: an event does not continue the one before it
  std::int64_t shed = 0;          ///< messages not taken because the database does not keep up
};

/// An acknowledgement and the till that it is for.
struct AddressedAck {
  StoreId store;
  TillId till;
  Ack ack;
};

/// What offering the quarantine again came to.
struct Replayed {
  std::int64_t stored = 0;  ///< are events now, or were already
  std::int64_t still = 0;   ///< are what they were
  std::string why;          ///< the first of those is still refused
  std::vector<AddressedAck> acks;
};

class Ingest {
 public:
  Ingest(HubStore& store, const Clock& clock, const IngestSettings& settings = {});

  /// Takes a message of topics::kAllEvents or kAllStatus; foreign bytes never make it fail.
  /// \return kResourceExhausted when too much is pending: the message is dropped, not acknowledged.
  Status receive(std::string_view topic, std::string_view payload);

  /// \return whether flush() should be called now.
  bool due(MonotonicTime now) const;
  bool empty() const { return pending_.empty(); }

  /// Writes what is pending in one transaction. \return what to publish: one ack for every journal
  /// that the batch touched. After an error everything stays pending and nothing is acknowledged:
  /// call again, with backoff; kDataLoss and kFailedPrecondition need a person first.
  Result<std::vector<AddressedAck>> flush();

  /// Takes rows of the quarantine as if they had just come: a newer program may understand them.
  /// Those that are events now are stored; the others stay. Safe to be run again after any error.
  /// \param id none: all of them. \return kNotFound if there is no such row.
  Result<Replayed> replay(std::optional<std::int64_t> id, const Decision& decision);

  const IngestCounters& counters() const { return counters_; }

 private:
  void take_status(const topics::Address& from, std::string_view topic, std::string_view payload);
  Status replay(const Quarantined& row, const Decision& decision, Replayed& replayed);
  void refuse(std::string_view topic, std::string_view raw, std::string reason);
  void add(std::variant<Delivered, Refused, Heartbeat> what);
  void count(const Written& written);
  void say_refused(std::int64_t refused);
  AddressedAck ack(const JournalId& journal) const;

  HubStore& store_;
  const Clock& clock_;
  const IngestSettings settings_;

  std::vector<Arrival> pending_;
  std::size_t pending_bytes_ = 0;
  MonotonicTime pending_since_;
  std::string first_refused_;  ///< of the pending ones, with its topic
  std::string last_refused_;   ///< as logged
  IngestCounters counters_;
};

}  // namespace tillsight::hub
