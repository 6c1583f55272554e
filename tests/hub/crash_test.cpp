// Goal: a hub that is killed at any moment has lost nothing that it acknowledged and counts nothing
// twice.
// Method: a forked hub is killed with SIGKILL where the test says; the parent opens the folder
// again and plays the till that sends until it is acknowledged.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "bench/figure.hpp"
#include "tests/hub/head_office.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::hub {
namespace {

using testing::EventChain;

class Killed : public HeadOffice {
 protected:
  /// Runs `life` in a process of its own that dies by SIGKILL at the end of it.
  template <typename Life>
  void live_and_die(Life life) {
    stop();
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      start();
      life();
      ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    start();
  }

  const JournalState state() const {
    return store_->state({StoreId("S01"), TillId("T01"), till_.incarnation()});
  }

  EventChain till_;
};

TEST_F(Killed, BeforeTheCommitNothingWasAcknowledgedAndARepetitionIsStoredOnce) {
  const std::vector<Event> events = sales(till_, 3);
  live_and_die([&] { receive(events); });
  EXPECT_TRUE(state().have.empty());
  receive(events);
  EXPECT_EQ(flush_one().have, ranges({{1, 3}}));
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 3);
}

TEST_F(Killed, AfterTheCommitEverythingIsThereAndARepetitionIsADuplicate) {
  const std::vector<Event> events = sales(till_, 3);
  live_and_die([&] {
    receive(events);
    flush();
  });
  EXPECT_EQ(state().have, ranges({{1, 3}}));
  receive(events);
  EXPECT_EQ(flush_one().have, ranges({{1, 3}}));
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 3);
  EXPECT_EQ(ingest_->counters().duplicates, 3);
}

TEST_F(Killed, BetweenTheTwoDatabasesThePersonIsNotDoubled) {
  const std::vector<Event> events = sales(till_, 2);
  live_and_die([&] {
    receive(events);
    // Persons are written first; with the sales locked away, the commit stops in between.
    auto intruder = sql::Connection::open(folder() / "hub.db").value();
    auto held = sql::Transaction::begin(intruder).value();
    EXPECT_FALSE(ingest_->flush().ok());
  });
  EXPECT_EQ(number("SELECT count(*) FROM persons.person"), 1);
  EXPECT_TRUE(state().have.empty());
  receive(events);
  flush();
  EXPECT_EQ(number("SELECT count(*) FROM persons.person"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 2);
}

TEST_F(Killed, AgainAndAgainATillThatRepeatsUntilAcknowledgedIsCountedOnce) {
  const std::vector<Event> events = sales(till_, 30);
  std::mt19937 chance(3);
  SequenceRanges acknowledged;
  for (int life = 0; life < 10; ++life) {
    const bool commits = chance() % 2 == 0;
    const std::size_t from = chance() % events.size();
    const std::vector<Event> sent(
        events.begin() + static_cast<long>(from),
        events.begin() + static_cast<long>(std::min(from + 7, events.size())));
    live_and_die([&] {
      receive(sent);
      if (commits) flush();
    });
    if (commits) {
      acknowledged.insert(SequenceRange{sent.front().identity.sequence.value(),
                                        sent.back().identity.sequence.value()});
    }
    EXPECT_EQ(state().have, acknowledged);
  }
  receive(events);
  EXPECT_EQ(flush_one().have, ranges({{1, 30}}));
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 30);
  bench::print(
      {.name = "hub.invoices_lost_or_doubled_in_10_kills",
       .value = std::abs(static_cast<double>(number("SELECT count(*) FROM v_invoices")) - 30),
       .unit = "invoices",
       .goal = bench::Goal::kAtMost,
       .bound = 0,
       .rival = "sold:30"});
  EXPECT_EQ(number("SELECT verified_to FROM v_journals"), 30);
}

}  // namespace
}  // namespace tillsight::hub
