// Goal: SQLite works on a memory disk as on a real one, and each trouble that the disk makes comes
// back as the error that the real trouble would give.
// Method: our own Connection over it, and the real folder beside it as witness.
#include "tillsight/sql/memory_disk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "tests/support/temp_dir.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::sql {
namespace {

using ::testing::HasSubstr;

class MemoryDiskTest : public ::testing::Test {
 protected:
  MemoryDiskTest() { EXPECT_TRUE(open().execute("CREATE TABLE sale (id INTEGER)").ok()); }

  Connection open(Access access = Access::kReadWrite) { return try_open(access).value(); }
  Result<Connection> try_open(Access access = Access::kReadWrite) {
    return Connection::open(file_, {.access = access, .busy_timeout = {}});
  }
  static Status sell(Connection& db, int id) {
    return db.execute("INSERT INTO sale VALUES (" + std::to_string(id) + ")");
  }
  static std::int64_t sales(Connection& db) {
    Statement count = db.prepare("SELECT count(*) FROM sale").value();
    EXPECT_TRUE(count.step().value());
    return count.integer(0);
  }
  std::int64_t sales_after_reopening() {
    Connection db = open();
    EXPECT_TRUE(db.check_integrity().ok());
    return sales(db);
  }

  TempDir folder_;
  MemoryDisk disk_{folder_.path()};
  SeededRandom random_{11};
  const std::filesystem::path file_ = folder_ / "shop.db";
};

TEST_F(MemoryDiskTest, DatabaseIsThereAfterReopeningAndNothingIsInTheRealFolder) {
  {
    Connection db = open();
    ASSERT_TRUE(sell(db, 1).ok());
    Connection reader = open(Access::kReadOnly);
    EXPECT_EQ(sales(reader), 1);
  }
  EXPECT_EQ(sales_after_reopening(), 1);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(MemoryDiskTest, OtherFoldersStayOnTheRealDiskAndOtherDisksApart) {
  const TempDir real;
  const TempDir other;
  const MemoryDisk second(other.path());
  Connection here = Connection::open(real / "shop.db").value();
  Connection there = Connection::open(other / "shop.db").value();
  ASSERT_TRUE(here.execute("CREATE TABLE t(x)").ok());
  EXPECT_TRUE(std::filesystem::exists(real / "shop.db"));
  EXPECT_FALSE(there.prepare("SELECT * FROM t").ok());
  EXPECT_FALSE(there.prepare("SELECT * FROM sale").ok());
}

TEST_F(MemoryDiskTest, MissingDatabaseIsNotFound) {
  const auto missing = Connection::open(folder_ / "none.db", {.access = Access::kReadOnly});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code(), Code::kNotFound);
}

TEST_F(MemoryDiskTest, WritersExcludeEachOtherAndReadersKeepTheirSnapshot) {
  Connection first = open();
  Connection reader = open(Access::kReadOnly);
  Connection second = open();
  auto seen = Transaction::snapshot(reader).value();
  EXPECT_EQ(sales(reader), 0);
  {
    auto all = Transaction::begin(first).value();
    ASSERT_TRUE(sell(first, 1).ok());
    EXPECT_EQ(sell(second, 2).error().code(), Code::kAborted);
    ASSERT_TRUE(all.commit().ok());
  }
  EXPECT_EQ(sales(reader), 0);
  EXPECT_EQ(first.checkpoint(Checkpoint::kTruncate).error().code(), Code::kAborted);
  ASSERT_TRUE(seen.commit().ok());
  EXPECT_TRUE(first.checkpoint(Checkpoint::kTruncate).ok());
  EXPECT_EQ(sales(reader), 1);
}

TEST_F(MemoryDiskTest, PowerCutKeepsEveryCommitAndEndsWhatWasOpen) {
  for (int round = 1; round <= 200; ++round) {
    Connection db = open();
    ASSERT_TRUE(sell(db, round).ok());
    {
      auto unfinished = Transaction::begin(db).value();
      ASSERT_TRUE(sell(db, -round).ok());
      disk_.power_cut(random_);
    }
    EXPECT_FALSE(sell(db, -round).ok());
    EXPECT_EQ(sales_after_reopening(), round);
  }
}

TEST_F(MemoryDiskTest, RestoredStateIsWhatWasTaken) {
  std::optional<Connection> db(open());
  ASSERT_TRUE(sell(*db, 1).ok());
  const DiskState one = disk_.state();
  ASSERT_TRUE(sell(*db, 2).ok());
  db.reset();
  EXPECT_EQ(sales_after_reopening(), 2);
  disk_.restore(one);
  EXPECT_EQ(sales_after_reopening(), 1);
}

TEST_F(MemoryDiskTest, RecordedChangesLeadThroughEveryStateBetween) {
  DiskState replayed = disk_.state();
  disk_.record();
  {
    Connection db = open();
    for (int id = 1; id <= 5; ++id) ASSERT_TRUE(sell(db, id).ok());
  }
  const std::vector<DiskChange> changes = disk_.take_recording();
  std::int64_t before = 0;
  for (const DiskChange& change : changes) {
    replayed.apply(change);
    disk_.restore(replayed);
    const std::int64_t now = sales_after_reopening();
    EXPECT_TRUE(now == before || now == before + 1);
    before = now;
  }
  EXPECT_EQ(before, 5);
}

TEST_F(MemoryDiskTest, EachTroubleHasItsCodeAndEndsWhenItIsHealed) {
  struct Trouble {
    DiskFault fault;
    Code code;
    const char* said;
  };
  const Trouble troubles[] = {
      {{DiskOperation::kWrite, DiskError::kFull}, Code::kResourceExhausted, "free space"},
      {{DiskOperation::kWrite, DiskError::kIo}, Code::kUnavailable, "medium failed"},
      {{DiskOperation::kWrite, DiskError::kReadOnly}, Code::kUnavailable, "medium failed"},
      {{DiskOperation::kSync, DiskError::kIo}, Code::kUnavailable, "medium failed"},
  };
  Connection db = open();
  int id = 0;
  for (Trouble trouble : troubles) {
    trouble.fault.for_ever = true;
    disk_.fail(trouble.fault);
    for (int i = 0; i < 2; ++i) {
      const Status failed = sell(db, 1000);
      EXPECT_EQ(failed.error().code(), trouble.code);
      EXPECT_THAT(failed.error().message(), HasSubstr(trouble.said));
      EXPECT_THAT(failed.error().message(), HasSubstr(file_.string()));
    }
    disk_.heal();
    EXPECT_TRUE(sell(db, ++id).ok());
    EXPECT_EQ(sales(db), id);
  }
  EXPECT_EQ(disk_.counters().failed, 8);
}

TEST_F(MemoryDiskTest, SingleFaultHitsTheOperationThatWasMeant) {
  Connection db = open();
  EXPECT_TRUE(sell(db, 0).ok());  // syncs the log's header as well
  disk_.fail({.operation = DiskOperation::kSync, .after = 2});
  EXPECT_TRUE(sell(db, 1).ok());
  EXPECT_TRUE(sell(db, 2).ok());
  EXPECT_FALSE(sell(db, 3).ok());
  EXPECT_TRUE(sell(db, 4).ok());
}

TEST_F(MemoryDiskTest, OpeningCanFail) {
  disk_.fail({.operation = DiskOperation::kOpen});
  EXPECT_FALSE(try_open().ok());
  EXPECT_TRUE(try_open().ok());
}

TEST_F(MemoryDiskTest, FullDiskTakesNoMoreUntilThereIsRoom) {
  Connection db = open();
  disk_.set_capacity(disk_.state().used_bytes() + 100 * 1024);
  int sold = 0;
  Status last;
  while (last.ok() && sold < 1000) {
    last = sell(db, sold);
    sold += last.ok();
  }
  ASSERT_FALSE(last.ok());
  EXPECT_EQ(last.error().code(), Code::kResourceExhausted);
  EXPECT_GT(sold, 10);
  disk_.set_capacity(-1);
  EXPECT_TRUE(sell(db, sold).ok());
  EXPECT_EQ(sales(db), sold + 1);
}

}  // namespace
}  // namespace tillsight::sql
