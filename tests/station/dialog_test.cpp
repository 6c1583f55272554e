// Goal: every step of a sale is possible with seventeen keys, and no key sells by accident.
// Method: keys go through the dialog to a real counter; what the sale has become is looked at.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/station/keyed_till.hpp"

namespace tillsight {
namespace {

using testing::KeyedTill;

constexpr std::string_view kRice = "2000000000015 enter";

std::string means(const Prompt& prompt, Key key) {
  for (const Prompt::KeyHint& hint : prompt.keys) {
    if (hint.key == key) return hint.means;
  }
  return "";
}

TEST(Dialog, SellsByCodeForCash) {
  KeyedTill till;
  till.keys(kRice);
  ASSERT_EQ(till.view().lines.size(), 1U);
  EXPECT_EQ(means(till.prompt(), Key::kEnter), "pay");
  till.keys("enter");
  EXPECT_EQ(till.step(), "tender");
  till.keys("1");
  EXPECT_EQ(till.step(), "amount");
  till.keys("100 dot 50 enter");
  ASSERT_EQ(till.invoices.size(), 1U);
  EXPECT_EQ(till.invoices[0].tenders[0].type, "cash");
  EXPECT_EQ(till.invoices[0].tenders[0].change, Money::minor(100));
  EXPECT_EQ(till.step(), "paid");
  till.keys("enter");
  EXPECT_EQ(till.step(), "items");
}

TEST(Dialog, PaysExactlyWhenNothingIsTyped) {
  KeyedTill till;
  till.keys(kRice);
  till.keys("enter 1 enter");
  ASSERT_EQ(till.invoices.size(), 1U);
  EXPECT_EQ(till.invoices[0].tenders[0].change, Money());
}

TEST(Dialog, TakesOtherTendersAfterAConfirmation) {
  KeyedTill till;
  till.keys(kRice);
  till.keys("enter 3");
  EXPECT_EQ(till.step(), "confirm");
  EXPECT_TRUE(till.invoices.empty());
  till.keys("enter");
  ASSERT_EQ(till.invoices.size(), 1U);
  EXPECT_EQ(till.invoices[0].tenders[0].type, "upi");
}

TEST(Dialog, KeepsTheClerkWhereTheCounterRefused) {
  KeyedTill till;
  till.keys(kRice);
  till.keys("enter 1 5 enter");
  EXPECT_TRUE(till.invoices.empty());
  EXPECT_TRUE(till.view().refused);
  EXPECT_EQ(till.step(), "amount");
  till.keys("minus 100 enter");
  EXPECT_EQ(till.invoices.size(), 1U);
}

TEST(Dialog, NeverPaysASumThatWasNotShown) {
  KeyedTill till;
  till.keys(kRice);
  till.keys("enter 2");
  till.top.put("apple");
  till.look();
  till.keys("enter");
  EXPECT_TRUE(till.invoices.empty());
  EXPECT_EQ(till.step(), "tender");
  EXPECT_EQ(till.note(), "total.changed");
  till.keys("2 enter");
  ASSERT_EQ(till.invoices.size(), 1U);
  EXPECT_EQ(till.invoices[0].gross, Money::minor(10'150));
}

TEST(Dialog, EnterAnswersWhatTheCameraAsksBeforeItPays) {
  KeyedTill till;
  till.top.put("bottle");
  till.top.put("apple");
  till.look();
  EXPECT_EQ(means(till.prompt(), Key::kEnter), "answer");
  till.keys("enter");
  EXPECT_EQ(till.step(), "choose");
  ASSERT_EQ(till.prompt().options.size(), 2U);
  till.keys("2");
  EXPECT_EQ(till.view().asks, 0);
  EXPECT_EQ(till.view().gross, Money::minor(45'100));
  EXPECT_EQ(means(till.prompt(), Key::kEnter), "pay");
}

TEST(Dialog, CorrectsTheCameraByCode) {
  KeyedTill till;
  till.top.put("bottle");
  till.look();
  till.keys("dot dot 2000000000015 enter");
  ASSERT_EQ(till.view().lines.size(), 1U);
  EXPECT_EQ(till.view().lines[0].sku, Sku("rice"));
}

TEST(Dialog, TakesOutWhatTheCameraAsksAbout) {
  KeyedTill till;
  till.top.put("bottle");
  till.look();
  till.keys("enter times");
  EXPECT_TRUE(till.view().lines.empty());
  EXPECT_EQ(till.step(), "items");
}

TEST(Dialog, SetsAQuantityInBothOrders) {
  KeyedTill till;
  till.keys(kRice);
  till.keys("12 times");
  EXPECT_EQ(till.view().lines[0].quantity, 12);
  till.keys("times 3 enter");
  EXPECT_EQ(till.view().lines[0].quantity, 3);
  till.keys("times 0 enter");
  EXPECT_EQ(till.note(), "quantity.range");
  EXPECT_EQ(till.view().lines[0].quantity, 3);
}

TEST(Dialog, TakesALineOutAfterAsking) {
  KeyedTill till;
  till.keys(kRice);
  till.keys("minus");
  EXPECT_EQ(till.step(), "remove");
  till.keys("minus");
  ASSERT_EQ(till.view().lines.size(), 1U);
  till.keys("minus enter");
  EXPECT_TRUE(till.view().lines.empty());
}

TEST(Dialog, MarksTheLineThatTheNextKeyIsAbout) {
  KeyedTill till;
  till.top.put("apple");
  till.look();
  till.keys(kRice);
  EXPECT_EQ(till.prompt().selected, till.view().lines[1].id);
  till.keys("plus");
  EXPECT_EQ(till.prompt().selected, till.view().lines[0].id);
  till.keys("plus");
  EXPECT_EQ(till.prompt().selected, till.view().lines[1].id);
  till.keys("plus 5 times");
  EXPECT_EQ(till.view().lines[0].quantity, 5);
}

TEST(Dialog, HoldsAndResumesSales) {
  KeyedTill till;
  for (int sale = 0; sale < 11; ++sale) {
    till.keys(kRice);
    till.keys(std::to_string(sale + 1) + " times slash 2");
  }
  EXPECT_EQ(till.view().held.size(), 11U);
  till.keys("slash 3");
  EXPECT_EQ(till.step(), "held");
  EXPECT_EQ(till.prompt().options.size(), 9U);
  EXPECT_EQ(means(till.prompt(), Key::kPlus), "more");
  till.keys("plus");
  EXPECT_EQ(till.prompt().options.size(), 2U);
  till.keys("2");
  ASSERT_EQ(till.view().lines.size(), 1U);
  EXPECT_EQ(till.view().lines[0].quantity, 11);
}

TEST(Dialog, GivesASaleUpForAReason) {
  KeyedTill till;
  till.keys(kRice);
  till.keys("slash 4");
  EXPECT_EQ(till.step(), "void");
  till.keys("1");
  ASSERT_EQ(till.invoices.size(), 1U);
  EXPECT_EQ(till.invoices[0].kind, SaleKind::kVoid);
  EXPECT_EQ(till.invoices[0].reason, "customer left");
}

TEST(Dialog, TakesTheCustomersPhone) {
  KeyedTill till;
  till.keys("slash 1 9876543210 enter");
  EXPECT_TRUE(till.view().customer_known);
  till.keys("slash 1 enter");
  EXPECT_FALSE(till.view().customer_known);
  till.keys("slash 1 123 enter");
  EXPECT_TRUE(till.view().refused);
  EXPECT_EQ(till.step(), "customer");
  EXPECT_TRUE(till.prompt().personal);
}

TEST(Dialog, LeavesAScreenWhoseLineHasGone) {
  KeyedTill till;
  const ObjectId bottle = till.top.put("bottle");
  till.look();
  till.keys("enter");
  EXPECT_EQ(till.step(), "choose");
  till.top.lift(bottle);
  till.look();
  till.keys("2");
  EXPECT_EQ(till.step(), "items");
  EXPECT_TRUE(till.view().lines.empty());
}

TEST(Dialog, SaysWhatEachKeyDoesAndThenWaits) {
  KeyedTill till;
  till.keys(kRice);
  till.keys("num");
  EXPECT_EQ(till.step(), "help");
  EXPECT_EQ(means(till.prompt(), Key::kTimes), "quantity");
  till.keys("minus");
  EXPECT_EQ(till.step(), "items");
  EXPECT_EQ(till.view().lines.size(), 1U);
}

TEST(Dialog, ForgetsWhatAPulledOutKeypadHadTyped) {
  KeyedTill till;
  till.keys("200");
  till.dialog.forget_typed();
  till.keys(kRice);
  EXPECT_FALSE(till.view().refused);
  EXPECT_EQ(till.view().lines.size(), 1U);
}

TEST(Dialog, AScannedCodeIsOneMoreProduct) {
  KeyedTill till;
  till.keys("2000000000015 enter enter 1");
  till.scan("2000000000015");
  EXPECT_EQ(till.view().lines[0].quantity, 2);
  EXPECT_EQ(till.step(), "amount");
  till.keys("enter");
  EXPECT_TRUE(till.invoices.empty()) << "the sum that was shown is not the sum any more";
  EXPECT_EQ(till.note(), "total.changed");
}

TEST(Dialog, AScannedCodeAnswersWhatTheCameraAsks) {
  KeyedTill till;
  till.top.put("bottle");
  till.look();
  till.keys("enter");
  till.scan("2000000000015");
  ASSERT_EQ(till.view().lines.size(), 1U);
  EXPECT_EQ(till.view().lines[0].sku, Sku("rice"));
  EXPECT_EQ(till.step(), "items");
}

TEST(Dialog, ABarcodeTypedAsAnAmountPaysNothing) {
  KeyedTill till;
  till.keys("2000000000015 enter enter 1 2000000000015 enter");
  EXPECT_TRUE(till.invoices.empty());
  EXPECT_EQ(till.note(), "too.long");
  EXPECT_EQ(till.prompt().typed, "");
  till.keys("100 enter");
  EXPECT_EQ(till.invoices.size(), 1U);
}

TEST(Dialog, ASupervisorsPinLetsADiscountPass) {
  KeyedTill till;
  till.ask_who_it_is();
  till.keys("1111 enter 2000000000015 enter slash 5 1 10 enter 1");
  EXPECT_EQ(till.step(), "supervisor");
  EXPECT_EQ(till.view().gross, Money::minor(9950));
  till.keys("123456 enter");
  EXPECT_EQ(till.view().code, "pin.wrong");
  till.keys("471147 enter");
  EXPECT_EQ(till.step(), "items");
  EXPECT_EQ(till.view().gross, Money::minor(8955));
}

TEST(Dialog, RefundsWithoutAReceiptByKeysAlone) {
  KeyedTill till;
  till.ask_who_it_is();
  till.keys("1111 enter slash 6 times 471147 enter");
  ASSERT_TRUE(till.view().refund) << till.view().message;
  till.keys("2000000000015 enter enter 1 enter");
  ASSERT_EQ(till.invoices.size(), 1U);
  EXPECT_EQ(till.invoices[0].kind, SaleKind::kRefund);
  EXPECT_TRUE(till.invoices[0].unlinked);
  EXPECT_EQ(till.invoices[0].gross, Money::minor(9950));
}

TEST(Dialog, SellsADayFromItsOpeningToItsZ) {
  KeyedTill till;
  till.keys("slash 8 1 2000 enter");
  ASSERT_TRUE(till.view().day && till.view().day->opened) << till.view().message;
  till.keys("2000000000015 enter enter 1 enter enter");
  till.keys("slash 8 4 2 50 enter 2 slash 8 2");
  EXPECT_EQ(till.step(), "report");
  till.keys("enter slash 8 3 2049 dot 50 enter enter enter enter");
  EXPECT_FALSE(till.view().refused) << till.view().message;
  EXPECT_EQ(till.step(), "report");
  till.keys("enter");
  EXPECT_FALSE(till.view().day);
}

TEST(Dialog, TellsOfKeysThatDidNotComeThrough) {
  KeyedTill till;
  const auto before = till.dialog.revision();
  till.dialog.tell("busy", "too many keys at once");
  EXPECT_GT(till.dialog.revision(), before);
  EXPECT_EQ(till.note(), "busy");
  till.keys("num");
  EXPECT_EQ(till.note(), "");
}

TEST(Dialog, AnUnknownCodeIsSaidAndForgotten) {
  KeyedTill till;
  till.keys("4711 enter");
  EXPECT_TRUE(till.view().refused);
  EXPECT_EQ(till.prompt().typed, "");
  till.keys(kRice);
  EXPECT_FALSE(till.view().refused);
}

}  // namespace
}  // namespace tillsight
