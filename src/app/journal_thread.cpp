#include <utility>

#include "app/till_threads.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/journal/older.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStopLatency{500};
/// However busy it is: so often the disk is looked after, or an ailing one is tried again.
constexpr milliseconds kTendPeriod{1'000};

class JournalLoop {
 public:
  JournalLoop(Journal& journal, const Clock& clock, TillQueues& queues)
      : journal_(journal), clock_(clock), queues_(queues), watch_(clock, journal.last_clock()) {
    show_disk();
  }

  void turn() {
    watch_clock();
    if (const auto commit = queues_.commits.try_pop()) {
      // What the counter was before it paid is older than the commit and must not overwrite it.
      queues_.counter_states.take();
      write(*commit);
    }
    if (const auto state = queues_.counter_states.take()) {
      report(journal_.save_counter_state(*state));
    }
    while (const auto sequence = queues_.printed.try_pop()) {
      report(journal_.note_printed(*sequence));
    }
    while (const auto notice = queues_.hub_notices.try_pop()) {
      std::visit([this](const auto& told) { take(told); }, *notice);
    }
    if (clock_.monotonic_now() >= tended_at_ + kTendPeriod) tend();
    show_disk();
  }

  bool has_work() const {
    return queues_.commits.size() > 0 || !queues_.counter_states.empty() ||
           queues_.hub_notices.size() > 0 || queues_.printed.size() > 0;
  }

  void tend() {
    settle();
    report(journal_.tend());
    look_for_damaged();
    tended_at_ = clock_.monotonic_now();
  }

 private:
  void write(const Commit& commit) {
    settle();
    if (journal_.unsettled()) {
      return answer(error(Code::kUnavailable, "the till's disk does not answer; try again"));
    }
    if (std::holds_alternative<ReportWish>(commit.posting)) {
      auto sums = journal_.day_sums();
      return sums.ok() ? answer(JournalAnswer(*std::move(sums))) : answer(sums.error());
    }
    auto event = append(commit);
    // Of a sale whose fate the disk does not tell, the clerk hears nothing until it does.
    clerk_waits_ = journal_.unsettled();
    if (clerk_waits_) return;
    finish(std::move(event));
  }

  Result<Event> append(const Commit& commit) {
    if (const auto* const invoice = std::get_if<Invoice>(&commit.posting)) {
      return journal_.append(*invoice, commit.state_after, commit.learnt, commit.sold.get());
    }
    if (const auto* const opening = std::get_if<DayOpening>(&commit.posting)) {
      return journal_.append(*opening, commit.state_after);
    }
    if (const auto* const movement = std::get_if<CashMovement>(&commit.posting)) {
      return journal_.append(*movement, commit.state_after);
    }
    return journal_.append(std::get<DayClosing>(commit.posting), commit.state_after);
  }

  /// The disk is asked once more for what became of the last event.
  void settle() {
    if (!journal_.unsettled()) return;
    auto event = journal_.settle();
    if (journal_.unsettled()) return;
    const bool clerk_waited = std::exchange(clerk_waits_, false);
    if (clerk_waited) return finish(std::move(event));
    if (event.ok()) publish(*event);
  }

  void finish(Result<Event> event) {
    if (!event.ok()) return answer(event.error());
    publish(*event);
    answer(JournalAnswer(*std::move(event)));
  }

  void publish(const Event& event) {
    queues_.events.publish(event.identity.sequence.value(), to_cloud_events({event}));
  }

  void answer(Result<JournalAnswer> outcome) {
    if (!outcome.ok()) notice_damage(outcome.error());
    const bool answered = queues_.outcomes.try_push(std::move(outcome));
    TILLSIGHT_CHECK(answered, "the counter has not taken the answer to its last sale");
  }

  /// Before any sale that is sealed with the corrected clock.
  void watch_clock() {
    const auto step = watch_.look();
    if (!step || journal_.unsettled()) return;
    const auto event = journal_.append(ClockCorrection{step->expected, step->now});
    if (!event.ok()) return report(event.error());
    watch_.taken(*step);
    log::info("journal: the clock was {} and is {} now ({})", to_iso8601(step->expected),
              to_iso8601(step->now.utc), step->now.trusted ? "trusted" : "not trusted");
    publish(*event);
  }

  void take(const Ack& ack) { report(journal_.acknowledge(ack)); }
  void take(const std::string& hub_epoch) { report(journal_.begin_hub_epoch(hub_epoch)); }

  /// Logged once, not once a second.
  void report(const Status& status) {
    if (!status.ok()) notice_damage(status.error());
    const std::string trouble = status.ok() ? "" : status.error().message();
    if (!trouble.empty() && trouble != trouble_) log::error("journal: {}", trouble);
    trouble_ = trouble;
  }

  void notice_damage(const Error& error) {
    if (error.code() == Code::kDataLoss) queues_.damage.put(error);
  }

  /// An alarm until a person has looked.
  void look_for_damaged() {
    const auto unseen = journal::unseen(journal_.file());
    alarm_ = unseen.empty() ? ""
                            : format(
                                  "a damaged journal lies in {}; when somebody has looked at it, "
                                  "make a file named seen there",
                                  unseen.back().string());
  }

  /// The clerk sees it, and head office reads it in the till's heartbeat.
  void show_disk() {
    DiskState disk = journal_.disk();
    if (disk.warning.empty()) disk.warning = alarm_;
    if (disk == shown_) return;
    if (disk.kind != shown_.kind || disk.warning != shown_.warning) {
      const auto level = to_string(disk) == "ok" ? log::Level::kInfo : log::Level::kError;
      log::write(level, "journal: disk: " + to_string(disk));
    }
    shown_ = disk;
    queues_.disk.set(to_string(disk));
    queues_.disk_states.put(disk);
  }

  Journal& journal_;
  const Clock& clock_;
  TillQueues& queues_;
  ClockWatch watch_;
  bool clerk_waits_ = false;  // for the unsettled event
  std::string trouble_;
  DiskState shown_;
  std::string alarm_;
  MonotonicTime tended_at_ = MonotonicTime::min();
};

}  // namespace

void run_journal(Journal& journal, const Clock& clock, TillQueues& queues, std::stop_token stop) {
  JournalLoop loop(journal, clock, queues);
  while (!stop.stop_requested()) {
    queues.journal_pulse.beat();
    if (!queues.journal_bell.wait(stop, kStopLatency, [&] { return loop.has_work(); })) loop.tend();
    loop.turn();
  }
  while (loop.has_work()) loop.turn();
}

}  // namespace tillsight::app
