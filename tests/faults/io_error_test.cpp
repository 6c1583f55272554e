// Goal: whatever a system call answers, once or for ever, nothing that was answered is lost, nobody
// dies of it, the error says what is hit and what to do, and once it is cured the same process goes
// on.
// Method: a life is run once to count its calls; then each of them fails with each error that it
// may have, alone or with all that follow, until the life's last step, which is healthy.
#include <gtest/gtest.h>

#include <array>
#include <cerrno>

#include "bench/figure.hpp"
#include "tests/faults/hub_life.hpp"
#include "tests/faults/syscall_faults.hpp"
#include "tests/faults/till_life.hpp"
#include "tests/support/long_form.hpp"

namespace tillsight::faults {
namespace {

struct Trouble {
  int error;
  unsigned calls;  // that may fail with it
  bool lasts;      // may also be for ever
};

constexpr std::array kTroubles{
    Trouble{EIO, kChanges | kRead | kMap | kLock, true},
    Trouble{ENOSPC, kOpen | kWrite | kTruncate | kRename, true},
    Trouble{EROFS, kOpen | kWrite | kTruncate | kDelete | kRename | kMode, true},
    Trouble{ENOMEM, kOpen | kMap, true},
    Trouble{EINTR, kOpen | kRead | kWrite | kSync | kTruncate, false},
    Trouble{kShort, kWrite, true},
};

template <typename Life>
class Troubled : public Life {
 protected:
  Ending live_with(const CallFault& fault) {
    complaint_.renew();
    return in_child([&] {
      Doctor doctor(*complaint_, this->folder(), disarm);
      arm(fault, *log_);
      this->live(doctor);
      disarm();
    });
  }

  void begin(std::uint64_t seed) {
    this->random_ = SeededRandom(seed);
    this->begin_anew();
  }

  /// Seed n tries every calls' share of all: n, n + kShares, ….
  Verdict everywhere(std::uint64_t seed) {
    log_.renew();
    complaint_.renew();
    constexpr std::int64_t kShares = 4;
    Verdict verdict;
    for (const Trouble& trouble : kTroubles) {
      begin(seed);
      live_with({.calls = trouble.calls});
      const std::int64_t calls = log_->calls;
      const auto first = static_cast<std::int64_t>(seed % kShares) + 1;
      for (std::int64_t at = first; at <= calls; at += kShares) {
        CallFault fault{.at = at, .calls = trouble.calls, .error = trouble.error};
        fail_and_check(verdict, fault, seed);
        fault.for_ever = true;
        if (trouble.lasts) fail_and_check(verdict, fault, seed);
      }
    }
    return verdict;
  }

  void fail_and_check(Verdict& verdict, const CallFault& fault, std::uint64_t seed) {
    const std::string where =
        format("seed {}, calls {:x}, {} {} at call {}", seed, fault.calls,
               fault.error == kShort ? "short" : ::strerrorname_np(fault.error),
               fault.for_ever ? "for ever" : "once", fault.at);
    begin(seed);
    const Ending ending = live_with(fault);
    if (ending.signal != 0) {
      return verdict.add({.damaged = true, .what = format("dies of {}", ending.signal)}, where);
    }
    Finding finding = this->check(0);
    if (finding.what.empty() && !complaint_->text().empty()) {
      finding = {.damaged = true, .what = complaint_->text()};
    }
    verdict.add(finding, where);
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
                              .rival = format("tried:{}", verdict.tried)}));
  }

  SharedWithChildren<CallLog> log_;
  SharedWithChildren<Complaint> complaint_;
};

using TroubledTill = Troubled<TillLife>;
using TroubledHub = Troubled<HubLife>;

TEST_F(TroubledTill, KeepsWhatItConfirmedSaysWhatToDoAndHeals) {
  expect_nothing_lost(test::scaled(3'000), "journal.acknowledged_lost_in_io_errors");
}

TEST_F(TroubledHub, KeepsWhatItAcknowledgedSaysWhatToDoAndHeals) {
  expect_nothing_lost(test::scaled(2'000), "hub.acknowledged_lost_in_io_errors");
}

}  // namespace
}  // namespace tillsight::faults
