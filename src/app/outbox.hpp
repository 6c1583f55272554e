/// \file
/// The uplink's port onto the journal: reads on the sync thread's own connection, and hands what
/// the hub has told to the journal's thread.
///
/// **Threads** thread-bound to the sync thread.
#pragma once

#include <optional>

#include "app/till_queues.hpp"
#include "tillsight/core/clock.hpp"
#include "tillsight/journal/reader.hpp"
#include "tillsight/sync/outbox.hpp"

namespace tillsight::app {

class JournalOutbox final : public sync::Outbox {
 public:
  JournalOutbox(JournalReader& journal, TillQueues& queues, const Clock& clock, TillStatus constant)
      : journal_(journal), queues_(queues), clock_(clock), status_(std::move(constant)) {}

  Result<std::vector<sync::OutboxEvent>> pending(Sequence after, int count_max) override;
  void on_hub_epoch(std::string_view hub_epoch) override;
  void on_ack(const Ack& ack) override;
  TillStatus status() override;

 private:
  void tell_journal();
  void notify(HubNotice notice);
  const Error& notice_damage(const Error& error);
  void count_unsynced();

  JournalReader& journal_;
  TillQueues& queues_;
  const Clock& clock_;
  TillStatus status_;
  MonotonicTime counted_at_ = MonotonicTime::min();
  std::optional<Ack> untold_;  ///< the union of what the journal has not heard yet
  MonotonicTime told_at_{};
};

}  // namespace tillsight::app
