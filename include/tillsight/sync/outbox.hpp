/// \file
/// What the uplink needs of the till: the port that `app` implements over the journal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/ids.hpp"
#include "tillsight/domain/wire.hpp"

namespace tillsight::sync {

/// One event as it travels.
struct OutboxEvent {
  Sequence sequence;
  std::string cloud_event;  ///< one CloudEvents object, at most limits::kPayloadBytes
  /// 0: it leaves when it was sold. Otherwise how often it has been sent or put off before; travels
  /// among the event's notes.
  int replay = 0;
};

/// **Threads** called on the uplink's thread. The two notices may hand over to another thread:
/// the uplink copes with a pending() that has not heard of them yet.
class Outbox {
 public:
  virtual ~Outbox() = default;

  /// \return the first `count_max` events after `after`, in order, that the hub of the present
  /// epoch has not acknowledged. Fewer: there are no more.
  virtual Result<std::vector<OutboxEvent>> pending(Sequence after, int count_max) = 0;

  /// The hub's epoch, told whenever the uplink learns it. If it is another than the one on file,
  /// nothing counts as acknowledged until this hub's acknowledgements say so.
  virtual void on_hub_epoch(std::string_view hub_epoch) = 0;

  /// The hub of the present epoch has these; ranges never reach beyond status().last_committed.
  virtual void on_ack(const Ack& ack) = 0;

  /// The heartbeat without `state` and `session`. Asked for at every tick: it must cost nothing.
  virtual TillStatus status() = 0;
};

}  // namespace tillsight::sync
