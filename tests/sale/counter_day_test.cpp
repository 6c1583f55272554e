// Goal: everything around a sale: who is signed in, discounts, refunds, the day, training.
// Method: one counter; what it posts is written down by hand, and every transition is tried where
// it is allowed and where it is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/basket/counter_top.hpp"
#include "tests/support/books.hpp"
#include "tillsight/sale/counter.hpp"

namespace tillsight {
namespace {

using testing::CounterTop;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Day : public ::testing::Test {
 protected:
  Day() : counter_(catalogue_, {inr_}, clock_, zone_) {}

  /// \return the code of the refusal, or "".
  std::string press(std::string_view json) {
    const auto action = parse_clerk_action(json);
    EXPECT_TRUE(action.ok()) << json << ": " << action.error().message();
    return press(*action);
  }
  std::string press(const ClerkAction& action) {
    const std::string before = counter_.state_json();
    const bool done = counter_.act(action).ok();
    EXPECT_EQ(done, counter_.view().code.empty());
    if (!done) {
      EXPECT_EQ(counter_.state_json(), before) << "a refused action changed something";
    }
    return counter_.view().code;
  }
  /// An action with a supervisor's PIN, as it comes from who has checked it.
  std::string press_approved(std::string_view json, Role role = Role::kSupervisor) {
    ClerkAction action = parse_clerk_action(json).value();
    Approval* const approval = approval_of(action);
    approval->pin.clear();
    approval->cashier = role == Role::kSupervisor ? "Farah" : "Meera";
    approval->role = role;
    return press(action);
  }
  void with_cashiers() {
    counter_.see_roster({true, {{"Meera", Role::kClerk}, {"Farah", Role::kSupervisor}}});
  }
  void sign_in(Role role = Role::kClerk) {
    ASSERT_EQ(press_approved(R"({"do":"sign_in","pin":"4711"})", role), "");
  }

  template <typename P>
  P posted() {
    EXPECT_NE(counter_.pending(), nullptr);
    return std::get<P>(*counter_.pending());
  }
  Chain next_link() {
    return {{StoreId("S1"), TillId("T1"), Incarnation(std::string(32, 'a')), Sequence(++events_)},
            {},
            {}};
  }
  Invoice write_invoice() {
    const Invoice invoice = posted<Invoice>();
    EXPECT_TRUE(check(invoice).ok()) << check(invoice).error().message();
    Chain chain = next_link();
    if (invoice.kind == SaleKind::kSale) {
      chain.invoice_no = InvoiceNumber{TillId("T1"), 1, ++invoices_};
    }
    counter_.committed(seal(invoice, chain, random_));
    return invoice;
  }
  SoldInvoice sell_three_apples() {
    EXPECT_EQ(press(R"({"do":"add","sku":"apple","quantity":3})"), "");
    EXPECT_EQ(press(R"({"do":"pay"})"), "");
    SoldInvoice sold{Sequence(1), {TillId("T1"), 1, 1}, write_invoice(), {0}};
    EXPECT_EQ(press(R"({"do":"next"})"), "");
    return sold;
  }
  std::string refund(const SoldInvoice& sold) {
    return press(
        action::Refund{to_string(sold.number), {}, std::make_shared<const SoldInvoice>(sold)});
  }

  const Currency inr_ = *Currency::parse("INR");
  const Catalogue catalogue_ = testing::fruit_shop();
  FakeClock clock_;
  const TimeZone zone_ = *TimeZone::find("Asia/Kolkata");
  SeededRandom random_{7};
  std::int64_t events_ = 0;
  std::int64_t invoices_ = 0;
  Counter counter_;
};

TEST_F(Day, NobodyPressesAKeyBeforeSigningIn) {
  with_cashiers();
  EXPECT_TRUE(counter_.view().sign_in);
  EXPECT_EQ(press(R"({"do":"add","sku":"apple"})"), "needs.sign_in");
  EXPECT_EQ(press(R"({"do":"x_report"})"), "needs.sign_in");
  EXPECT_EQ(press(R"({"do":"cashier","name":"Meera"})"), "needs.sign_in");
  EXPECT_EQ(press(R"({"do":"sign_in","pin":"4711"})"), "pin.wrong") << "a PIN that nobody proved";
  sign_in();
  EXPECT_EQ(counter_.view().cashier, "Meera");
  EXPECT_EQ(press(R"({"do":"add","sku":"apple"})"), "");
  EXPECT_EQ(press(R"({"do":"cashier","name":"Ravi"})"), "needs.sign_in");
  EXPECT_EQ(press(R"({"do":"sign_out"})"), "");
  EXPECT_EQ(press(R"({"do":"pay"})"), "needs.sign_in");
  EXPECT_THAT(counter_.view().lines, SizeIs(1)) << "the sale waits for who signs in next";
}

TEST_F(Day, WhoeverMayNoMoreIsSignedOut) {
  with_cashiers();
  sign_in(Role::kSupervisor);
  counter_.see_roster({true, {{"Meera", Role::kClerk}, {"Farah", Role::kClerk}}});
  EXPECT_EQ(counter_.view().role, Role::kClerk);
  counter_.see_roster({true, {{"Meera", Role::kClerk}}});
  EXPECT_TRUE(counter_.view().sign_in);
}

TEST_F(Day, WithoutCashiersNobodySignsInAndSupervisorsThingsAreRefused) {
  EXPECT_EQ(press(R"({"do":"cashier","name":"Meera"})"), "");
  EXPECT_EQ(press(R"({"do":"sign_in","pin":"4711"})"), "needs.cashiers");
  EXPECT_EQ(press(R"({"do":"training","on":true})"), "needs.cashiers");
  EXPECT_THAT(counter_.view().message, HasSubstr("tillsight cashier add"));
}

TEST_F(Day, ADiscountIsASupervisorsAndSaysWhy) {
  with_cashiers();
  sign_in();
  press(R"({"do":"add","sku":"apple","quantity":3})");
  const std::string_view off = R"({"do":"discount","line":1,"percent":"10","reason":"dented"})";
  EXPECT_EQ(press(off), "needs.supervisor");
  EXPECT_EQ(press_approved(off, Role::kClerk), "needs.supervisor");
  EXPECT_EQ(press_approved(R"({"do":"discount","line":1,"percent":"10"})"), "discount.reason");
  EXPECT_EQ(press_approved(R"({"do":"discount","line":9,"percent":"10","reason":"x"})"),
            "discount.unknown");
  EXPECT_EQ(press_approved(R"({"do":"discount","line":1,"percent":"101","reason":"x"})"),
            "discount.wrong");
  EXPECT_EQ(press_approved(R"({"do":"discount","line":1,"amount":"6.01","reason":"x"})"),
            "discount.more");
  EXPECT_EQ(press_approved(off), "");
  EXPECT_EQ(counter_.view().discount, Money::minor(60));
  EXPECT_EQ(counter_.view().gross, Money::minor(540));
  EXPECT_EQ(press(R"({"do":"pay"})"), "");
  const Invoice invoice = write_invoice();
  EXPECT_EQ(invoice.lines[0].discount_reason, "dented");
  EXPECT_EQ(invoice.lines[0].discount_by, "Farah");
  EXPECT_EQ(invoice.gross, Money::minor(540));
}

TEST_F(Day, ASalesDiscountFollowsItsLinesAndIsTakenBack) {
  with_cashiers();
  sign_in(Role::kSupervisor);
  press(R"({"do":"add","sku":"apple","quantity":3})");
  EXPECT_EQ(press(R"({"do":"discount","percent":"50","reason":"staff"})"), "")
      << "a supervisor who is signed in needs no PIN";
  EXPECT_EQ(counter_.view().gross, Money::minor(300));
  press(R"({"do":"quantity","line":1,"quantity":4})");
  EXPECT_EQ(counter_.view().gross, Money::minor(400));
  EXPECT_EQ(press(R"({"do":"hold"})"), "");
  EXPECT_EQ(counter_.view().held[0].gross, Money::minor(400));
  EXPECT_EQ(press(R"({"do":"resume"})"), "");
  EXPECT_EQ(counter_.view().gross, Money::minor(400));
  Counter other(catalogue_, {inr_}, clock_, zone_);
  ASSERT_TRUE(other.restore(counter_.state_json()).ok());
  EXPECT_EQ(other.view().gross, Money::minor(400)) << "a restart keeps it";
  EXPECT_EQ(press(R"({"do":"discount"})"), "");
  EXPECT_EQ(counter_.view().gross, Money::minor(800));
}

TEST_F(Day, WhatIsTakenOutIsKeptWithTheSale) {
  press(R"({"do":"add","sku":"apple","quantity":3})");
  press(R"({"do":"add","sku":"orange"})");
  EXPECT_EQ(press(R"({"do":"remove","line":1,"reason":"not wanted"})"), "");
  press(R"({"do":"pay"})");
  const Removal apples{Sku("apple"), "", 3, "not wanted"};
  EXPECT_THAT(write_invoice().removed, ElementsAre(apples));
  press(R"({"do":"add","sku":"apple"})");
  press(R"({"do":"pay"})");
  EXPECT_THAT(write_invoice().removed, IsEmpty()) << "and with no other";
}

TEST_F(Day, ARefundPutsTheInvoiceOnTheScreen) {
  SoldInvoice sold = sell_three_apples();
  ASSERT_EQ(refund(sold), "");
  EXPECT_EQ(counter_.view().refund->of, to_string(sold.number));
  EXPECT_EQ(counter_.view().gross, Money::minor(600));
  EXPECT_EQ(press(R"({"do":"add","sku":"apple"})"), "refund.linked");
  EXPECT_EQ(press(R"({"do":"quantity","line":1,"quantity":4})"), "refund.more");
  EXPECT_EQ(press(R"({"do":"hold"})"), "refund.open");
  EXPECT_EQ(press(R"({"do":"close_day"})"), "refund.open");
  EXPECT_EQ(press(R"({"do":"remove","line":2})"), "remove.unknown");
  EXPECT_EQ(press(R"({"do":"quantity","line":1,"quantity":2})"), "");
  EXPECT_EQ(press(R"({"do":"pay","amount":"500"})"), "refund.exact");
  EXPECT_EQ(press(R"({"do":"pay","tender":"card"})"), "");
  const Invoice back = write_invoice();
  EXPECT_EQ(back.kind, SaleKind::kRefund);
  EXPECT_EQ(back.gross, Money::minor(400));
  EXPECT_EQ(*back.refund_of, sold.number);
  EXPECT_EQ(back.lines[0].of_line, 1);
  EXPECT_EQ(counter_.view().stage, Stage::kPaid);
  EXPECT_TRUE(counter_.view().paid->refund);
  press(R"({"do":"next"})");
  sold.refunded = {3};
  EXPECT_EQ(refund(sold), "refund.done");
}

TEST_F(Day, ARefundCanBeGivenUpAndNothingWasGivenBack) {
  const SoldInvoice sold = sell_three_apples();
  ASSERT_EQ(refund(sold), "");
  Counter other(catalogue_, {inr_}, clock_, zone_);
  ASSERT_TRUE(other.restore(counter_.state_json()).ok());
  EXPECT_EQ(other.view().code, "restart.refund") << "the clerk begins again";
  EXPECT_FALSE(other.view().refund);
  EXPECT_EQ(press(R"({"do":"remove","line":1})"), "");
  EXPECT_EQ(press(R"({"do":"pay"})"), "pay.empty");
  EXPECT_EQ(press(R"({"do":"void"})"), "");
  EXPECT_EQ(counter_.pending(), nullptr);
  EXPECT_FALSE(counter_.view().refund);
  EXPECT_EQ(press(R"({"do":"add","sku":"apple"})"), "");
}

TEST_F(Day, AnUnknownInvoiceIsRefundedByASupervisorAndMarked) {
  const std::string number = to_string(InvoiceNumber{TillId("T03"), 1, 42});
  const std::string wanted = format(R"({{"do":"refund","invoice_no":"{}"}})", number);
  EXPECT_EQ(press(wanted), "needs.cashiers");
  with_cashiers();
  sign_in();
  EXPECT_EQ(press(R"({"do":"refund","invoice_no":"T03-1-000042"})"), "refund.number");
  EXPECT_EQ(press(wanted), "needs.supervisor");
  ASSERT_EQ(press_approved(wanted), "");
  EXPECT_TRUE(counter_.view().refund->unlinked);
  EXPECT_EQ(press(R"({"do":"add","sku":"apple","quantity":2})"), "");
  EXPECT_EQ(press(R"({"do":"pay"})"), "");
  const Invoice back = write_invoice();
  EXPECT_TRUE(back.unlinked);
  EXPECT_EQ(back.approver, "Farah");
  EXPECT_EQ(to_string(*back.refund_of), number);
}

TEST_F(Day, GoodsThatComeBackAreNoNewSale) {
  const SoldInvoice sold = sell_three_apples();
  CounterTop top;
  top.put("apple");
  for (int i = 0; i < 20; ++i) counter_.see(top.look());
  EXPECT_THAT(counter_.view().lines, SizeIs(1)) << "they lie there before the number is typed";
  ASSERT_EQ(refund(sold), "");
  top.put("orange");
  for (int i = 0; i < 50; ++i) counter_.see(top.look());
  EXPECT_THAT(counter_.view().lines, SizeIs(1));
  EXPECT_EQ(press(R"({"do":"pay"})"), "");
  write_invoice();
  for (int i = 0; i < 50; ++i) counter_.see(top.look());
  EXPECT_THAT(counter_.view().lines, IsEmpty());
}

TEST_F(Day, ARefundDoesNotTakeAnotherSaleAway) {
  const SoldInvoice sold = sell_three_apples();
  press(R"({"do":"add","sku":"orange"})");
  EXPECT_EQ(refund(sold), "sale.open");
  EXPECT_EQ(press(R"({"do":"close_day"})"), "sale.open");
  EXPECT_THAT(counter_.view().lines, SizeIs(1));
}

TEST_F(Day, OpensOnceWithItsFloatAndLastsUntilItsZ) {
  EXPECT_EQ(press(R"({"do":"open_day","float":"2000"})"), "");
  EXPECT_EQ(posted<DayOpening>().opening_float, Money::minor(200'000));
  EXPECT_EQ(press(R"({"do":"add","sku":"apple"})"), "sale.busy");
  counter_.committed(seal(posted<DayOpening>(), next_link()));
  EXPECT_TRUE(counter_.view().day->opened);
  EXPECT_EQ(press(R"({"do":"open_day"})"), "day.open");
  const std::string date = counter_.view().day->date;
  clock_.advance(std::chrono::hours(30));
  press(R"({"do":"add","sku":"apple"})");
  press(R"({"do":"pay"})");
  EXPECT_EQ(to_string(write_invoice().business_date), date) << "a night changes nothing";
  EXPECT_EQ(press(R"({"do":"next"})"), "");
  EXPECT_EQ(press(R"({"do":"close_day","counted":{"cash":"2002"}})"), "");
  DayClosing closing = posted<DayClosing>();
  EXPECT_EQ(to_string(closing.entry.business_date), date);
  EXPECT_EQ(closing.counted.at("cash"), Money::minor(200'200));
  ZReport z{1, closing, {}};
  z.sums.first = 1;
  z.sums.last = events_ + 1;
  counter_.committed(seal(z, next_link()));
  EXPECT_FALSE(counter_.view().day);
  EXPECT_EQ(counter_.view().report->z, 1);
  EXPECT_EQ(press(R"({"do":"add","sku":"apple"})"), "");
  EXPECT_FALSE(counter_.view().report) << "until the next key";
}

TEST_F(Day, CashSaysHowMuchAndWhy) {
  EXPECT_EQ(press(R"({"do":"cash","way":"out","amount":"0","reason":"x"})"), "cash.wrong");
  EXPECT_EQ(press(R"({"do":"cash","way":"out","amount":"five","reason":"x"})"), "cash.wrong");
  EXPECT_EQ(press(R"({"do":"cash","way":"out","amount":"5","reason":" "})"), "cash.reason");
  EXPECT_EQ(press(R"({"do":"cash","way":"out","amount":"5","reason":"milk"})"), "");
  EXPECT_EQ(posted<CashMovement>().amount, Money::minor(500));
  counter_.failed(Error(Code::kUnavailable, "the disk is away"));
  EXPECT_EQ(counter_.view().code, "journal.failed");
  EXPECT_EQ(counter_.pending(), nullptr);
}

TEST_F(Day, ADayDoesNotEndOverASaleOnHold) {
  press(R"({"do":"add","sku":"apple"})");
  press(R"({"do":"hold"})");
  EXPECT_EQ(press(R"({"do":"close_day"})"), "close_day.held");
  EXPECT_EQ(press(R"({"do":"close_day","counted":{"beads":"1"}})"), "close_day.held");
  press(R"({"do":"resume"})");
  press(R"({"do":"pay"})");
  write_invoice();
  EXPECT_EQ(press(R"({"do":"close_day","counted":{"beads":"1"}})"), "pay.tender");
  EXPECT_EQ(press(R"({"do":"close_day","counted":{"cash":"x"}})"), "close_day.wrong");
  EXPECT_EQ(press(R"({"do":"close_day"})"), "");
}

TEST_F(Day, AnXIsLookedAtInTheMiddleOfASale) {
  press(R"({"do":"add","sku":"apple"})");
  EXPECT_EQ(press(R"({"do":"x_report"})"), "");
  posted<ReportWish>();
  DaySums sums;
  sums.sales = 12;
  counter_.reported(sums);
  EXPECT_EQ(counter_.view().report->sums.sales, 12);
  EXPECT_EQ(counter_.view().report->z, 0);
  EXPECT_THAT(counter_.view().lines, SizeIs(1));
}

TEST_F(Day, TrainingReachesNoBooks) {
  with_cashiers();
  sign_in();
  EXPECT_EQ(press(R"({"do":"training","on":true})"), "needs.supervisor");
  EXPECT_EQ(press_approved(R"({"do":"training","on":false})"), "training.same");
  press(R"({"do":"add","sku":"apple"})");
  EXPECT_EQ(press_approved(R"({"do":"training","on":true})"), "sale.open");
  press(R"({"do":"void"})");
  ASSERT_NE(counter_.pending(), nullptr);
  write_invoice();
  ASSERT_EQ(press_approved(R"({"do":"training","on":true})"), "");
  EXPECT_TRUE(counter_.view().training);
  for (const std::string_view books :
       {R"({"do":"cash","way":"in","amount":"5","reason":"x"})", R"({"do":"open_day"})",
        R"({"do":"close_day"})", R"({"do":"hold"})", R"({"do":"resume"})", R"({"do":"refund"})"}) {
    EXPECT_EQ(press(books), "training.on") << books;
  }
  press(R"({"do":"add","sku":"apple"})");
  EXPECT_EQ(press(R"({"do":"pay","amount":"5"})"), "");
  EXPECT_EQ(counter_.pending(), nullptr) << "nothing is written down";
  EXPECT_EQ(counter_.view().stage, Stage::kPaid);
  EXPECT_EQ(counter_.take_training_sale()->gross, Money::minor(200));
  press(R"({"do":"next"})");
  press(R"({"do":"add","sku":"apple"})");
  EXPECT_EQ(press(R"({"do":"void"})"), "");
  EXPECT_EQ(counter_.pending(), nullptr);
  ASSERT_EQ(press_approved(R"({"do":"training","on":false})"), "");
  EXPECT_FALSE(counter_.view().training);
}

TEST_F(Day, AReceiptIsPrintedAgainOnce) {
  EXPECT_EQ(press(R"({"do":"reprint","invoice_no":"T03-1-000042-7"})"), "reprint.unknown");
  const SoldInvoice sold = sell_three_apples();
  EXPECT_EQ(press(action::Reprint{"", std::make_shared<const SoldInvoice>(sold)}), "");
  EXPECT_EQ(counter_.take_print_order(), Sequence(1));
  EXPECT_FALSE(counter_.take_print_order());
}

TEST_F(Day, WhatCannotBeDoneIsToldWithItsCode) {
  EXPECT_EQ(press(action::Reject{"pin.wrong", "nobody has this PIN"}), "pin.wrong");
  EXPECT_EQ(counter_.view().message, "nobody has this PIN");
  counter_.see_disk("full", "the disk is full");
  EXPECT_EQ(press(R"({"do":"open_day"})"), "disk.full");
  EXPECT_EQ(press(R"({"do":"cash","way":"in","amount":"5","reason":"x"})"), "disk.full");
  EXPECT_EQ(press(R"({"do":"close_day"})"), "disk.full");
}

}  // namespace
}  // namespace tillsight
