// Goal: values go into SQL and come back as they were; prepared statements are safe to keep and
// cheap to ask for again.
// Method: round trips through a real file; what one Statement leaves behind must not show in the
// next.
#include "tillsight/sql/statement.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>

#include "tests/support/temp_dir.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::sql {
namespace {

class StatementTest : public ::testing::Test {
 protected:
  Statement prepare(std::string_view sql) { return db_.prepare(sql).value(); }

  TempDir folder_;
  Connection db_ = Connection::open(folder_ / "shop.db").value();
};

TEST_F(StatementTest, ValuesComeBackAsTheyWentIn) {
  const std::array<std::byte, 3> bytes{std::byte{0}, std::byte{255}, std::byte{7}};
  const std::string with_zero("a\0é", 4);
  Statement echo = prepare("SELECT ?, ?, ?, ?, ?, ?");
  echo.bind(std::int64_t{-9'007'199'254'740'993}, 0.1, with_zero, bytes, nullptr, "literal");
  ASSERT_TRUE(echo.step().value());
  EXPECT_EQ(echo.integer(0), -9'007'199'254'740'993);
  EXPECT_EQ(echo.real(1), 0.1);
  EXPECT_EQ(echo.text(2), with_zero);
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), echo.blob(3).begin(), echo.blob(3).end()));
  EXPECT_TRUE(echo.is_null(4));
  EXPECT_EQ(echo.text(5), "literal");
  EXPECT_FALSE(echo.step().value());
}

TEST_F(StatementTest, EmptyTextIsNotNullAndAnEmptyOptionalIs) {
  Statement echo = prepare("SELECT ?, ?, ?, ?");
  echo.bind(std::string_view{}, std::string{}, std::optional<std::string_view>{},
            std::optional<int>{3});
  ASSERT_TRUE(echo.step().value());
  EXPECT_FALSE(echo.is_null(0));
  EXPECT_FALSE(echo.is_null(1));
  EXPECT_TRUE(echo.is_null(2));
  EXPECT_EQ(echo.integer(3), 3);
}

TEST_F(StatementTest, BoundTextMayDieBeforeTheStep) {
  Statement echo = prepare("SELECT ?");
  {
    const std::string short_lived(5000, 'x');
    echo.bind(short_lived);
  }
  ASSERT_TRUE(echo.step().value());
  EXPECT_EQ(echo.text(0), std::string(5000, 'x'));
}

TEST_F(StatementTest, BindingAgainStartsOverAndForgetsTheOldValues) {
  Statement echo = prepare("SELECT ?, ?");
  echo.bind(1, 2);
  ASSERT_TRUE(echo.step().value());
  echo.bind(3);
  ASSERT_TRUE(echo.step().value());
  EXPECT_EQ(echo.integer(0), 3);
  EXPECT_TRUE(echo.is_null(1));
}

TEST_F(StatementTest, SameTextMayBeInUseTwiceAtOnce) {
  Statement outer = prepare("SELECT value FROM json_each(?)");
  outer.bind("[1, 2]");
  ASSERT_TRUE(outer.step().value());
  {
    Statement inner = prepare("SELECT value FROM json_each(?)");
    inner.bind("[7]");
    ASSERT_TRUE(inner.step().value());
    EXPECT_EQ(inner.integer(0), 7);
  }
  ASSERT_TRUE(outer.step().value());
  EXPECT_EQ(outer.integer(0), 2);
}

TEST_F(StatementTest, NextUserOfTheSameTextFindsNothingOfTheLast) {
  {
    Statement first = prepare("SELECT ?");
    first.bind("secret");
    ASSERT_TRUE(first.step().value());
  }
  Statement second = prepare("SELECT ?");
  ASSERT_TRUE(second.step().value());
  EXPECT_TRUE(second.is_null(0));
}

TEST_F(StatementTest, ManyDifferentTextsStayBounded) {
  for (int i = 0; i < 1000; ++i) {
    Statement statement = prepare("SELECT " + std::to_string(i));
    ASSERT_TRUE(statement.step().value());
    ASSERT_EQ(statement.integer(0), i);
  }
}

TEST_F(StatementTest, ErrorInTheMiddleLeavesTheStatementUsable) {
  Statement divide = prepare("SELECT json_extract(?, '$.a')");
  divide.bind("no json");
  EXPECT_EQ(divide.step().error().code(), Code::kInvalidArgument);
  divide.bind(R"({"a": 5})");
  ASSERT_TRUE(divide.step().value());
  EXPECT_EQ(divide.integer(0), 5);
}

TEST_F(StatementTest, ColumnsHaveNames) {
  Statement statement = prepare("SELECT 1 AS one, 2 AS two");
  EXPECT_EQ(statement.columns(), 2);
  EXPECT_EQ(statement.column_name(1), "two");
}

using StatementDeathTest = StatementTest;

TEST_F(StatementDeathTest, ReadingAColumnWithoutARowEndsTheProcess) {
  Statement statement = prepare("SELECT 1");
  EXPECT_DEATH(statement.integer(0), "without a row");
  ASSERT_TRUE(statement.step().value());
  EXPECT_DEATH(statement.integer(1), "no such column");
}

TEST_F(StatementDeathTest, OneValueTooManyEndsTheProcess) {
  Statement statement = prepare("SELECT ?");
  EXPECT_DEATH(statement.bind(1, 2), "out of range");
}

}  // namespace
}  // namespace tillsight::sql
