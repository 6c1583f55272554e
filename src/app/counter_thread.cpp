#include <utility>

#include "app/till_threads.hpp"
#include "app/view_json.hpp"
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
  CounterLoop(Counter& counter, Dialog& dialog, const Currency& currency, const Clock& clock,
              TillQueues& queues)
      : counter_(counter), dialog_(dialog), currency_(currency), clock_(clock), queues_(queues) {}

  void turn() {
    if (const auto disk = queues_.disk_states.take()) {
      counter_.see_disk(to_string(*disk), refusal(*disk));
    }
    if (auto roster = queues_.rosters.take()) counter_.see_roster(*std::move(roster));
    if (auto wanted = queues_.wanted.take()) {
      counter_.see_wanted(wanted->phone, std::move(wanted->skus));
    }
    if (auto outcome = queues_.outcomes.try_pop()) take(*outcome);
    if (const auto snapshot = queues_.snapshots.take()) counter_.see(*snapshot);
    if (const auto asking = queues_.asking.take()) show_asking(*asking);
    if (auto completed = queues_.completed.try_pop()) {
      completing_ = false;
      queues_.asking.take();
      show_asking(false);
      act(*completed);
      if (std::exchange(dialog_waits_, false)) dialog_.answered(counter_.view());
    }
    // Whose name it is may not be known yet while that is being completed.
    if (const auto customer = completing_ ? std::nullopt : queues_.names.take()) {
      counter_.see_name(*customer);
    }
    // A key that is pressed while the one before is not done counts after it.
    while (!busy() && queues_.clerk.size() > 0)
      std::visit([this](const auto& input) { take(input); }, *queues_.clerk.try_pop());
    if (queues_.clerk.refused() != refused_) {
      refused_ = queues_.clerk.refused();
      dialog_.tell("busy", "too many keys at once: look what has counted");
    }
    show();
    if (counter_.revision() != saved_ && clock_.monotonic_now() >= saved_at_ + kCameraSavePeriod) {
      save();
    }
  }

  bool has_work() const {
    return !queues_.snapshots.empty() || queues_.outcomes.size() > 0 ||
           !queues_.disk_states.empty() || !queues_.rosters.empty() || !queues_.wanted.empty() ||
           (!queues_.names.empty() && !completing_) || !queues_.asking.empty() ||
           queues_.completed.size() > 0 || (queues_.clerk.size() > 0 && !busy());
  }
  void finish() {
    turn();
    save();
  }

  /// A sale is being written, or the station completes what was keyed in.
  bool busy() const { return paying() || completing_; }

 private:
  bool paying() const { return counter_.pending() != nullptr; }

  void take(const ClerkAction& action) {
    if (!complete(action)) act(action);
  }
  void take(Key key) { perform(dialog_.press(key, counter_.view())); }
  void take(const Scan& scan) { perform(dialog_.scan(scan.code, counter_.view())); }
  void take(KeypadGone) { dialog_.forget_typed(); }

  /// The clerk sees why a key waits.
  void show_asking(bool asking) {
    if (asking == asking_) return;
    asking_ = asking;
    dialog_.tell(asking ? "asking" : "", asking ? "asking head office …" : "");
  }

  /// What the dialog has made of a key.
  void perform(std::optional<ClerkAction> action) {
    if (!action) return;
    dialog_waits_ = complete(*action);
    if (dialog_waits_) return;
    act(*action);
    dialog_.answered(counter_.view());
  }

  /// \return whether the station completes the action; it comes back before anything else is done.
  bool complete(const ClerkAction& action) {
    if (!Reception::completes(action)) return false;
    completing_ = queues_.incomplete.try_push(ClerkAction(action));
    TILLSIGHT_CHECK(completing_, "two actions are being completed at once");
    return true;
  }

  void act(const ClerkAction& action) {
    if (!counter_.act(action).ok()) return;  // the view carries the reason to the clerk
    if (auto sale = counter_.take_training_sale()) {
      queues_.training_sales.put(*std::move(sale));
    }
    if (const auto order = counter_.take_print_order()) queues_.print_orders.put(*order);
    ask_for_tastes();
    if (counter_.pending() == nullptr) return save();
    const bool accepted =
        queues_.commits.try_push(Commit{*counter_.pending(), counter_.state_after_commit(),
                                        counter_.learnt(), counter_.refunded_sale()});
    TILLSIGHT_CHECK(accepted, "two sales are being written at once");
  }

  void take(const Result<JournalAnswer>& outcome) {
    if (!outcome.ok()) {
      log::error("counter: nothing was written: {}", outcome.error().message());
      counter_.failed(outcome.error());
    } else if (const auto* const event = std::get_if<Event>(&*outcome)) {
      counter_.committed(*event);
    } else {
      counter_.reported(std::get<DaySums>(*outcome));
    }
    asked_for_ = counter_.customer_phone();
    queues_.figures.set(counter_.figures());
    // What was written is state_after_commit(); a word that came in since is not in it.
    save();
  }

  /// Of a customer who has just been named; the answer is shown when it comes.
  void ask_for_tastes() {
    std::string phone = counter_.customer_phone();
    if (phone == asked_for_) return;
    asked_for_ = phone;
    if (!phone.empty()) queues_.tastes_asked.put(std::move(phone));
  }

  void save() {
    if (paying()) return;  // a saved open sale must never outlive its payment
    queues_.counter_states.put(counter_.state_json());
    saved_ = counter_.revision();
    saved_at_ = clock_.monotonic_now();
  }

  void show() {
    if (counter_.revision() + dialog_.revision() == shown_) return;
    SaleView view = counter_.view();
    dialog_.follow(view);
    view.revision += dialog_.revision();
    shown_ = view.revision;
    std::string line = view_json(view, dialog_.prompt(view), currency_);
    if (queues_.page != nullptr) queues_.page->show(web::Channel::kSale, line);
    queues_.views.put(std::move(line));
  }

  Counter& counter_;
  Dialog& dialog_;
  const Currency& currency_;
  const Clock& clock_;
  TillQueues& queues_;
  bool completing_ = false;
  bool asking_ = false;        // and the clerk was told so
  bool dialog_waits_ = false;  // for what is being completed
  std::string asked_for_;      // the customer whose taste was asked for
  std::int64_t refused_ = 0;
  std::int64_t shown_ = -1;
  std::int64_t saved_ = 0;
  MonotonicTime saved_at_{};
};

}  // namespace

void run_counter(Counter& counter, Dialog& dialog, const Currency& currency, const Clock& clock,
                 TillQueues& queues, std::stop_token stop) {
  CounterLoop loop(counter, dialog, currency, clock, queues);
  loop.turn();
  while (!stop.stop_requested()) {
    queues.counter_pulse.beat();
    queues.counter_bell.wait(stop, kStopLatency, [&] { return loop.has_work(); });
    loop.turn();
  }
  // What the clerk has done is done before the till stops: the journal outlives this. A disk that
  // does not even say whether a sale is stored is not waited for: the next start reads it.
  const MonotonicTime patience = clock.monotonic_now() + kLastAnswer;
  while ((loop.busy() || queues.clerk.size() > 0) && clock.monotonic_now() < patience) {
    queues.counter_bell.wait({}, kStopLatency, [&] { return loop.has_work(); });
    loop.turn();
  }
  loop.finish();
}

}  // namespace tillsight::app
