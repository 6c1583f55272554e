// Goal: a clock correction is an event like the others: numbered, chained, offered, durable; and a
// till that starts again knows what its clock said.
// Method: corrections among sales, a restart, a disk that fails.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "tests/journal/failing_disk.hpp"
#include "tests/journal/till_box.hpp"

namespace tillsight {
namespace {

using std::chrono::hours;
using testing::FailingDisk;

class ClockEvents : public testing::TillBox {
 protected:
  ClockCorrection correction() const { return {clock_.utc_now() - hours(5), read(clock_)}; }
};

TEST_F(ClockEvents, TakeANumberAndAPlaceInTheChainAndNoInvoiceNumber) {
  Journal journal = open_journal();
  sell(journal, 3);
  const std::string state = *journal.counter_state();
  const ClockCorrection written = correction();
  const auto event = journal.append(written);
  ASSERT_TRUE(event.ok()) << event.error().message();
  EXPECT_EQ(event->identity.sequence, Sequence(4));
  EXPECT_EQ(*journal.counter_state(), state);
  sell(journal, 3);
  JournalReader reader = open_reader();
  EXPECT_TRUE(reader.verify_chain().ok());
  EXPECT_EQ(reader.counts()->unsynced, 7);
  EXPECT_EQ(*open_clock_correction(*reader.event(Sequence(4))), written);
}

TEST_F(ClockEvents, TellWhatTheClockSaidBeforeARestart) {
  {
    Journal journal = open_journal();
    EXPECT_EQ(journal.last_clock(), std::nullopt);
    ASSERT_TRUE(journal.append(correction()).ok());
  }
  const ClockReading then = read(clock_);
  clock_.advance(hours(1));
  Journal journal = open_journal();
  EXPECT_EQ(journal.last_clock(), then);
  const ClockReading now = read(clock_);
  ASSERT_TRUE(journal.append(testing::a_sale({testing::a_line("apple", 200)}, clock_), "{}").ok());
  EXPECT_EQ(journal.last_clock(), now);
}

TEST_F(ClockEvents, ThatCouldNotBeWrittenTakeNoNumber) {
  FailingDisk disk;
  Journal journal = open_journal();
  sell(journal, 1);
  disk.fail(FailingDisk::Operation::kWrite, SQLITE_FULL);
  EXPECT_EQ(journal.append(correction()).error().code(), Code::kResourceExhausted);
  disk.heal();
  EXPECT_EQ(journal.append(correction())->identity.sequence, Sequence(2));
  EXPECT_TRUE(open_reader().verify_chain().ok());
}

}  // namespace
}  // namespace tillsight
