// Goal: what a supervisor vouches for, and the day's books, are within reach of seventeen keys.
// Method: keys go to the dialog alone, over views as the counter shows them; the actions that come
// out are looked at, and refused or done as the test wants.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tillsight/station/dialog.hpp"

namespace tillsight {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class DialogDay : public ::testing::Test {
 protected:
  DialogDay() {
    SaleView::Line line;
    line.id = LineId(4);
    line.name = "Rice";
    view_.lines = {line};
    view_.gross = Money::minor(9950);
    view_.cashier = "Meera";
  }

  /// "slash 6 427 enter": keys by name, digits may stand together. \return the last action.
  std::optional<ClerkAction> keys(std::string_view words) {
    std::optional<ClerkAction> action;
    while (!words.empty()) {
      const std::size_t end = std::min(words.find(' '), words.size());
      const std::string_view word = words.substr(0, end);
      words.remove_prefix(std::min(end + 1, words.size()));
      if (const auto key = parse_key(word)) {
        action = dialog_.press(*key, view_);
      } else {
        for (const char c : word)
          action = dialog_.press(*parse_key(std::string_view(&c, 1)), view_);
      }
    }
    return action;
  }
  template <typename T>
  T expect(std::optional<ClerkAction> action) {
    EXPECT_TRUE(action && std::holds_alternative<T>(*action)) << step();
    return action && std::holds_alternative<T>(*action) ? std::get<T>(*action) : T();
  }

  void done() {
    view_.refused = false;
    view_.code.clear();
    dialog_.answered(view_);
  }
  void refused(std::string_view code) {
    view_.refused = true;
    view_.code = code;
    dialog_.answered(view_);
  }
  std::string step() const { return dialog_.prompt(view_).step; }

  const Currency inr_ = *Currency::parse("INR");
  SaleView view_;
  Dialog dialog_{{inr_, {"cash", "card"}, TillId("T03"), 2}};
};

TEST_F(DialogDay, SignsInByPinAndShowsNoneOfIt) {
  view_.sign_in = true;
  EXPECT_FALSE(keys("4711"));
  const Prompt prompt = dialog_.prompt(view_);
  EXPECT_EQ(prompt.step, "sign_in");
  EXPECT_TRUE(prompt.masked);
  EXPECT_EQ(prompt.typed, "••••");
  EXPECT_EQ(expect<action::SignIn>(keys("enter")).approval.pin, "4711");
  refused("pin.wrong");
  EXPECT_EQ(dialog_.prompt(view_).typed, "");
  EXPECT_EQ(step(), "sign_in");
  expect<action::SignIn>(keys("4712 enter"));
  view_.sign_in = false;
  done();
  EXPECT_EQ(step(), "items");
}

TEST_F(DialogDay, NothingElseIsDoneBeforeSomebodySignsIn) {
  view_.sign_in = true;
  EXPECT_FALSE(keys("slash dot plus times minus num num"));
  EXPECT_EQ(step(), "sign_in");
}

TEST_F(DialogDay, WhatNeedsASupervisorIsSaidAgainWithHisPin) {
  const auto asked = expect<action::Discount>(keys("slash 5 1 12 dot 5 enter 1"));
  EXPECT_EQ(asked.line, LineId(4));
  EXPECT_EQ(asked.percent, "12.5");
  EXPECT_EQ(asked.reason, "damaged");
  refused("needs.supervisor");
  EXPECT_EQ(step(), "supervisor");
  EXPECT_TRUE(dialog_.prompt(view_).masked);
  const auto again = expect<action::Discount>(keys("471147 enter"));
  EXPECT_EQ(again.approval.pin, "471147");
  EXPECT_EQ(again.percent, "12.5");
  refused("pin.wrong");
  EXPECT_EQ(step(), "supervisor");
  EXPECT_EQ(dialog_.prompt(view_).typed, "");
  keys("471148 enter");
  done();
  EXPECT_EQ(step(), "items");
}

TEST_F(DialogDay, DiscountsTheWholeSale) {
  const auto given = expect<action::Discount>(keys("slash 5 4 20 enter 3"));
  EXPECT_EQ(given.line, LineId(0));
  EXPECT_EQ(given.amount, "20");
  EXPECT_EQ(given.reason, "regular customer");
}

TEST_F(DialogDay, RefundsANumberThatIsTypedWithoutItsLetters) {
  view_.lines.clear();
  const std::string number = to_string(InvoiceNumber{TillId("T03"), 2, 42});
  const std::string typed = "42" + number.substr(number.size() - 1);
  EXPECT_EQ(expect<action::Refund>(keys("slash 6 " + typed + " enter")).invoice_no, number);
  done();
  const std::string older = to_string(InvoiceNumber{TillId("T03"), 1, 1234567});
  const std::string digits = "1234567" + older.substr(older.size() - 1);
  EXPECT_EQ(expect<action::Refund>(keys("slash 6 1 dot " + digits + " enter")).invoice_no, older);
}

TEST_F(DialogDay, NoticesAMistypedInvoiceNumber) {
  view_.lines.clear();
  const std::string number = to_string(InvoiceNumber{TillId("T03"), 2, 42});
  const char wrong = number.back() == '9' ? '0' : static_cast<char>(number.back() + 1);
  EXPECT_FALSE(keys("slash 6 42" + std::string(1, wrong) + " enter"));
  EXPECT_EQ(dialog_.prompt(view_).note, "invoice.check");
  EXPECT_FALSE(keys("minus minus minus 7 enter"));
  EXPECT_EQ(step(), "refund");
}

TEST_F(DialogDay, RefundsWithoutAReceipt) {
  view_.lines.clear();
  EXPECT_EQ(expect<action::Refund>(keys("slash 6 times")).invoice_no, "");
  refused("needs.supervisor");
  EXPECT_EQ(expect<action::Refund>(keys("471147 enter")).approval.pin, "471147");
}

TEST_F(DialogDay, GivesARefundOutExactly) {
  view_.refund = SaleView::Refund{};
  EXPECT_FALSE(keys("enter 1"));
  EXPECT_EQ(step(), "confirm");
  EXPECT_EQ(expect<action::Pay>(keys("enter")).amount, "");
}

TEST_F(DialogDay, ReprintsTheLastReceiptOrANumber) {
  EXPECT_EQ(expect<action::Reprint>(keys("slash 7 enter")).invoice_no, "");
  done();
  EXPECT_EQ(step(), "copy");
  keys("enter");
  EXPECT_EQ(step(), "items");
  keys("slash 7 enter");
  refused("reprint.unknown");
  EXPECT_EQ(step(), "reprint");
}

TEST_F(DialogDay, OpensTheDayWithItsFloat) {
  EXPECT_EQ(expect<action::OpenDay>(keys("slash 8 1 2000 enter")).opening_float, "2000");
}

TEST_F(DialogDay, TakesCashInAndOut) {
  const auto out = expect<action::Cash>(keys("slash 8 4 2 150 dot 5 enter 3"));
  EXPECT_FALSE(out.in);
  EXPECT_EQ(out.amount, "150.5");
  EXPECT_EQ(out.reason, "purchase");
  done();
  EXPECT_TRUE(expect<action::Cash>(keys("slash 8 4 1 150 enter 1")).in);
}

TEST_F(DialogDay, ShowsTheDaySoFar) {
  expect<action::XReport>(keys("slash 8 2"));
  done();
  EXPECT_EQ(step(), "report");
  keys("enter");
  EXPECT_EQ(step(), "items");
}

TEST_F(DialogDay, ClosesTheDayWithWhatWasCounted) {
  EXPECT_FALSE(keys("slash 8 3 2512 dot 50 enter"));
  EXPECT_EQ(dialog_.prompt(view_).about, "tender.card");
  EXPECT_FALSE(keys("enter"));
  EXPECT_EQ(step(), "close");
  const auto close = expect<action::CloseDay>(keys("enter"));
  EXPECT_THAT(close.counted, ElementsAre(Pair("cash", "2512.50")));
}

TEST_F(DialogDay, StartsAndEndsTraining) {
  EXPECT_TRUE(expect<action::Training>(keys("slash 8 5")).on);
  done();
  view_.training = true;
  EXPECT_FALSE(expect<action::Training>(keys("slash 8 5")).on);
}

TEST_F(DialogDay, SignsOut) {
  expect<action::SignOut>(keys("slash 0"));
}

}  // namespace
}  // namespace tillsight
