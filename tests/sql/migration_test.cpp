// Goal: every older file is brought forward once, a newer or a foreign one is left as it is.
// Method: a schema that grows by a step between openings.
#include "tillsight/sql/migration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/support/temp_dir.hpp"

namespace tillsight::sql {
namespace {

using ::testing::HasSubstr;

constexpr std::array<std::string_view, 3> kSteps{
    "CREATE TABLE product(sku TEXT); INSERT INTO product VALUES ('apple')",
    "ALTER TABLE product ADD COLUMN price INTEGER DEFAULT 7",
    "CREATE TABLE product(twice)",
};

Schema shop(std::size_t steps) {
  return {
      .name = "shop file", .application_id = 0x54657374, .steps = std::span(kSteps).first(steps)};
}

class MigrationTest : public ::testing::Test {
 protected:
  std::int64_t number(std::string_view sql) {
    Statement statement = db_.prepare(sql).value();
    return statement.step().value() ? statement.integer(0) : -1;
  }

  TempDir folder_;
  Connection db_ = Connection::open(folder_ / "shop.db").value();
};

TEST_F(MigrationTest, OldFileIsBroughtForwardAndKeepsItsRows) {
  ASSERT_TRUE(migrate(db_, shop(1)).ok());
  ASSERT_TRUE(migrate(db_, shop(2)).ok());
  EXPECT_EQ(number("SELECT price FROM product"), 7);
  EXPECT_EQ(number("PRAGMA user_version"), 2);
}

TEST_F(MigrationTest, RunningItAgainChangesNothing) {
  ASSERT_TRUE(migrate(db_, shop(2)).ok());
  ASSERT_TRUE(migrate(db_, shop(2)).ok());
  EXPECT_EQ(number("SELECT count(*) FROM product"), 1);
}

TEST_F(MigrationTest, StepThatFailsLeavesTheVersionBeforeIt) {
  const Status failed = migrate(db_, shop(3));
  EXPECT_THAT(failed.error().message(), HasSubstr("shop file: format 3"));
  EXPECT_EQ(number("PRAGMA user_version"), 2);
  EXPECT_TRUE(migrate(db_, shop(2)).ok());
}

TEST_F(MigrationTest, NewerFileNeedsANewerProgram) {
  ASSERT_TRUE(migrate(db_, shop(2)).ok());
  const Status refused = migrate(db_, shop(1));
  EXPECT_EQ(refused.error().code(), Code::kFailedPrecondition);
  EXPECT_THAT(refused.error().message(), HasSubstr("install the newer version"));
}

TEST_F(MigrationTest, ForeignFileIsLeftAlone) {
  ASSERT_TRUE(db_.execute("CREATE TABLE somebody_elses(x)").ok());
  const Status refused = migrate(db_, shop(1));
  EXPECT_EQ(refused.error().code(), Code::kFailedPrecondition);
  EXPECT_THAT(refused.error().message(), HasSubstr("not a shop file"));
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_schema"), 1);
}

TEST_F(MigrationTest, ReaderWantsExactlyItsSchema) {
  Connection reader = Connection::open(folder_ / "shop.db", {.access = Access::kReadOnly}).value();
  EXPECT_EQ(expect_schema(reader, shop(2)).error().code(), Code::kFailedPrecondition);
  ASSERT_TRUE(migrate(db_, shop(2)).ok());
  EXPECT_TRUE(expect_schema(reader, shop(2)).ok());
  EXPECT_EQ(expect_schema(reader, shop(1)).error().code(), Code::kFailedPrecondition);
}

}  // namespace
}  // namespace tillsight::sql
