// Goal: a Result carries a value or an Error through layers without losing either.
// Method: small functions that use the two macros as the product does.
#include "tillsight/core/result.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace tillsight {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return error(Code::kInvalidArgument, "{} is odd", number);
  return number / 2;
}

Result<int> quarter(int number) {
  TILLSIGHT_ASSIGN(const int first, half(number));
  TILLSIGHT_TRY(half(first));
  return half(first);
}

TEST(Result, AssignHandsTheValueOn) {
  EXPECT_EQ(*quarter(8), 2);
}

TEST(Result, TryReturnsTheFirstError) {
  EXPECT_EQ(quarter(7).error().message(), "7 is odd");
  EXPECT_EQ(quarter(6).error().message(), "3 is odd");
}

TEST(Result, HoldsTypesThatOnlyMove) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 5);
}

TEST(Result, ContextComesFirstAndKeepsTheCode) {
  const Error wrapped = half(3).error().with_context("sale 7");
  EXPECT_EQ(wrapped.message(), "sale 7: 3 is odd");
  EXPECT_EQ(wrapped.code(), Code::kInvalidArgument);
}

TEST(ResultDeathTest, ReadingTheValueOfAFailureEndsTheProcess) {
  EXPECT_DEATH({ [[maybe_unused]] const int never = half(1).value(); }, "1 is odd");
}

}  // namespace
}  // namespace tillsight
