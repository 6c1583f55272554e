#include "app/till_threads.hpp"
#include "tillsight/core/log.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStopLatency{500};
constexpr milliseconds kLastAnswer{10'000};
/// What the camera changes is saved this often at most: flash wears out.
constexpr milliseconds kCameraSavePeriod{1'000};

class CounterLoop {
 public:
  CounterLoop(Counter& counter, const Currency& currency, const Clock& clock, TillQueues& queues)
      : counter_(counter), currency_(currency), clock_(clock), queues_(queues) {}

  void turn() {
    if (const auto disk = queues_.disk_states.take()) {
      counter_.see_disk(to_string(*disk), refusal(*disk));
    }
    if (auto outcome = queues_.outcomes.try_pop()) take(*outcome);
    if (const auto snapshot = queues_.snapshots.take()) counter_.see(*snapshot);
    // A key that is pressed while a sale is being written counts after it.
    while (!paying() && queues_.clerk.size() > 0) act(*queues_.clerk.try_pop());
    show();
    if (counter_.revision() != saved_ && clock_.monotonic_now() >= saved_at_ + kCameraSavePeriod) {
      save();
    }
  }

  bool has_work() const {
    return !queues_.snapshots.empty() || queues_.outcomes.size() > 0 ||
           !queues_.disk_states.empty() || (queues_.clerk.size() > 0 && !paying());
  }
  void finish() {
    turn();
    save();
  }

  bool paying() const { return counter_.pending() != nullptr; }

 private:
  void act(const ClerkAction& action) {
    if (!counter_.act(action).ok()) return;  // the view carries the reason to the clerk
    if (counter_.pending() == nullptr) return save();
    const bool accepted =
        queues_.commits.try_push(Commit{*counter_.pending(), counter_.state_after_commit()});
    TILLSIGHT_CHECK(accepted, "two sales are being written at once");
  }

  void take(const Result<Event>& outcome) {
    if (outcome.ok()) {
      counter_.committed(*outcome);
    } else {
      log::error("counter: the sale was not written: {}", outcome.error().message());
      counter_.failed(outcome.error());
    }
    // What was written is state_after_commit(); a word that came in since is not in it.
    save();
  }

  void save() {
    if (paying()) return;  // a saved open sale must never outlive its payment
    queues_.counter_states.put(counter_.state_json());
    saved_ = counter_.revision();
    saved_at_ = clock_.monotonic_now();
  }

  void show() {
    if (counter_.revision() == shown_) return;
    queues_.views.put(to_json(counter_.view(), currency_));
    shown_ = counter_.revision();
  }

  Counter& counter_;
  const Currency& currency_;
  const Clock& clock_;
  TillQueues& queues_;
  std::int64_t shown_ = -1;
  std::int64_t saved_ = 0;
  MonotonicTime saved_at_{};
};

}  // namespace

void run_counter(Counter& counter, const Currency& currency, const Clock& clock, TillQueues& queues,
                 std::stop_token stop) {
  CounterLoop loop(counter, currency, clock, queues);
  loop.turn();
  while (!stop.stop_requested()) {
    queues.counter_bell.wait(stop, kStopLatency, [&] { return loop.has_work(); });
    loop.turn();
  }
  // What the clerk has done is done before the till stops: the journal outlives this. A disk that
  // does not even say whether a sale is stored is not waited for: the next start reads it.
  const MonotonicTime patience = clock.monotonic_now() + kLastAnswer;
  while ((loop.paying() || queues.clerk.size() > 0) && clock.monotonic_now() < patience) {
    queues.counter_bell.wait({}, kStopLatency, [&] { return queues.outcomes.size() > 0; });
    loop.turn();
  }
  loop.finish();
}

}  // namespace tillsight::app
