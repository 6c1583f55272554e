// Goal: what append() has answered is there after kill -9, and nothing is there by half.
// Method: a child process sells and says each number on a pipe; it is killed at a random moment,
// and the same file goes on under the next child.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <functional>

#include "bench/figure.hpp"
#include "tests/journal/failing_disk.hpp"
#include "tests/journal/till_box.hpp"

namespace tillsight {
namespace {

using testing::FailingDisk;
using testing::state_after;

/// A child process with a pipe from it.
class Child {
 public:
  /// \param body gets the pipe's writing end; the process ends with it.
  explicit Child(const std::function<void(int)>& body) {
    int ends[2];
    TILLSIGHT_CHECK(::pipe(ends) == 0, "no pipe");
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ends[0]);
      body(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    from_child_ = ends[0];
  }
  ~Child() { ::close(from_child_); }

  /// \return the next number; 0 when the child is gone.
  std::int64_t receive() {
    std::int64_t number = 0;
    return ::read(from_child_, &number, sizeof number) == sizeof number ? number : 0;
  }
  void kill() { ::kill(pid_, SIGKILL); }
  void wait() { ::waitpid(pid_, nullptr, 0); }

 private:
  pid_t pid_ = 0;
  int from_child_ = -1;
};

class CrashTest : public testing::TillBox {
 protected:
  /// Runs in the child until it is killed.
  void sell_for_ever(int pipe) {
    Journal journal = open_journal();
    while (true) {
      const std::int64_t next = journal.last_sequence().value() + 1;
      const auto event = journal.append(testing::some_invoice(random_, clock_), state_after(next));
      if (!event.ok() || !journal.checkpoint().ok()) return;
      if (::write(pipe, &next, sizeof next) != sizeof next) return;
    }
  }

  /// Whatever happened: numbers, chain, outbox and counter state agree.
  void expect_whole(std::int64_t least) {
    Journal journal = open_journal();
    const std::int64_t last = journal.last_sequence().value();
    EXPECT_GE(last, least) << "an answered sale is missing";
    EXPECT_LE(last, least + 1) << "more than the one that was not answered yet";
    EXPECT_EQ(*journal.counter_state(), last == 0 ? "" : state_after(last));
    JournalReader reader = open_reader();
    const Status chain = reader.verify_chain();
    EXPECT_TRUE(chain.ok()) << chain.error().message();
    EXPECT_EQ(reader.counts()->last.value(), last);
    EXPECT_EQ(reader.counts()->unsynced, last);
  }
};

TEST_F(CrashTest, KilledTillHasEverySaleItConfirmed) {
  std::int64_t confirmed = 0;
  std::int64_t lost = 0;
  for (int round = 0; round < 25; ++round) {
    Child child([this](int pipe) { sell_for_ever(pipe); });
    const std::uint64_t sales = random_.next_u64() % 40;
    for (std::uint64_t i = 0; i < sales; ++i) confirmed = child.receive();
    child.kill();
    // What it said before it died counts as well.
    while (const std::int64_t more = child.receive()) confirmed = more;
    child.wait();
    expect_whole(confirmed);
    const std::int64_t kept = open_reader().counts()->last.value();
    lost += std::max<std::int64_t>(0, confirmed - kept);
    confirmed = kept;
  }
  EXPECT_GT(confirmed, 25);
  bench::print({.name = "journal.sales_lost_in_25_kills",
                .value = static_cast<double>(lost),
                .unit = "sales",
                .goal = bench::Goal::kAtMost,
                .bound = 0,
                .rival = format("sold:{}", confirmed)});
}

TEST_F(CrashTest, DeathAfterAFailedSyncLeavesTheSaleWholeOrNotAtAll) {
  Child child([this](int pipe) {
    FailingDisk disk;
    Journal journal = open_journal();
    sell(journal, 2);
    disk.fail(FailingDisk::Operation::kSync, SQLITE_IOERR_FSYNC);
    const auto failed = journal.append(testing::a_sale(), state_after(3));
    const std::int64_t as_expected = failed.ok() ? -1 : 2;
    if (::write(pipe, &as_expected, sizeof as_expected) < 0) ::_exit(1);
    ::_exit(0);  // without closing the journal
  });
  EXPECT_EQ(child.receive(), 2);
  child.wait();
  expect_whole(2);
}

}  // namespace
}  // namespace tillsight
