// Goal: every action can be said as one line of JSON, and a wrong line is answered by field.
// Method: each action once; each kind of mistake once.
#include "tillsight/domain/clerk_action.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tillsight {
namespace {

using ::testing::HasSubstr;

template <typename Action>
Action parsed(std::string_view line) {
  const auto result = parse_clerk_action(line);
  EXPECT_TRUE(result.ok()) << line << ": " << result.error().message();
  return std::get<Action>(*result);
}

std::string mistake(std::string_view line) {
  const auto result = parse_clerk_action(line);
  return result.ok() ? "accepted" : result.error().message();
}

TEST(ClerkAction, EveryActionIsOneLine) {
  const auto add = parsed<action::Add>(R"({"do":"add","sku":"banana","quantity":2})");
  EXPECT_EQ(add.code, "banana");
  EXPECT_EQ(add.quantity, 2);
  EXPECT_EQ(parsed<action::Add>(R"({"do":"add","sku":"2000000000015","entered":"scanner"})").entry,
            Entry::kScanner);
  EXPECT_EQ(parsed<action::Remove>(R"({"do":"remove","line":3})").line, LineId(3));
  EXPECT_EQ(parsed<action::SetQuantity>(R"({"do":"quantity","line":1,"quantity":5})").quantity, 5);
  EXPECT_EQ(parsed<action::Choose>(R"({"do":"choose","line":1,"sku":"apple"})").sku, Sku("apple"));
  EXPECT_EQ(parsed<action::SetCustomer>(R"({"do":"customer","first_name":"José","phone":"98"})")
                .first_name,
            "José");
  parsed<action::ClearCustomer>(R"({"do":"customer"})");
  EXPECT_EQ(parsed<action::Pay>(R"({"do":"pay"})").tender, "cash");
  EXPECT_EQ(parsed<action::Pay>(R"({"do":"pay","tender":"card","amount":"5"})").amount, "5");
  parsed<action::Next>(R"({"do":"next"})");
  EXPECT_EQ(parsed<action::Void>(R"({"do":"void","reason":"left"})").reason, "left");
  parsed<action::Hold>(R"({"do":"hold"})");
  EXPECT_EQ(parsed<action::Resume>(R"({"do":"resume","slot":2})").slot, 2);
  EXPECT_EQ(parsed<action::SetCashier>(R"({"do":"cashier","name":"Mira"})").name, "Mira");
}

TEST(ClerkAction, MistakesAreAnsweredByField) {
  EXPECT_EQ(mistake("hello"), "action is not a JSON object");
  EXPECT_THAT(mistake("{}"), HasSubstr("'do' is missing"));
  EXPECT_THAT(mistake(R"({"do":"dance"})"), HasSubstr("'dance' is not one of add, remove,"));
  EXPECT_THAT(mistake(R"({"do":"add"})"), HasSubstr("'sku' is missing"));
  EXPECT_THAT(mistake(R"({"do":"add","sku":"a","quantity":0})"), HasSubstr("use 1 to 999"));
  EXPECT_THAT(mistake(R"({"do":"quantity","line":1,"quantity":1.5})"),
              HasSubstr("'quantity' is not a whole number"));
  EXPECT_THAT(mistake(R"({"do":"remove","line":"first"})"), HasSubstr("'line' is not a whole"));
}

}  // namespace
}  // namespace tillsight
