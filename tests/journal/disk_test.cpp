// Goal: a full, read-only or failing disk is said, sales go on as long as they can, and all is well
// again when the disk is; what the hub has is let go after its time, and the chain still holds.
// Method: a disk that fails on demand, a clock that is moved, a reader that stops half-way.
#include "tillsight/journal/disk.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "tests/journal/failing_disk.hpp"
#include "tests/journal/till_box.hpp"
#include "tillsight/journal/audit.hpp"

namespace tillsight {
namespace {

using testing::FailingDisk;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::state_after;
using Kind = DiskState::Kind;

class DiskTest : public testing::TillBox {
 protected:
  DiskTest() { clock_.set_trusted(true); }

  Status acknowledge(Journal& journal, std::int64_t last) {
    SequenceRanges have;
    have.insert({1, last});
    return journal.acknowledge({"hub-1", journal.incarnation(), have, {}, 50});
  }
  /// Idle time, in which everything that is due is done.
  void tend(Journal& journal) {
    for (int slice = 0; slice < 20; ++slice) {
      const Status done = journal.tend();
      ASSERT_TRUE(done.ok()) << done.error().message();
    }
  }
  /// Days on which the till stands idle, but for the clock.
  void pass_days(Journal& journal, int days) {
    for (int day = 0; day < days; ++day) {
      clock_.advance(std::chrono::hours(24));
      tend(journal);
    }
  }
  std::int64_t oldest_kept() {
    return open_reader().events_from(Sequence(1), 1)->at(0).identity.sequence.value();
  }
};

TEST_F(DiskTest, FullDiskGetsTheReserveAndTheSaleIsSold) {
  FailingDisk disk;
  settings_.reserve_bytes = 256 * 1024;
  Journal journal = open_journal();
  const std::filesystem::path reserve = settings_.file.string() + ".reserve";
  ASSERT_EQ(std::filesystem::file_size(reserve), 256U * 1024U);
  disk.fail_while_exists(reserve, SQLITE_FULL);
  sell(journal, 1);
  EXPECT_FALSE(std::filesystem::exists(reserve));
  EXPECT_EQ(journal.disk().kind, Kind::kReserve);
  EXPECT_THAT(to_string(journal.disk()), HasSubstr("sales left"));
  disk.heal();
  tend(journal);
  EXPECT_EQ(to_string(journal.disk()), "ok");
  EXPECT_TRUE(std::filesystem::exists(reserve));
}

TEST_F(DiskTest, FullDiskWithoutAReserveRefusesAndSaysSo) {
  FailingDisk disk;
  Journal journal = open_journal();
  disk.fail(FailingDisk::Operation::kWrite, SQLITE_FULL);
  EXPECT_EQ(journal.append(testing::a_sale(), "{}").error().code(), Code::kResourceExhausted);
  EXPECT_EQ(to_string(journal.disk()), "full");
  EXPECT_FALSE(journal.disk().can_sell());
  EXPECT_THAT(refusal(journal.disk()), HasSubstr("the disk is full: no sale can be taken"));
  EXPECT_FALSE(journal.tend().ok());
  disk.heal();
  tend(journal);
  EXPECT_EQ(to_string(journal.disk()), "ok");
  EXPECT_EQ(refusal(journal.disk()), "");
}

TEST_F(DiskTest, ReadOnlyMediumIsNamedAndTriedAgain) {
  FailingDisk disk;
  Journal journal = open_journal();
  disk.fail(FailingDisk::Operation::kWrite, SQLITE_READONLY);
  EXPECT_FALSE(journal.append(testing::a_sale(), "{}").ok());
  EXPECT_EQ(to_string(journal.disk()), "read-only");
  EXPECT_FALSE(journal.disk().can_sell());
  disk.heal();
  tend(journal);
  EXPECT_EQ(to_string(journal.disk()), "ok");
  sell(journal, 1);
}

TEST_F(DiskTest, FailedWriteOfAnyKindIsSaidAndForgottenOnceOneGoesThrough) {
  FailingDisk disk;
  Journal journal = open_journal();
  sell(journal, 2);
  disk.fail(FailingDisk::Operation::kSync, SQLITE_IOERR_FSYNC);
  EXPECT_EQ(acknowledge(journal, 2).error().code(), Code::kUnavailable);
  EXPECT_THAT(to_string(journal.disk()), StartsWith("failed: "));
  EXPECT_TRUE(journal.disk().can_sell()) << "the next write may go through";
  disk.heal();
  ASSERT_TRUE(acknowledge(journal, 1).ok());
  EXPECT_EQ(to_string(journal.disk()), "ok");
  EXPECT_EQ(open_reader().counts()->unsynced, 1);
}

TEST_F(DiskTest, LongTroubleFitsAHeartbeat) {
  DiskState state;
  state.kind = Kind::kFailed;
  for (int i = 0; i < 200; ++i) state.why += "ü";
  const std::string text = to_string(state);
  EXPECT_LE(text.size(), 250U);
  TillStatus status{.state = "online",
                    .session = "1",
                    .version = "1",
                    .incarnation = Incarnation(std::string(32, 'a')),
                    .oldest_unsynced = "",
                    .camera = "ok",
                    .disk = text,
                    .clock = "trusted",
                    .figures = {}};
  EXPECT_EQ(parse_till_status(to_json(status))->disk, text);
}

TEST_F(DiskTest, SaleWhoseFateTheDiskDoesNotTellIsSettledLater) {
  FailingDisk disk;
  Journal journal = open_journal();
  sell(journal, 2);
  disk.fail(FailingDisk::Operation::kSync, SQLITE_IOERR_FSYNC);
  disk.fail(FailingDisk::Operation::kOpen, SQLITE_CANTOPEN);
  EXPECT_FALSE(journal.append(testing::a_sale(), state_after(3)).ok());
  EXPECT_TRUE(journal.unsettled());
  EXPECT_FALSE(journal.settle().ok());
  EXPECT_TRUE(journal.unsettled()) << "the disk has not answered";
  disk.heal();
  EXPECT_EQ(journal.settle().error().code(), Code::kUnavailable) << "it was not stored";
  EXPECT_FALSE(journal.unsettled());
  sell(journal, 1);
}

TEST_F(DiskTest, DeliveredEventIsKeptForItsTimeAndThenLetGo) {
  Journal journal = open_journal();
  sell(journal, 300);
  ASSERT_TRUE(acknowledge(journal, 250).ok());
  tend(journal);
  pass_days(journal, 90);
  EXPECT_EQ(oldest_kept(), 1) << "the hub has it, and 90 days are not over";
  pass_days(journal, 1);
  EXPECT_EQ(oldest_kept(), 251) << "what the hub has not is never let go";
  const Status chain = open_reader().verify_chain();
  EXPECT_TRUE(chain.ok()) << chain.error().message();
}

TEST_F(DiskTest, AuditProvesWhatIsKeptAndDoesNotMissWhatWasLetGo) {
  Journal journal = open_journal();
  sell(journal, 10);
  Audit whole;
  ASSERT_TRUE(audit_journal(settings_.file, whole, [](double) {}).ok());
  ASSERT_TRUE(acknowledge(journal, 8).ok());
  tend(journal);
  pass_days(journal, 91);
  sell(journal, 5);
  Audit kept;
  ASSERT_TRUE(audit_journal(settings_.file, kept, [](double) {}).ok());
  EXPECT_THAT(kept.problems, ::testing::IsEmpty());
  EXPECT_EQ(kept.journals.at(0).events, 7);
  EXPECT_THAT(kept.remarks.at(0), HasSubstr("events 1 to 8 were let go"));
  for (const std::string& difference : differences(kept, "till", whole, "hub")) {
    EXPECT_THAT(difference, ::testing::Not(HasSubstr("2026-01-05"))) << "the day that is cut";
  }
}

TEST_F(DiskTest, LastEventStaysAndTheJournalGoesOnFromIt) {
  {
    Journal journal = open_journal();
    sell(journal, 30);
    ASSERT_TRUE(acknowledge(journal, 30).ok());
    tend(journal);
    pass_days(journal, 91);
    EXPECT_EQ(oldest_kept(), 30);
  }
  Journal journal = open_journal();
  EXPECT_EQ(journal.last_sequence(), Sequence(30));
  sell(journal, 3);
  EXPECT_TRUE(open_reader().verify_chain().ok());
}

TEST_F(DiskTest, ClockThatJumpsLetsNothingGo) {
  Journal journal = open_journal();
  sell(journal, 10);
  ASSERT_TRUE(acknowledge(journal, 10).ok());
  clock_.set_trusted(false);
  clock_.jump_utc(std::chrono::days(3650));
  clock_.advance(std::chrono::hours(1));
  tend(journal);
  EXPECT_EQ(oldest_kept(), 1);
  clock_.set_trusted(true);
  tend(journal);
  EXPECT_EQ(oldest_kept(), 1) << "no trusted clock has seen them for 90 days";
}

TEST_F(DiskTest, ClockThatIsNotTrustedMakesNothingOld) {
  Journal journal = open_journal();
  sell(journal, 10);
  ASSERT_TRUE(acknowledge(journal, 10).ok());
  tend(journal);  // a trusted clock has seen them on this day
  clock_.set_trusted(false);
  clock_.jump_utc(std::chrono::days(3650));
  clock_.advance(std::chrono::hours(1));
  tend(journal);
  EXPECT_EQ(oldest_kept(), 1);
}

TEST_F(DiskTest, ReaderThatStopsHalfWayIsEndedAndHoldsNothingBack) {
  FakeClock clock;
  Journal journal = open_journal();
  sell(journal, 30);
  sql::Options options;
  options.access = sql::Access::kReadOnly;
  options.clock = &clock;
  sql::Connection reader = sql::Connection::open(settings_.file, options).value();
  sql::Statement rows = reader.prepare("SELECT sealed FROM event").value();
  ASSERT_TRUE(*rows.step());
  clock.advance(std::chrono::milliseconds(2'001));
  const auto ended = rows.step();
  EXPECT_EQ(ended.error().code(), Code::kUnavailable);
  EXPECT_THAT(ended.error().message(), HasSubstr("took longer than 2000 ms"));
  sql::Connection writer = sql::Connection::open(settings_.file).value();
  EXPECT_TRUE(writer.checkpoint(sql::Checkpoint::kTruncate).ok()) << "it still holds a snapshot";
  EXPECT_TRUE(*rows.bind().step()) << "it may read again";
}

}  // namespace
}  // namespace tillsight
