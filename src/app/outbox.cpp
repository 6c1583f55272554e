#include "app/outbox.hpp"

#include <utility>

#include "tillsight/core/log.hpp"

namespace tillsight::app {
namespace {

/// While a backlog drains the hub answers a hundred times a second. Each word costs the journal a
/// commit, and a sale that is paid meanwhile must not stand behind them.
constexpr std::chrono::milliseconds kTellPeriod{100};
/// The heartbeat is asked for at every tick; counting the outbox is not free.
constexpr std::chrono::milliseconds kCountPeriod{1'000};

}  // namespace

Result<std::vector<sync::OutboxEvent>> JournalOutbox::pending(Sequence after, int count_max) {
  const auto found = journal_.pending(after, count_max);
  if (!found.ok()) return notice_damage(found.error());
  const std::vector<Event>& events = *found;
  std::vector<sync::OutboxEvent> pending;
  pending.reserve(events.size());
  for (const Event& event : events) {
    pending.push_back({event.identity.sequence, to_cloud_events({event})});
  }
  return pending;
}

/// Whoever reads finds damage first: what the writer wrote, it remembers.
const Error& JournalOutbox::notice_damage(const Error& error) {
  if (error.code() == Code::kDataLoss) queues_.damage.put(error);
  return error;
}

void JournalOutbox::on_hub_epoch(std::string_view hub_epoch) {
  tell_journal();
  notify(std::string(hub_epoch));
}

void JournalOutbox::on_ack(const Ack& ack) {
  if (untold_ && untold_->hub_epoch == ack.hub_epoch) {
    untold_->have.insert(ack.have);
    untold_->held.insert(ack.held);
  } else {
    tell_journal();
    untold_ = ack;
  }
  if (clock_.monotonic_now() >= told_at_ + kTellPeriod) tell_journal();
}

void JournalOutbox::tell_journal() {
  if (!untold_) return;
  notify(*std::exchange(untold_, std::nullopt));
  told_at_ = clock_.monotonic_now();
}

void JournalOutbox::notify(HubNotice notice) {
  // A journal that is so far behind has other troubles; the hub says it again with its next ack.
  if (!queues_.hub_notices.try_push(std::move(notice))) {
    log::warning("sync: the journal is behind; an acknowledgement waits for the next one");
  }
}

TillStatus JournalOutbox::status() {
  if (clock_.monotonic_now() >= told_at_ + kTellPeriod) tell_journal();
  if (clock_.monotonic_now() >= counted_at_ + kCountPeriod || counted_at_ == MonotonicTime::min()) {
    count_unsynced();
    queues_.backlog.put(status_);
    counted_at_ = clock_.monotonic_now();
  }
  status_.last_committed = queues_.events.newest();
  status_.camera = queues_.camera.get(clock_.monotonic_now());
  status_.disk = queues_.disk.get();
  status_.clock = clock_.trusted() ? "trusted" : "untrusted";
  status_.figures = queues_.figures.get();
  return status_;
}

void JournalOutbox::count_unsynced() {
  const auto counts = journal_.counts();
  if (!counts.ok()) {
    log::warning("sync: {}", notice_damage(counts.error()).message());
    return;
  }
  status_.unsynced = counts->unsynced;
  status_.oldest_unsynced = counts->oldest_unsynced;
}

}  // namespace tillsight::app
