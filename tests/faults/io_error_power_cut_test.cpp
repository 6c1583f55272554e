// Goal: an error of the disk is not the end of the promise: what the till confirmed before it,
// after it and, once its process has died of something else, in the next life, survives the power
// cut that comes then. A sync that failed is the treacherous case: Linux shows what was written and
// never brings it to the medium.
// Method: on a memory disk, each operation of a short life fails, alone or with all that follow;
// the same process goes on, or another one takes over what the page cache shows; then the power is
// cut.
#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>

#include "bench/figure.hpp"
#include "tests/faults/verdict.hpp"
#include "tests/journal/till_box.hpp"
#include "tests/support/long_form.hpp"
#include "tillsight/sql/memory_disk.hpp"

namespace tillsight::faults {
namespace {

using sql::DiskError;
using sql::DiskFault;
using sql::DiskOperation;

constexpr DiskFault kFaults[] = {
    {.operation = DiskOperation::kOpen, .error = DiskError::kIo},
    {.operation = DiskOperation::kRead, .error = DiskError::kIo},
    {.operation = DiskOperation::kWrite, .error = DiskError::kIo},
    {.operation = DiskOperation::kWrite, .error = DiskError::kFull},
    {.operation = DiskOperation::kWrite, .error = DiskError::kReadOnly},
    {.operation = DiskOperation::kSync, .error = DiskError::kIo},
    {.operation = DiskOperation::kTruncate, .error = DiskError::kIo},
    {.operation = DiskOperation::kDelete, .error = DiskError::kIo},
};

class ErrorThenPowerCut : public testing::TillBox {
 protected:
  Verdict states_of(std::uint64_t seed) {
    // Two processes have a disk each, but share the folder with the key.
    settings_.file = folder_.path() / (std::to_string(::getpid()) + ".db");
    Verdict verdict;
    for (DiskFault fault : kFaults) {
      bool hit = true;
      for (fault.after = 0; hit; ++fault.after) {
        for (const bool for_ever : {false, true}) {
          fault.for_ever = for_ever;
          for (const bool dies : {false, true}) hit = live_and_check(verdict, fault, dies, seed);
        }
      }
    }
    return verdict;
  }

  /// \return whether the fault was met at all.
  bool live_and_check(Verdict& verdict, const DiskFault& fault, bool dies, std::uint64_t seed) {
    random_ = SeededRandom(seed);
    confirmed_.clear();
    disk_.restore({});
    disk_.heal();
    const std::int64_t failed = disk_.counters().failed;
    disk_.fail(fault);
    {
      auto journal = try_open();
      if (journal.ok()) sell_some(*journal);
      // Death leaves the page cache; whatever the process had open is gone.
      if (dies) disk_.restore(disk_.state());
      disk_.heal();
      if (!dies && journal.ok()) sell_some(*journal);
    }
    if (auto journal = try_open(); journal.ok()) {
      sell_some(*journal);
      disk_.power_cut(random_);
    }
    verdict.add(check(),
                format("seed {}, operation {} error {} after {} {}, {}", seed,
                       static_cast<int>(fault.operation), static_cast<int>(fault.error),
                       fault.after, fault.for_ever ? "for ever" : "once", dies ? "dies" : "lives"));
    return disk_.counters().failed > failed;
  }

  void sell_some(Journal& journal) {
    for (int i = 0; i < 3; ++i) {
      const auto event = journal.append(testing::some_invoice(random_, clock_), "{}");
      if (event.ok()) confirmed_.push_back(*event);
    }
    if (confirmed_.empty()) return;
    Ack ack{"epoch", journal.incarnation(), {}, {}, 50};
    ack.have.insert(Sequence(1));
    static_cast<void>(journal.acknowledge(ack).ok());
    // And empties the log.
    static_cast<void>(journal.erase_customer("+911234567890").ok());
  }

  Finding check() {
    const Result<Finding> found = open_and_compare();
    if (found.ok()) return *found;
    return {.damaged = true, .what = found.error().message()};
  }
  Result<Finding> open_and_compare() {
    TILLSIGHT_ASSIGN(Journal journal, try_open());
    JournalReader reader = open_reader();
    TILLSIGHT_TRY(reader.verify_chain());
    for (const Event& sold : confirmed_) {
      const Sequence sequence = sold.identity.sequence;
      const auto kept = reader.event(sequence);
      if (!kept.ok() || kept->sealed != sold.sealed) {
        return Finding{.lost = true, .what = format("event {} is not there", sequence.value())};
      }
    }
    return Finding{};
  }

  sql::MemoryDisk disk_{folder_.path()};
  std::vector<Event> confirmed_;
};

TEST_F(ErrorThenPowerCut, LosesNothingThatWasConfirmed) {
  const std::int64_t wanted = test::scaled(5'000);
  const Verdict verdict =
      in_two_processes(wanted, [this](std::uint64_t seed) { return states_of(seed); });
  EXPECT_EQ(verdict.bad(), 0) << verdict.first;
  EXPECT_GE(verdict.tried, wanted);
  EXPECT_TRUE(bench::print({.name = "journal.acknowledged_lost_in_error_then_power_cut",
                            .value = static_cast<double>(verdict.bad()),
                            .unit = "lives",
                            .goal = bench::Goal::kAtMost,
                            .bound = 0,
                            .rival = format("tried:{}", verdict.tried)}));
}

}  // namespace
}  // namespace tillsight::faults
