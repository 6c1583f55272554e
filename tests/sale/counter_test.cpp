// Goal: the sale does what the clerk's keys say, refuses what would go wrong with a remedy, and
// says "paid" only after the sale is durable. Method: a counter over a shop of seven products, a
// fake clock (Monday 2026-01-05 09:00 UTC), and a journal of one line: seal() with the next number,
// or a failure.
#include "tillsight/sale/counter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "tests/basket/counter_top.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

using testing::CounterTop;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Sale : public ::testing::Test {
 protected:
  Sale() { start(); }

  void start() {
    CounterSettings settings{*Currency::parse("INR")};
    counter_ = std::make_unique<Counter>(catalogue_, settings, clock_, zone_);
  }
  void restart(const std::string& saved) {
    start();
    top_.restart_camera();
    ASSERT_TRUE(counter_->restore(saved).ok());
  }
  void look(int frames = 20) {
    for (int i = 0; i < frames; ++i) counter_->see(top_.look());
  }
  /// An action as the clerk's devices send it. \return the refusal, or "".
  std::string press(std::string_view json) {
    const auto action = parse_clerk_action(json);
    EXPECT_TRUE(action.ok()) << json;
    const Status status = counter_->act(*action);
    return status.ok() ? "" : status.error().message();
  }
  Event write_down() {
    const std::optional<InvoiceNumber> number =
        counter_->pending_invoice()->kind == SaleKind::kSale
            ? std::optional(InvoiceNumber{TillId("T1"), 1, ++invoices_})
            : std::nullopt;
    const Chain chain{
        {StoreId("S1"), TillId("T1"), Incarnation(std::string(32, 'a')), Sequence(1)}, number, {}};
    return seal(*counter_->pending_invoice(), chain, random_);
  }
  Invoice paid(std::string_view json = R"({"do":"pay"})") {
    EXPECT_EQ(press(json), "");
    const Invoice invoice = *counter_->pending_invoice();
    EXPECT_TRUE(check(invoice).ok());
    counter_->committed(write_down());
    return invoice;
  }
  std::vector<std::string> screen() const {
    std::vector<std::string> lines;
    for (const SaleView::Line& line : counter_->view().lines) {
      lines.push_back(format("{} {} {}", line.name, line.quantity, line.state));
    }
    return lines;
  }
  Stage stage() const { return counter_->view().stage; }

  const Catalogue catalogue_ = testing::fruit_shop();
  FakeClock clock_;
  const TimeZone zone_ = *TimeZone::find("Asia/Kolkata");
  SeededRandom random_{7};
  CounterTop top_;
  std::int64_t invoices_ = 0;
  std::unique_ptr<Counter> counter_;
};

TEST_F(Sale, BecomesAnInvoiceWithEverythingTheClerkSaw) {
  top_.put("apple");
  top_.put("apple");
  top_.put("orange");
  look();
  EXPECT_EQ(press(R"({"do":"choose","line":2,"sku":"lemon"})"), "");
  EXPECT_EQ(press(R"({"do":"add","sku":"2000000000015","entered":"scanner"})"), "");
  EXPECT_EQ(press(R"({"do":"cashier","name":"  Meera "})"), "");
  EXPECT_EQ(press(R"({"do":"customer","first_name":"Asha","phone":"9876543210"})"), "");
  EXPECT_THAT(screen(), ElementsAre("apple 2 sure", "lemon 1 confirmed", "rice 1 confirmed"));

  const Invoice invoice = paid(R"({"do":"pay","tender":"cash","amount":"200"})");
  ASSERT_THAT(invoice.lines, SizeIs(3));
  EXPECT_EQ(invoice.lines[0].quantity, 2);
  EXPECT_EQ(invoice.lines[0].entry, Entry::kCamera);
  EXPECT_FLOAT_EQ(invoice.lines[0].confidence, 0.9F);
  EXPECT_EQ(invoice.lines[0].catalogue, "v1");
  EXPECT_EQ(invoice.lines[1].seen, "orange");
  EXPECT_EQ(invoice.lines[2].entry, Entry::kScanner);
  EXPECT_EQ(invoice.lines[2].confidence, 0.0F);
  EXPECT_EQ(invoice.gross, Money::minor(400 + 500 + 9950));
  EXPECT_EQ(invoice.cashier, "Meera");
  EXPECT_EQ(invoice.customer->phone, "+919876543210");
  EXPECT_EQ(to_string(invoice.business_date), "2026-01-05");
  EXPECT_EQ(time_of_day_text(invoice.at.local.time_of_day), "14:30:00");
  ASSERT_THAT(invoice.tenders, SizeIs(1));
  EXPECT_EQ(invoice.tenders[0].amount, invoice.gross) << "change is taken off";
  EXPECT_EQ(invoice.tenders[0].change, Money::minor(20000 - 10850));

  const SaleView after = counter_->view();
  EXPECT_EQ(after.stage, Stage::kPaid);
  EXPECT_EQ(after.paid->change, Money::minor(20000 - 10850));
  EXPECT_EQ(after.paid->invoice_no, "T1-1-000001-" + after.paid->invoice_no.substr(12));
  EXPECT_EQ(after.message, "paid; change 91.50");
  EXPECT_THAT(after.lines, IsEmpty());
  EXPECT_FALSE(after.customer_known);
  EXPECT_EQ(after.cashier, "Meera") << "the cashier stays";
}

TEST_F(Sale, ShowsTotalsAislesAndChoices) {
  top_.put("apple");
  top_.put("bottle");
  look();
  const SaleView view = counter_->view();
  EXPECT_EQ(view.gross, Money::minor(200)) << "a line that asks is not sold";
  EXPECT_EQ(view.asks, 1);
  EXPECT_THAT(view.aisles, ElementsAre("Grocery"));
  ASSERT_THAT(view.lines, SizeIs(2));
  ASSERT_THAT(view.lines[1].choices, SizeIs(2));
  EXPECT_EQ(view.lines[1].choices[1].name, "steel");
  EXPECT_EQ(view.lines[1].choices[1].unit_price, Money::minor(44900));
  EXPECT_THAT(view.lines[1].hint, HasSubstr("Which"));
}

// Two phases.

TEST_F(Sale, IsNotPaidBeforeItIsDurable) {
  press(R"({"do":"add","sku":"rice"})");
  EXPECT_EQ(press(R"({"do":"pay"})"), "");
  EXPECT_EQ(stage(), Stage::kPaying);
  EXPECT_FALSE(counter_->view().paid.has_value());
  EXPECT_THAT(press(R"({"do":"add","sku":"rice"})"), HasSubstr("being written"));
  EXPECT_THAT(press(R"({"do":"pay"})"), HasSubstr("being written"));
  counter_->committed(write_down());
  EXPECT_EQ(stage(), Stage::kPaid);
  EXPECT_EQ(counter_->pending(), nullptr);
}

TEST_F(Sale, IsOpenAsBeforeWhenItCouldNotBeWritten) {
  top_.put("apple");
  look();
  press(R"({"do":"customer","first_name":"Asha","phone":"9876543210"})");
  press(R"({"do":"pay"})");
  counter_->failed(Error(Code::kUnavailable, "journal: disk is full"));
  EXPECT_EQ(stage(), Stage::kOpen);
  EXPECT_THAT(screen(), ElementsAre("apple 1 sure"));
  EXPECT_TRUE(counter_->view().refused);
  EXPECT_THAT(counter_->view().message, HasSubstr("not paid: journal: disk is full"));
  EXPECT_EQ(counter_->view().customer, "Asha");
  EXPECT_EQ(paid().gross, Money::minor(200));
}

TEST_F(Sale, ThingPutDownWhilePayingBelongsToTheNextSale) {
  const ObjectId apple = top_.put("apple");
  look();
  press(R"({"do":"pay"})");
  top_.put("banana");
  look();
  EXPECT_THAT(screen(), ElementsAre("apple 1 sure")) << "nothing changes under the clerk's hands";
  counter_->committed(write_down());
  EXPECT_EQ(counter_->view().elsewhere, 1);
  top_.lift(apple);
  look(40);
  EXPECT_THAT(screen(), ElementsAre("banana 1 sure"));
}

TEST_F(Sale, RestartBetweenDurableAndAnsweredDoesNotSellTwice) {
  top_.put("apple");
  look();
  press(R"({"do":"pay"})");
  const std::string saved = counter_->state_after_commit();
  restart(saved);
  EXPECT_EQ(stage(), Stage::kPaid);
  top_.put("apple");
  look(100);
  EXPECT_THAT(screen(), IsEmpty());
  EXPECT_EQ(counter_->view().paid->gross, Money::minor(200));
}

TEST_F(Sale, RestartBeforeDurableKeepsTheSaleOpen) {
  top_.put("apple");
  look();
  press(R"({"do":"pay"})");
  const std::string saved = counter_->state_json();
  restart(saved);
  EXPECT_EQ(stage(), Stage::kOpen);
  EXPECT_THAT(screen(), ElementsAre("apple 1 sure"));
}

// What is refused.

TEST_F(Sale, PaymentOfAnEmptySaleIsRefused) {
  EXPECT_THAT(press(R"({"do":"pay"})"), HasSubstr("empty"));
  EXPECT_EQ(counter_->pending(), nullptr);
}

TEST_F(Sale, PaymentWaitsForLinesThatAsk) {
  top_.put("apple");
  top_.put("orange", false);
  look();
  EXPECT_THAT(press(R"({"do":"pay"})"), HasSubstr("1 line(s) still ask"));
  press(R"({"do":"choose","line":2,"sku":"orange"})");
  EXPECT_EQ(paid().gross, Money::minor(2200));
}

TEST_F(Sale, TendersAndAmountsThatCannotBeAreRefused) {
  press(R"({"do":"add","sku":"rice"})");
  EXPECT_THAT(press(R"({"do":"pay","tender":"shells"})"), HasSubstr("use one of cash, card, upi"));
  EXPECT_THAT(press(R"({"do":"pay","amount":"99"})"), HasSubstr("0.50 is missing"));
  EXPECT_THAT(press(R"({"do":"pay","amount":"1e9"})"), HasSubstr("pay: "));
  EXPECT_THAT(press(R"({"do":"pay","tender":"card","amount":"100"})"), HasSubstr("exactly 99.50"));
  EXPECT_EQ(counter_->pending(), nullptr);
  EXPECT_EQ(paid(R"({"do":"pay","tender":"upi","amount":"99.50"})").tenders[0].type, "upi");
  EXPECT_EQ(counter_->view().paid->change, Money());
}

TEST_F(Sale, UnknownCodesLinesAndProductsAreNamed) {
  EXPECT_THAT(press(R"({"do":"add","sku":"caviar"})"), HasSubstr("'caviar'"));
  EXPECT_THAT(press(R"({"do":"remove","line":3})"), HasSubstr("line 3"));
  press(R"({"do":"add","sku":"rice"})");
  EXPECT_THAT(press(R"({"do":"choose","line":1,"sku":"caviar"})"), HasSubstr("'caviar'"));
  EXPECT_TRUE(counter_->view().refused);
  EXPECT_EQ(press(R"({"do":"quantity","line":1,"quantity":3})"), "");
  EXPECT_FALSE(counter_->view().refused);
  EXPECT_EQ(counter_->view().gross, Money::minor(3 * 9950));
}

TEST_F(Sale, ActionsThatMakeNoSenseNowSayWhatToDoFirst) {
  EXPECT_THAT(press(R"({"do":"hold"})"), HasSubstr("empty"));
  EXPECT_THAT(press(R"({"do":"resume","slot":1})"), HasSubstr("slot 1 is empty"));
  press(R"({"do":"add","sku":"rice"})");
  EXPECT_THAT(press(R"({"do":"next"})"), HasSubstr("pay, hold or void"));
  paid();
  for (const auto* action :
       {R"({"do":"pay"})", R"({"do":"void"})", R"({"do":"hold"})", R"({"do":"remove","line":1})",
        R"({"do":"quantity","line":1,"quantity":2})", R"({"do":"choose","line":1,"sku":"rice"})"}) {
    EXPECT_THAT(press(action), HasSubstr("press next")) << action;
  }
}

TEST_F(Sale, BadPhoneIsRefusedAndTheCustomerStays) {
  press(R"({"do":"customer","first_name":"Asha","phone":"9876543210"})");
  EXPECT_NE(press(R"({"do":"customer","first_name":"Ravi","phone":"12"})"), "");
  EXPECT_EQ(counter_->view().customer, "Asha");
  EXPECT_EQ(press(R"({"do":"customer"})"), "");
  EXPECT_FALSE(counter_->view().customer_known);
}

// Next, void, hold, resume.

TEST_F(Sale, NextOpensAndCountsWhatIsStillThere) {
  top_.put("apple");
  look();
  paid();
  EXPECT_EQ(press(R"({"do":"next"})"), "");
  EXPECT_EQ(stage(), Stage::kOpen);
  EXPECT_THAT(screen(), ElementsAre("apple 1 sure"));
}

TEST_F(Sale, FirstKeyAfterPaymentOpensTheNextSale) {
  top_.put("apple");
  look();
  paid();
  EXPECT_EQ(press(R"({"do":"add","sku":"rice"})"), "");
  look();
  EXPECT_EQ(stage(), Stage::kOpen);
  EXPECT_THAT(screen(), ElementsAre("rice 1 confirmed"));
  EXPECT_EQ(counter_->view().elsewhere, 1);
}

TEST_F(Sale, RefusedKeyAfterPaymentOpensNothing) {
  press(R"({"do":"add","sku":"rice"})");
  paid();
  EXPECT_NE(press(R"({"do":"add","sku":"caviar"})"), "");
  EXPECT_EQ(stage(), Stage::kPaid);
}

TEST_F(Sale, VoidIsWrittenDownWithWhatWasInTheSale) {
  top_.put("apple");
  top_.put("bottle");
  look();
  EXPECT_EQ(press(R"({"do":"void","reason":"no money"})"), "");
  ASSERT_NE(counter_->pending(), nullptr);
  EXPECT_EQ(counter_->pending_invoice()->kind, SaleKind::kVoid);
  EXPECT_EQ(counter_->pending_invoice()->reason, "no money");
  EXPECT_THAT(counter_->pending_invoice()->lines, SizeIs(1))
      << "a line that asks was never in the sale";
  counter_->committed(write_down());
  look();
  EXPECT_EQ(stage(), Stage::kOpen);
  EXPECT_THAT(screen(), IsEmpty()) << "the things are put back on the shelf";
  EXPECT_EQ(counter_->view().elsewhere, 2);
}

TEST_F(Sale, VoidOfNothingPricedWritesNothing) {
  press(R"({"do":"customer","first_name":"Asha","phone":"9876543210"})");
  EXPECT_EQ(press(R"({"do":"void"})"), "");
  EXPECT_EQ(counter_->pending(), nullptr);
  EXPECT_FALSE(counter_->view().customer_known);
}

TEST_F(Sale, HeldSaleComesBackWithItsCustomer) {
  press(R"({"do":"add","sku":"rice","quantity":2})");
  press(R"({"do":"customer","first_name":"Asha","phone":"9876543210"})");
  EXPECT_EQ(press(R"({"do":"hold"})"), "");
  EXPECT_EQ(counter_->view().message, "on hold in slot 1");
  press(R"({"do":"add","sku":"lemon"})");
  ASSERT_THAT(counter_->view().held, SizeIs(1));
  EXPECT_EQ(counter_->view().held[0].customer, "Asha");
  EXPECT_EQ(counter_->view().held[0].gross, Money::minor(2 * 9950));
  EXPECT_THAT(press(R"({"do":"resume"})"), HasSubstr("another sale is open"));
  paid();
  EXPECT_EQ(press(R"({"do":"resume"})"), "");
  EXPECT_THAT(screen(), ElementsAre("rice 2 confirmed"));
  EXPECT_EQ(paid().customer->first_name, "Asha");
}

TEST_F(Sale, SalesOnHoldHaveALimit) {
  for (std::size_t i = 0; i < Counter::kHeldMost; ++i) {
    press(R"({"do":"add","sku":"rice"})");
    ASSERT_EQ(press(R"({"do":"hold"})"), "");
  }
  press(R"({"do":"add","sku":"rice"})");
  EXPECT_THAT(press(R"({"do":"hold"})"), HasSubstr("resume and finish one first"));
  EXPECT_THAT(screen(), SizeIs(1));
}

TEST_F(Sale, RevisionGrowsWithWhatTheClerkSeesAndOnlyThen) {
  top_.put("apple");
  look(1);
  const std::int64_t shown = counter_->revision();
  look(1);
  EXPECT_EQ(counter_->revision(), shown);
  top_.put("apple");
  look(1);
  EXPECT_GT(counter_->revision(), shown);
}

TEST_F(Sale, ViewAsJsonHoldsWhatAScreenNeeds) {
  top_.put("apple");
  top_.put("bottle");
  look();
  press(R"({"do":"customer","first_name":"Asha","phone":"9876543210"})");
  const std::string json = to_json(counter_->view(), *Currency::parse("INR"));
  EXPECT_THAT(json, HasSubstr(R"("event":"sale")"));
  EXPECT_THAT(json, HasSubstr(R"("gross":"2.00")"));
  EXPECT_THAT(json, HasSubstr(R"("question":"which")"));
  EXPECT_THAT(json, HasSubstr(R"({"sku":"steel","name":"steel","unit_price":"449.00"})"));
  EXPECT_THAT(json, HasSubstr(R"("customer":"Asha")"));
  EXPECT_THAT(json, ::testing::Not(HasSubstr("98765"))) << "a screen needs no phone number";
}

// A price list of long names, to meet the limit of an event's bytes before that of its lines.
TEST(SaleOfFullSize, IsRefusedBeforePaymentWhenItCouldNotBeSent) {
  std::vector<Product> products;
  for (int i = 0; i < 501; ++i) {
    Product product;
    product.sku = Sku(format("sku-{:03}-{}", i, std::string(30, 'x')));
    product.name = std::string(80, 'n');
    product.aisle = std::string(80, 'a');
    product.unit_price = Money::minor(1'000'000'000);
    product.tax = TaxRate(1800);
    products.push_back(std::move(product));
  }
  const Catalogue catalogue(std::move(products), "v1");
  const FakeClock clock;
  const TimeZone zone = *TimeZone::find("UTC");
  Counter counter(catalogue, {*Currency::parse("INR")}, clock, zone);
  const auto add = [&](int i) {
    return counter.act(action::Add{format("sku-{:03}-{}", i, std::string(30, 'x')), 999});
  };
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(add(i).ok());
  EXPECT_THAT(add(500).error().message(), HasSubstr("at most 500 lines"));
  EXPECT_THAT(counter.act(action::Pay{}).error().message(), HasSubstr("too long to be sent"));
  for (int i = 500; i > 250; --i) ASSERT_TRUE(counter.act(action::Remove{LineId(i)}).ok());
  EXPECT_TRUE(counter.act(action::Pay{}).ok());
}

TEST_F(Sale, FullDiskIsShownAndNothingIsPaidOrVoided) {
  press(R"({"do":"add","sku":"banana"})");
  counter_->see_disk("full", "the disk is full: no sale can be taken");
  EXPECT_EQ(counter_->view().disk, "full");
  EXPECT_THAT(press(R"({"do":"pay"})"), HasSubstr("no sale can be taken"));
  EXPECT_THAT(press(R"({"do":"void","reason":"customer left"})"),
              HasSubstr("no sale can be taken"));
  EXPECT_EQ(counter_->pending(), nullptr);
  counter_->see_disk("reserve: 812 sales left", "");
  EXPECT_EQ(counter_->view().disk, "reserve: 812 sales left");
  EXPECT_EQ(press(R"({"do":"pay"})"), "");
  counter_->see_disk("ok", "");
  EXPECT_EQ(counter_->view().disk, "");
}

}  // namespace
}  // namespace tillsight
