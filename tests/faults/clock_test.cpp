// Goal: whatever the wall clock says, a till sells, its numbers rise one by one, its chain holds,
// head office takes everything, and learns when each sale really happened.
// Method: the real counter, journal and hub under a clock that starts in 1970, in 2020 or in ten
// years, is set back and forth in the middle of sales, and is put right by a time server. Real time
// is the monotonic clock's; head office's effective time is compared with it.
#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "bench/figure.hpp"
#include "tests/basket/counter_top.hpp"
#include "tests/support/sales.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/clock_watch.hpp"
#include "tillsight/hub/ingest.hpp"
#include "tillsight/journal/journal.hpp"
#include "tillsight/journal/reader.hpp"
#include "tillsight/sale/counter.hpp"
#include "tillsight/sql/statement.hpp"

namespace tillsight {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// A till and its head office, and a clock that somebody plays with.
class WrongClock {
 public:
  WrongClock(std::uint64_t seed, hours start_off, bool trusted) : random_(seed) {
    real_ = clock_.utc_now();
    clock_.jump_utc(start_off);
    clock_.set_trusted(trusted);
    journal_.emplace(Journal::open(settings_, random_, clock_).value());
    counter_ = std::make_unique<Counter>(catalogue_, CounterSettings{*Currency::parse("INR")},
                                         clock_, zone_);
    hub_.emplace(hub::HubStore::open(folder_ / "hub", head_office_, random_).value());
    watch_.emplace(clock_, std::nullopt);
  }

  void pass(milliseconds time) {
    clock_.advance(time);
    real_ += time;
  }
  void set(hours by) { clock_.jump_utc(by); }
  /// NTP: the right time, and trusted from here on.
  void synchronise() {
    clock_.jump_utc(real_ - clock_.utc_now());
    clock_.set_trusted(true);
  }

  /// A sale in whose middle `meanwhile` happens.
  template <typename Meanwhile>
  void sell(Meanwhile meanwhile) {
    refused_ += counter_->act(action::Add{"banana", 1, Entry::kKeypad}).ok() ? 0 : 1;
    pass(seconds(2));
    meanwhile();
    refused_ += counter_->act(action::Pay{}).ok() ? 0 : 1;
    if (counter_->pending() == nullptr) return;
    look_at_clock();
    const auto event =
        journal_->append(*counter_->pending_invoice(), counter_->state_after_commit());
    if (!event.ok()) {
      ++refused_;
      return counter_->failed(event.error());
    }
    happened_.push_back({event->identity.sequence, real_});
    counter_->committed(*event);
    refused_ += counter_->act(action::Next{}).ok() ? 0 : 1;
    EXPECT_EQ(event->identity.sequence.value(), ++last_) << "numbers rise one by one";
  }

  /// What the till's journal thread does before every sale, and when it has time.
  void look_at_clock() {
    const auto step = watch_->look();
    if (!step) return;
    const auto event = journal_->append(ClockCorrection{step->expected, step->now});
    ASSERT_TRUE(event.ok()) << event.error().message();
    EXPECT_EQ(event->identity.sequence.value(), ++last_);
    watch_->taken(*step);
  }

  void restart() {
    journal_.reset();
    journal_.emplace(Journal::open(settings_, random_, clock_).value());
    counter_ = std::make_unique<Counter>(catalogue_, CounterSettings{*Currency::parse("INR")},
                                         clock_, zone_);
    ASSERT_TRUE(counter_->restore(*journal_->counter_state()).ok());
    watch_.emplace(clock_, journal_->last_clock());
  }

  /// Everything goes to head office, which must take it as it is.
  void deliver() {
    hub::Ingest ingest(*hub_, head_office_);
    JournalReader reader = JournalReader::open(settings_.file).value();
    EXPECT_TRUE(reader.verify_chain().ok());
    const auto events = reader.events_from(Sequence(1), 100'000).value();
    EXPECT_EQ(std::ssize(events), last_);
    const std::string topic = topics::events(settings_.store, settings_.till);
    for (const Event& event : events)
      ASSERT_TRUE(ingest.receive(topic, to_cloud_events({event})).ok());
    ASSERT_TRUE(ingest.flush().ok());
    EXPECT_EQ(ingest.counters().stored, last_);
    EXPECT_EQ(ingest.counters().quarantined + ingest.counters().chain_breaks, 0);
    EXPECT_TRUE(hub_->gaps().empty());
  }

  /// How many sales have an effective time that is not the real one.
  int mistimed() {
    auto db = hub::open_for_reading(folder_ / "hub", hub::Persons::kHidden).value();
    auto find = db.prepare(
                      "SELECT effective_utc FROM v_invoices JOIN event ON event.id = cursor "
                      "WHERE sequence = ?")
                    .value();
    int wrong = 0;
    for (const auto& [sequence, real] : happened_) {
      EXPECT_TRUE(find.bind(sequence.value()).step().value());
      wrong += find.text(0) == to_iso8601(real) ? 0 : 1;
    }
    return wrong;
  }

  int refused() const { return refused_; }
  int sold() const { return static_cast<int>(happened_.size()); }
  SeededRandom& random() { return random_; }

 private:
  struct Happened {
    Sequence sequence;
    UtcTime real;
  };

  TempDir folder_;
  SeededRandom random_;
  FakeClock clock_;
  const FakeClock head_office_;
  UtcTime real_;
  const TimeZone zone_ = *TimeZone::find("Asia/Kolkata");
  const Catalogue catalogue_ = testing::fruit_shop();
  const JournalSettings settings_{folder_ / "till.db", StoreId("S01"), TillId("T01"), 1};
  std::optional<Journal> journal_;
  std::unique_ptr<Counter> counter_;
  std::optional<hub::HubStore> hub_;
  std::optional<ClockWatch> watch_;
  std::vector<Happened> happened_;
  std::int64_t last_ = 0;
  int refused_ = 0;
};

constexpr hours kTo1970{-490'905};
constexpr hours kTo2020{-52'608};
constexpr hours kTenYears{87'660};

TEST(WrongClocks, CostNoSaleAndAreReckonedRight) {
  int sold = 0;
  int refused = 0;
  int mistimed = 0;
  std::uint64_t seed = 1;
  for (const hours start : {kTo1970, kTo2020, kTenYears, hours(-1), hours(0)}) {
    for (int round = 0; round < 3; ++round) {
      WrongClock till(++seed, start, false);
      for (int sale = 0; sale < 20; ++sale) {
        till.sell([&] {
          if (till.random().next_u64() % 4 == 0) {
            till.set(hours(static_cast<int>(till.random().next_u64() % 20'000) - 10'000));
          }
        });
        till.pass(minutes(1));
        if (till.random().next_u64() % 2 == 0) till.look_at_clock();
        if (till.random().next_u64() % 8 == 0) till.restart();
      }
      till.sell([&] { till.synchronise(); });
      if (round == 1) till.restart();
      till.look_at_clock();
      till.sell([] {});
      till.deliver();
      sold += till.sold();
      refused += till.refused();
      mistimed += till.mistimed();
    }
  }
  EXPECT_EQ(refused, 0);
  EXPECT_EQ(mistimed, 0);
  bench::print({.name = "faults.sales_refused_by_wrong_clocks",
                .value = static_cast<double>(refused),
                .unit = "sales",
                .goal = bench::Goal::kAtMost,
                .bound = 0,
                .rival = format("sold:{}", sold)});
  bench::print({.name = "faults.sales_mistimed_after_correction",
                .value = static_cast<double>(mistimed),
                .unit = "sales",
                .goal = bench::Goal::kAtMost,
                .bound = 0,
                .rival = format("sold:{}", sold)});
}

}  // namespace
}  // namespace tillsight
