// Goal: without memory nothing that was answered is lost. What SQLite is refused comes back as an
// error and heals; what our own code is refused may end the process, by std::terminate and in no
// other way, and the next one finds everything.
// Method: as io_error_test.cpp, with allocations in place of calls.
#include <gtest/gtest.h>

#include <csignal>

#include "bench/figure.hpp"
#include "tests/faults/memory_faults.hpp"
#include "tests/faults/till_life.hpp"
#include "tests/support/long_form.hpp"

namespace tillsight::faults {
namespace {

class TillWithoutMemory : public TillLife {
 protected:
  Ending live_with(const MemoryFault& fault) {
    complaint_.renew();
    return in_child([&] {
      Doctor doctor(*complaint_, folder(), refuse_no_more);
      refuse(fault, *log_);
      live(doctor);
      refuse_no_more();
    });
  }

  void begin(std::uint64_t seed) {
    random_ = SeededRandom(seed);
    begin_anew();
  }

  /// A random fiftieth of the allocations of a life.
  Verdict everywhere(std::uint64_t seed, Memory whose, bool may_end) {
    log_.renew();
    complaint_.renew();
    SeededRandom chance(seed);
    begin(seed);
    live_with({.whose = whose});
    const std::int64_t allocations = log_->allocations;
    Verdict verdict;
    for (std::int64_t at = 1; at <= allocations;
         at += 1 + static_cast<std::int64_t>(chance.next_u64() % 100)) {
      refuse_and_check(verdict, {.whose = whose, .at = at}, may_end, seed);
      if (may_end) continue;  // a second refusal would meet nobody
      refuse_and_check(verdict, {.whose = whose, .at = at, .for_ever = true}, may_end, seed);
    }
    return verdict;
  }

  void refuse_and_check(Verdict& verdict, const MemoryFault& fault, bool may_end,
                        std::uint64_t seed) {
    const std::string where = format("seed {}, {} at allocation {}", seed,
                                     fault.for_ever ? "for ever" : "once", fault.at);
    begin(seed);
    const Ending ending = live_with(fault);
    const bool ended = may_end && ending.signal == SIGABRT;
    if (ending.signal != 0 && !ended) {
      return verdict.add({.damaged = true, .what = format("dies of {}", ending.signal)}, where);
    }
    Finding finding = check(ended ? 1 : 0);
    if (finding.what.empty() && !complaint_->text().empty()) {
      finding = {.damaged = true, .what = complaint_->text()};
    }
    verdict.add(finding, where);
  }

  void expect_nothing_lost(std::int64_t wanted, Memory whose, bool may_end,
                           const std::string& figure) {
    const Verdict verdict = in_two_processes(
        wanted, [&](std::uint64_t seed) { return everywhere(seed, whose, may_end); });
    EXPECT_EQ(verdict.bad(), 0) << verdict.first;
    EXPECT_GE(verdict.tried, wanted);
    EXPECT_TRUE(bench::print({.name = figure,
                              .value = static_cast<double>(verdict.bad()),
                              .unit = "lives",
                              .goal = bench::Goal::kAtMost,
                              .bound = 0,
                              .rival = format("tried:{}", verdict.tried)}));
  }

  SharedWithChildren<MemoryLog> log_;
  SharedWithChildren<Complaint> complaint_;
};

TEST_F(TillWithoutMemory, GetsAnErrorWhereSqliteIsRefused) {
  expect_nothing_lost(test::scaled(1'000), Memory::kSqlite, false,
                      "journal.acknowledged_lost_without_memory_for_sqlite");
}

TEST_F(TillWithoutMemory, EndsAtMostWhereItIsRefusedItself) {
  expect_nothing_lost(test::scaled(1'000), Memory::kOurs, true,
                      "journal.acknowledged_lost_without_memory");
}

}  // namespace
}  // namespace tillsight::faults
