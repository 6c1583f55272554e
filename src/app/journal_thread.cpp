#include "app/till_threads.hpp"
#include "tillsight/core/log.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStopLatency{500};

class JournalLoop {
 public:
  JournalLoop(Journal& journal, const Clock& clock, TillQueues& queues)
      : journal_(journal), queues_(queues), watch_(clock, journal.last_clock()) {}

  void turn() {
    watch_clock();
    if (auto commit = queues_.commits.try_pop()) {
      // What the counter was before it paid is older than the commit and must not overwrite it.
      queues_.counter_states.take();
      write(*commit);
    }
    if (const auto state = queues_.counter_states.take()) {
      report(journal_.save_counter_state(*state));
    }
    while (const auto notice = queues_.hub_notices.try_pop()) {
      std::visit([this](const auto& told) { take(told); }, *notice);
    }
  }

  bool has_work() const {
    return queues_.commits.size() > 0 || !queues_.counter_states.empty() ||
           queues_.hub_notices.size() > 0;
  }

  void idle() { report(journal_.checkpoint()); }

 private:
  void write(const Commit& commit) {
    auto event = journal_.append(commit.invoice, commit.state_after);
    if (event.ok()) {
      queues_.disk.set("ok");
      queues_.events.publish(event->identity.sequence.value(), to_cloud_events({*event}));
    } else {
      queues_.disk.set(event.error().message());
    }
    const bool answered = queues_.outcomes.try_push(std::move(event));
    TILLSIGHT_CHECK(answered, "the counter has not taken the answer to its last sale");
  }

  /// Before any sale that is sealed with the corrected clock.
  void watch_clock() {
    const auto step = watch_.look();
    if (!step) return;
    const auto event = journal_.append(ClockCorrection{step->expected, step->now});
    if (!event.ok()) return report(event.error());
    watch_.taken(*step);
    log::info("journal: the clock was {} and is {} now ({})", to_iso8601(step->expected),
              to_iso8601(step->now.utc), step->now.trusted ? "trusted" : "not trusted");
    queues_.events.publish(event->identity.sequence.value(), to_cloud_events({*event}));
  }

  void take(const Ack& ack) { report(journal_.acknowledge(ack)); }
  void take(const std::string& hub_epoch) { report(journal_.begin_hub_epoch(hub_epoch)); }

  /// Logged once, not once a second; head office reads it in the till's heartbeat.
  void report(const Status& status) {
    const std::string trouble = status.ok() ? "" : status.error().message();
    if (!trouble.empty() && trouble != trouble_) log::error("journal: {}", trouble);
    if (trouble != trouble_) queues_.disk.set(trouble.empty() ? "ok" : trouble);
    trouble_ = trouble;
  }

  Journal& journal_;
  TillQueues& queues_;
  ClockWatch watch_;
  std::string trouble_;
};

}  // namespace

void run_journal(Journal& journal, const Clock& clock, TillQueues& queues, std::stop_token stop) {
  JournalLoop loop(journal, clock, queues);
  while (!stop.stop_requested()) {
    if (!queues.journal_bell.wait(stop, kStopLatency, [&] { return loop.has_work(); })) loop.idle();
    loop.turn();
  }
  while (loop.has_work()) loop.turn();
}

}  // namespace tillsight::app
