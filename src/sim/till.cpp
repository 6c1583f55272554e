#include "sim/till.hpp"

#include <utility>

#include "tillsight/domain/limits.hpp"

namespace tillsight::sim {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kCountPeriod{1'000};
constexpr milliseconds kTendPeriod{1'000};
constexpr std::size_t kRing = 8;

JournalSettings settings_in(const std::filesystem::path& folder) {
  return {folder / "till.db", StoreId("S01"), TillId("T01"), 1, SecretKey(Digest{})};
}

}  // namespace

/// What dies with the process. Also the uplink's port onto the journal: what app does with two
/// threads, in one.
class Till::Process final : public sync::Outbox {
 public:
  Process(Till& box, Journal journal, JournalReader reader)
      : box_(box),
        journal_(std::move(journal)),
        reader_(std::move(reader)),
        client_(box.broker_),
        spoilt_(client_, *this, box.bug_),
        uplink_({box.settings_.store, box.settings_.till, journal_.incarnation()}, connection(),
                *this, box.clock_, box.random_),
        supervisor_("sync", connection(), uplink_, box.clock_, box.random_) {}

  void sell(const Invoice& invoice) {
    // Of a sale whose fate the disk does not tell the clerk hears nothing, and sells nothing more.
    if (!journal_.unsettled())
      answer(journal_.append(invoice, R"({"version":1,"lines":[],"held":[]})"));
  }

  void turn() {
    for (; !ring_.empty(); ring_.pop_front()) uplink_.live(std::move(ring_.front()));
    uplink_.tick();
    supervisor_.run_once(milliseconds{0}, -1);
    if (uplink_.in_flight() > limits::kWindowMax)
      box_.story_.violation("{} events are in flight", uplink_.in_flight());
    if (box_.stalled_) return;
    for (; !notices_.empty(); notices_.pop_front()) take(notices_.front());
    if (journal_.unsettled()) answer(journal_.settle());
    if (box_.clock_.monotonic_now() < tend_at_) return;
    tend_at_ = box_.clock_.monotonic_now() + kTendPeriod;
    if (const Status done = journal_.tend(); !done.ok()) report(done.error());
  }

  void lose_ring() { ring_.clear(); }
  mqtt::FakeClient& line() { return client_; }
  bool settled() {
    const auto counts = reader_.counts();
    return counts.ok() && counts->unsynced == 0 && notices_.empty() && uplink_.in_flight() == 0;
  }

  Result<std::vector<sync::OutboxEvent>> pending(Sequence after, int count_max) override {
    TILLSIGHT_ASSIGN(const std::vector<Event> events, reader_.pending(after, count_max));
    std::vector<sync::OutboxEvent> pending;
    for (const Event& event : events)
      pending.push_back({event.identity.sequence, to_cloud_events({event})});
    return pending;
  }
  void on_hub_epoch(std::string_view hub_epoch) override {
    notices_.push_back({std::string(hub_epoch), journal_.incarnation(), {}, {}, 0});
  }
  void on_ack(const Ack& ack) override { notices_.push_back(ack); }
  TillStatus status() override {
    const MonotonicTime now = box_.clock_.monotonic_now();
    if (now >= counted_at_ + kCountPeriod) {
      counted_at_ = now;
      if (const auto counts = reader_.counts(); counts.ok()) {
        status_.unsynced = counts->unsynced;
        status_.oldest_unsynced = counts->oldest_unsynced;
      }
    }
    status_.incarnation = journal_.incarnation();
    status_.last_committed = journal_.last_sequence().value();
    return status_;
  }

 private:
  mqtt::Client& connection() {
    if (box_.bug_ == PlantedBug::kNone) return client_;
    return spoilt_;
  }

  void answer(Result<Event> event) {
    if (journal_.unsettled()) return;
    if (!event.ok()) return report(event.error());
    ring_.push_back({event->identity.sequence, to_cloud_events({*event})});
    if (ring_.size() > kRing) ring_.clear();
    box_.story_.tell("sale {} is confirmed", event->identity.sequence.value());
    box_.confirmed_.push_back(*std::move(event));
  }

  /// A window of 0 marks the notice of an epoch.
  void take(const Ack& notice) {
    const Status taken = notice.window == 0 ? journal_.begin_hub_epoch(notice.hub_epoch)
                                            : journal_.acknowledge(notice);
    if (!taken.ok()) report(taken.error());
  }

  void report(const Error& error) {
    box_.story_.tell("till: {}", error.message());
    if (error.code() == Code::kDataLoss)
      box_.story_.violation("the till's journal is damaged: {}", error.message());
  }

  Till& box_;
  Journal journal_;
  JournalReader reader_;
  mqtt::FakeClient client_;
  SpoiltTillLine spoilt_;
  sync::Uplink uplink_;
  mqtt::Supervisor supervisor_;

  std::deque<sync::OutboxEvent> ring_;
  std::deque<Ack> notices_;
  TillStatus status_;
  MonotonicTime counted_at_{-kCountPeriod};
  MonotonicTime tend_at_;
};

Till::Till(const std::filesystem::path& folder, mqtt::FakeBroker& broker, const FakeClock& clock,
           Random& random, PlantedBug bug, Story& story)
    : settings_(settings_in(folder)),
      broker_(broker),
      clock_(clock),
      random_(random),
      bug_(bug),
      story_(story),
      disk_(folder) {}

Till::~Till() {
  kill();
}

bool Till::start() {
  auto journal = Journal::open(settings_, random_, clock_);
  auto reader = journal.ok() ? JournalReader::open(settings_.file, settings_.personal_key)
                             : Result<JournalReader>(journal.error());
  if (!reader.ok()) {
    story_.tell("till: does not start: {}", reader.error().message());
    if (reader.error().code() == Code::kDataLoss)
      story_.violation("the till's journal is damaged: {}", reader.error().message());
    return false;
  }
  story_.tell("till: starts after event {}", journal->last_sequence().value());
  process_ = std::make_unique<Process>(*this, std::move(*journal), std::move(*reader));
  ++story_.outcome().reopened;
  return true;
}

void Till::kill() {
  // What a process has open may only close after its death, and writes nothing any more.
  if (process_) disk_.restore(disk_.state());
  process_.reset();
}

void Till::power_cut() {
  disk_.power_cut(random_);
  process_.reset();
}

void Till::sell(const Invoice& invoice) {
  if (process_) process_->sell(invoice);
}

void Till::turn() {
  if (process_) process_->turn();
}

void Till::lose_ring() {
  if (process_) process_->lose_ring();
}

mqtt::FakeClient& Till::line() {
  return process_->line();
}

bool Till::settled() {
  return process_ && process_->settled();
}

}  // namespace tillsight::sim
