// Goal: a till and a hub that are killed at any system call have everything that they answered.
// Method: a life is run once to number its calls that change the disk; then it is killed at each of
// them, before the call or after half of a write, and the next life is killed while it recovers.
#include <gtest/gtest.h>

#include <csignal>
#include <set>

#include "bench/figure.hpp"
#include "tests/faults/hub_life.hpp"
#include "tests/faults/syscall_faults.hpp"
#include "tests/faults/till_life.hpp"
#include "tests/support/long_form.hpp"

namespace tillsight::faults {
namespace {

template <typename Life>
class Killed : public Life {
 protected:
  Ending live_with(const CallFault& fault) {
    return in_child([&] {
      Doctor doctor(*complaint_, this->folder(), [] {});
      arm(fault, *log_);
      this->live(doctor);
      disarm();
    });
  }

  /// Kills a life at each of its calls, and the life after it somewhere.
  Verdict everywhere(std::uint64_t seed) {
    log_.renew();
    complaint_.renew();
    SeededRandom chance(seed);
    begin(seed);
    Verdict verdict;
    const Ending whole = live_with({});
    if (whole.signal != 0 || !complaint_->text().empty()) {
      verdict.add({.damaged = true, .what = complaint_->text()}, "without a kill");
    }
    const std::int64_t calls = log_->calls;
    for (std::int64_t at = 1; at <= calls; ++at) seen_.insert(site_of(at));
    for (std::int64_t at = 1; at <= calls; ++at) {
      const bool is_write = log_->kinds.at(static_cast<std::size_t>(at)) == kWrite;
      for (int half = 0; half <= (is_write ? 1 : 0); ++half) {
        begin(seed);
        kill_and_check(verdict, {.at = at, .half = half == 1}, seed);
        const auto next = static_cast<std::int64_t>(chance.next_u64() % 30) + 1;
        kill_and_check(verdict, {.at = next, .half = half == 1}, seed);
      }
    }
    return verdict;
  }

  /// The same seed makes the same calls.
  void begin(std::uint64_t seed) {
    this->random_ = SeededRandom(seed);
    this->begin_anew();
  }

  void kill_and_check(Verdict& verdict, const CallFault& fault, std::uint64_t seed) {
    const std::string where = format("seed {}, killed at call {}", seed, fault.at);
    if (live_with(fault).signal != SIGKILL) {
      return verdict.add({.damaged = true, .what = "did not come so far"}, where);
    }
    hit_.insert(site_of(fault.at));
    const Finding finding = this->check(1);
    verdict.add(finding, where);
    if (finding.what.empty()) this->adopt_unanswered();
  }

  std::uint64_t site_of(std::int64_t call) const {
    return log_->sites.at(static_cast<std::size_t>(call));
  }

  void expect_nothing_lost(std::int64_t wanted, const std::string& figure) {
    const Verdict verdict =
        in_two_processes(wanted, [this](std::uint64_t seed) { return everywhere(seed); });
    EXPECT_EQ(verdict.bad(), 0) << verdict.first;
    EXPECT_GE(verdict.tried, wanted);
    EXPECT_TRUE(bench::print({.name = figure,
                              .value = static_cast<double>(verdict.bad()),
                              .unit = "lives",
                              .goal = bench::Goal::kAtMost,
                              .bound = 0,
                              .rival = format("kills:{}", verdict.tried)}));
  }

  /// A place is a call with everybody who led to it.
  void expect_all_places(const std::string& figure) {
    const Verdict verdict = everywhere(1);
    EXPECT_EQ(verdict.bad(), 0) << verdict.first;
    std::size_t hit = 0;
    for (const std::uint64_t site : seen_) hit += hit_.contains(site);
    EXPECT_TRUE(bench::print({.name = figure,
                              .value = static_cast<double>(hit) / static_cast<double>(seen_.size()),
                              .unit = "share",
                              .goal = bench::Goal::kAtLeast,
                              .bound = 1,
                              .rival = format("places:{}", seen_.size())}));
  }

  SharedWithChildren<CallLog> log_;
  SharedWithChildren<Complaint> complaint_;
  std::set<std::uint64_t> seen_;  // call sites of whole lives
  std::set<std::uint64_t> hit_;
};

using KilledTill = Killed<TillLife>;
using KilledHub = Killed<HubLife>;

TEST_F(KilledTill, HasEverySaleItConfirmedWhereverItDied) {
  expect_nothing_lost(test::scaled(7'000), "journal.sales_lost_in_kills_at_system_calls");
}

TEST_F(KilledTill, WasKilledAtEveryPlaceFromWhichItCallsTheKernel) {
  expect_all_places("journal.places_killed_at");
}

TEST_F(KilledHub, HasEveryEventItAcknowledgedWhereverItDied) {
  expect_nothing_lost(test::scaled(3'000), "hub.events_lost_in_kills_at_system_calls");
}

}  // namespace
}  // namespace tillsight::faults
