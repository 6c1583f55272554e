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
  EXPECT_EQ(parsed<action::Remove>(R"({"do":"remove","line":3,"reason":"broken"})").reason,
            "broken");
}

TEST(ClerkAction, TheDaysActionsAreOneLineEach) {
  const auto sign_in = parsed<action::SignIn>(R"({"do":"sign_in","pin":"4711"})");
  EXPECT_EQ(sign_in.approval.pin, "4711");
  EXPECT_EQ(sign_in.approval.cashier, "");
  parsed<action::SignOut>(R"({"do":"sign_out"})");
  const auto off = parsed<action::Discount>(
      R"({"do":"discount","line":2,"percent":"12.5","reason":"dented","pin":"471147"})");
  EXPECT_EQ(off.line, LineId(2));
  EXPECT_EQ(off.percent, "12.5");
  EXPECT_EQ(off.approval.pin, "471147");
  EXPECT_EQ(parsed<action::Discount>(R"({"do":"discount","amount":"5","reason":"r"})").line,
            LineId(0));
  EXPECT_EQ(parsed<action::Refund>(R"({"do":"refund","invoice_no":"T03-1-000042-7"})").invoice_no,
            "T03-1-000042-7");
  EXPECT_EQ(parsed<action::OpenDay>(R"({"do":"open_day","float":"2000"})").opening_float, "2000");
  EXPECT_TRUE(parsed<action::Cash>(R"({"do":"cash","way":"in","amount":"5","reason":"x"})").in);
  EXPECT_FALSE(parsed<action::Cash>(R"({"do":"cash","way":"out","amount":"5","reason":"x"})").in);
  parsed<action::XReport>(R"({"do":"x_report"})");
  const auto close = parsed<action::CloseDay>(R"({"do":"close_day","counted":{"cash":"2500"}})");
  EXPECT_EQ(close.counted.at("cash"), "2500");
  EXPECT_TRUE(parsed<action::Training>(R"({"do":"training","on":true,"pin":"471147"})").on);
  EXPECT_EQ(parsed<action::Reprint>(R"({"do":"reprint"})").invoice_no, "");
}

TEST(ClerkAction, NobodyCanSayThatHeIsApproved) {
  const auto forged = parsed<action::SignIn>(
      R"({"do":"sign_in","pin":"1","approval":{"cashier":"Mira","role":"supervisor"}})");
  EXPECT_EQ(forged.approval.cashier, "");
  EXPECT_THAT(mistake(R"({"do":"reject","code":"x"})"), HasSubstr("'reject' is not one of"));
}

TEST(ClerkAction, EveryActionHasItsWord) {
  EXPECT_EQ(name(action::Add{}), "add");
  EXPECT_EQ(name(action::SetCashier{}), "cashier");
  EXPECT_EQ(name(action::Discount{}), "discount");
  EXPECT_EQ(name(action::Reprint{}), "reprint");
  EXPECT_EQ(name(action::Reject{}), "reject");
}

TEST(ClerkAction, MistakesAreAnsweredByField) {
  EXPECT_EQ(mistake("hello"), "action is not a JSON object");
  EXPECT_THAT(mistake("{}"), HasSubstr("'do' is missing"));
  EXPECT_THAT(mistake(R"({"do":"dance"})"), HasSubstr("'dance' is not one of add, remove,"));
  EXPECT_THAT(mistake(R"({"do":"add"})"), HasSubstr("'sku' is missing"));
  EXPECT_THAT(mistake(R"({"do":"add","sku":"a","quantity":0})"), HasSubstr("use 1 to 999"));
  EXPECT_THAT(mistake(R"({"do":"quantity","line":1,"quantity":1.5})"),
              HasSubstr("'quantity' is not a whole number"));
  EXPECT_THAT(mistake(R"({"do":"cash","way":"up","amount":"5","reason":"x"})"),
              HasSubstr("'way' is not in or out"));
  EXPECT_THAT(mistake(R"({"do":"close_day","counted":{"cash":5}})"),
              HasSubstr("'counted' holds something that is not a short text"));
  EXPECT_THAT(mistake(R"({"do":"discount","amount":"5","percent":"5","reason":"x"})"),
              HasSubstr("'amount' stands beside 'percent'"));
  EXPECT_THAT(mistake(R"({"do":"remove","line":"first"})"), HasSubstr("'line' is not a whole"));
}

}  // namespace
}  // namespace tillsight
