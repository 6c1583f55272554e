// Goal: a transaction is all or nothing, and a snapshot stands still.
// Method: a writer and a reader on the same file.
#include "tillsight/sql/transaction.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace tillsight::sql {
namespace {

class TransactionTest : public ::testing::Test {
 protected:
  TransactionTest() { EXPECT_TRUE(db_.execute("CREATE TABLE t(x INTEGER PRIMARY KEY)").ok()); }

  static std::int64_t rows(Connection& db) {
    Statement count = db.prepare("SELECT count(*) FROM t").value();
    return count.step().value() ? count.integer(0) : -1;
  }

  TempDir folder_;
  Connection db_ = Connection::open(folder_ / "shop.db").value();
  Connection reader_ = Connection::open(folder_ / "shop.db", {.access = Access::kReadOnly}).value();
};

TEST_F(TransactionTest, ShowsNothingBeforeTheCommitAndAllAfterIt) {
  Transaction all = Transaction::begin(db_).value();
  ASSERT_TRUE(db_.execute("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)").ok());
  EXPECT_EQ(rows(reader_), 0);
  ASSERT_TRUE(all.commit().ok());
  EXPECT_EQ(rows(reader_), 2);
}

TEST_F(TransactionTest, RollsBackWhenItsScopeIsLeft) {
  {
    Transaction abandoned = Transaction::begin(db_).value();
    ASSERT_TRUE(db_.execute("INSERT INTO t VALUES (1)").ok());
    Transaction moved = std::move(abandoned);
    EXPECT_EQ(rows(db_), 1);
  }
  EXPECT_EQ(rows(db_), 0);
}

TEST_F(TransactionTest, GoesOnAfterAStatementThatFailed) {
  Transaction all = Transaction::begin(db_).value();
  ASSERT_TRUE(db_.execute("INSERT INTO t VALUES (1)").ok());
  EXPECT_EQ(db_.execute("INSERT INTO t VALUES (1)").error().code(), Code::kAlreadyExists);
  ASSERT_TRUE(db_.execute("INSERT INTO t VALUES (2)").ok());
  ASSERT_TRUE(all.commit().ok());
  EXPECT_EQ(rows(reader_), 2);
}

TEST_F(TransactionTest, SnapshotStandsStillWhileOthersWrite) {
  {
    const Transaction snapshot = Transaction::snapshot(reader_).value();
    EXPECT_EQ(rows(reader_), 0);
    ASSERT_TRUE(db_.execute("INSERT INTO t VALUES (1)").ok());
    EXPECT_EQ(rows(reader_), 0);
  }
  EXPECT_EQ(rows(reader_), 1);
}

TEST_F(TransactionTest, CommitThatBreaksADeferredRuleLeavesNothingBehind) {
  ASSERT_TRUE(db_.execute("CREATE TABLE child(x REFERENCES t DEFERRABLE INITIALLY DEFERRED)").ok());
  Transaction broken = Transaction::begin(db_).value();
  ASSERT_TRUE(db_.execute("INSERT INTO child VALUES (99)").ok());
  EXPECT_EQ(broken.commit().error().code(), Code::kInvalidArgument);
  Transaction next = Transaction::begin(db_).value();
  EXPECT_TRUE(next.commit().ok());
}

using TransactionDeathTest = TransactionTest;

TEST_F(TransactionDeathTest, NestingEndsTheProcess) {
  const Transaction outer = Transaction::begin(db_).value();
  EXPECT_DEATH(static_cast<void>(Transaction::begin(db_)), "do not nest");
}

}  // namespace
}  // namespace tillsight::sql
