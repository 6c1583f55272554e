// Goal: on a full disk the till still sells a thousand times, then refuses and says so, and sells
// again once there is room; no reader makes the log grow without end.
// Method: a real tmpfs that a filler file fills to its last byte; readers that stop half-way, in
// this process and in another.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "bench/figure.hpp"
#include "tests/journal/till_box.hpp"
#include "tests/support/small_disk.hpp"

namespace tillsight {
namespace {

using bench::Goal;
using testing::state_after;
using Kind = DiskState::Kind;

class FullDisk : public testing::TillBox {
 protected:
  /// Five lines, as sales mostly are, with a customer.
  Result<Event> sell_one(Journal& journal) {
    std::vector<InvoiceLine> lines;
    for (int i = 0; i < 5; ++i) lines.push_back(testing::a_line("item" + std::to_string(i), 4'999));
    clock_.advance(pause_);
    return journal.append(testing::a_sale(std::move(lines), clock_, testing::asha()),
                          state_after(journal.last_sequence().value() + 1));
  }
  std::chrono::milliseconds pause_{20'000};  // between two sales
  double log_mib() const {
    return static_cast<double>(std::filesystem::file_size(settings_.file.string() + "-wal")) /
           (1 << 20);
  }
};

TEST_F(FullDisk, AThousandSalesMoreThenARefusalThenAllIsWell) {
  std::string why_not;
  const auto disk = test::SmallDisk::mount_at(folder_ / "disk", 40, why_not);
  if (!disk) GTEST_SKIP() << why_not;
  settings_.file = folder_.path() / "disk" / "till.db";
  settings_.reserve_bytes = journal::kReserveBytes;
  Journal journal = open_journal();
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(sell_one(journal).ok());
  disk->fill();
  while (journal.disk().kind == Kind::kOk) {
    const auto sold = sell_one(journal);
    ASSERT_TRUE(sold.ok()) << sold.error().message();
    ASSERT_TRUE(journal.tend().ok());
  }
  EXPECT_EQ(journal.disk().kind, Kind::kReserve);
  const std::int64_t before = journal.last_sequence().value();
  const std::int64_t promised = journal.disk().sales_left;
  std::int64_t more = 0;
  while (sell_one(journal).ok()) {
    ++more;
    ASSERT_TRUE(journal.tend().ok());
  }
  EXPECT_EQ(to_string(journal.disk()), "full");
  EXPECT_GE(more, promised) << "less than it said";
  EXPECT_TRUE(bench::print({.name = "disk.sales_after_full",
                            .value = static_cast<double>(more),
                            .unit = "sales",
                            .goal = Goal::kAtLeast,
                            .bound = 1'000,
                            .rival = format("said:{}", promised)}));
  // What the hub has can still be written down, and no sale is missing.
  SequenceRanges have;
  have.insert({1, journal.last_sequence().value()});
  const Status noted = journal.acknowledge({"hub-1", journal.incarnation(), have, {}, 50});
  EXPECT_TRUE(noted.ok()) << noted.error().message();
  EXPECT_EQ(journal.last_sequence().value(), before + more);
  EXPECT_TRUE(open_reader().verify_chain().ok());
  disk->free();
  ASSERT_TRUE(journal.tend().ok());
  EXPECT_EQ(to_string(journal.disk()), "ok");
  EXPECT_TRUE(sell_one(journal).ok());
}

TEST_F(FullDisk, TillThatStartsOnAFullDiskStartsOnItsReserve) {
  std::string why_not;
  const auto disk = test::SmallDisk::mount_at(folder_ / "disk", 40, why_not);
  if (!disk) GTEST_SKIP() << why_not;
  settings_.file = folder_.path() / "disk" / "till.db";
  settings_.reserve_bytes = journal::kReserveBytes;
  {
    Journal journal = open_journal();
    ASSERT_TRUE(sell_one(journal).ok());
  }
  disk->fill();
  Journal journal = open_journal();
  for (int i = 0; i < 1'000; ++i) {
    const auto sold = sell_one(journal);
    ASSERT_TRUE(sold.ok()) << i << ": " << sold.error().message();
    ASSERT_TRUE(journal.tend().ok());
  }
}

TEST_F(FullDisk, StuckReaderOfTheTillsOwnDoesNotGrowTheLog) {
  Journal journal = open_journal();
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(sell_one(journal).ok());
  sql::Options options;
  options.access = sql::Access::kReadOnly;
  options.clock = &clock_;
  sql::Connection reader = sql::Connection::open(settings_.file, options).value();
  pause_ = std::chrono::milliseconds(20);  // fifty sales a second
  double most = 0;
  for (int again = 0; again < 5; ++again) {
    sql::Statement rows = reader.prepare("SELECT sealed FROM event").value();
    ASSERT_TRUE(*rows.step());
    for (int sale = 0; sale < 105; ++sale) {
      ASSERT_TRUE(sell_one(journal).ok());
      ASSERT_TRUE(journal.tend().ok());
    }
    EXPECT_EQ(rows.step().error().code(), Code::kUnavailable) << "it has had its two seconds";
    ASSERT_TRUE(journal.tend().ok());
    most = std::max(most, log_mib());
  }
  EXPECT_TRUE(bench::print({.name = "disk.log_with_a_stuck_reader",
                            .value = most,
                            .unit = "MiB",
                            .goal = Goal::kAtMost,
                            .bound = 16}));
}

TEST_F(FullDisk, ReaderOfAnotherProgramIsAnAlarmAndTheLogShrinksAfterIt) {
  // Another process, from before this one has opened anything: SQLite must not be forked.
  int go[2];
  int ready[2];
  ASSERT_EQ(::pipe(go), 0);
  ASSERT_EQ(::pipe(ready), 0);
  char byte = 0;
  const pid_t stranger = ::fork();
  if (stranger == 0) {
    if (::read(go[0], &byte, 1) != 1) ::_exit(1);
    sql::Options options;
    options.access = sql::Access::kReadOnly;
    sql::Connection db = sql::Connection::open(settings_.file, options).value();
    sql::Statement rows = db.prepare("SELECT sealed FROM event").value();
    if (!rows.step().ok() || ::write(ready[1], "x", 1) != 1) ::_exit(1);
    while (true) ::pause();
  }
  Journal journal = open_journal();
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(sell_one(journal).ok());
  ASSERT_EQ(::write(go[1], "x", 1), 1);
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  const std::string large_sale(200'000, 'x');  // so that it does not take a day of small ones
  for (int i = 0; i < 120; ++i) {
    ASSERT_TRUE(journal.save_counter_state(large_sale).ok());
    ASSERT_TRUE(journal.tend().ok());
  }
  EXPECT_GT(log_mib(), 16);
  EXPECT_NE(to_string(journal.disk()).find("a program keeps reading"), std::string::npos);
  EXPECT_TRUE(journal.disk().can_sell());
  ::kill(stranger, SIGKILL);
  ::waitpid(stranger, nullptr, 0);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(journal.tend().ok());
    ASSERT_TRUE(sell_one(journal).ok());
  }
  EXPECT_EQ(to_string(journal.disk()), "ok");
  EXPECT_TRUE(bench::print({.name = "disk.log_after_a_stranger_has_read",
                            .value = log_mib(),
                            .unit = "MiB",
                            .goal = Goal::kAtMost,
                            .bound = 16}));
}

}  // namespace
}  // namespace tillsight
