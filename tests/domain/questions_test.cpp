// Goal: what a till asks and what it is told arrive as they were meant, and nobody's mischief makes
// more come back than was sold.
// Method: round trips, one damage each, and answers about a real sealed sale.
#include "tillsight/domain/questions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/sales.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kId = "c4d1f0aa93b7e862";
const Incarnation kAsker("0123456789abcdef0123456789abcdef");
const StoreId kStore("S01");
const InvoiceNumber kNumber{TillId("T02"), 1, 1};

/// Three bananas and two bottles, sold at T02.
std::string sealed_sale() {
  const FakeClock clock;
  testing::EventChain till("T02");
  return till
      .next(testing::a_sale({testing::a_line("banana", 300, 3), testing::a_line("bottle", 900, 2)},
                            clock, testing::asha()))
      .sealed;
}

std::string mistake(std::string_view json) {
  const auto parsed = parse_question(json);
  return parsed.ok() ? "accepted" : parsed.error().message();
}

TEST(TillQuestion, ComesBackAsItWasPut) {
  SeededRandom random(3);
  const std::string id = new_question_id(random);
  const auto customer = parse_question(to_json({id, question::AboutCustomer{"+919876543210"}}));
  ASSERT_TRUE(customer.ok()) << customer.error().message();
  EXPECT_EQ(customer->id, id);
  EXPECT_EQ(std::get<question::AboutCustomer>(customer->about).phone, "+919876543210");
  const auto invoice = parse_question(to_json({id, question::AboutInvoice{kNumber, kAsker}}));
  ASSERT_TRUE(invoice.ok()) << invoice.error().message();
  EXPECT_EQ(std::get<question::AboutInvoice>(invoice->about).number, kNumber);
  EXPECT_EQ(std::get<question::AboutInvoice>(invoice->about).asker, kAsker);
}

TEST(TillQuestion, IsRefusedByFieldAndNeverQuotesAPhone) {
  const auto with_phone = [](std::string_view phone) {
    return mistake(format(R"({{"id":"{}","ask":"customer","phone":"{}"}})", kId, phone));
  };
  EXPECT_EQ(with_phone("+919876543210"), "accepted");
  for (const char* phone : {"", "9876543210", "+0876543210", "+91-98765", "+1234567890123456"}) {
    EXPECT_THAT(with_phone(phone), HasSubstr("'phone'")) << phone;
  }
  EXPECT_THAT(with_phone("98765-43210"), Not(HasSubstr("98765")));
  EXPECT_THAT(mistake(format(R"({{"id":"{}","ask":"all"}})", kId)), HasSubstr("'ask'"));
  EXPECT_THAT(mistake(R"({"id":"C4D1F0AA93B7E862","ask":"customer","phone":"+919876543210"})"),
              HasSubstr("'id'"));
  EXPECT_THAT(
      mistake(format(
          R"({{"id":"{}","ask":"invoice","invoice_no":"T02-1-000001-2","incarnation":"{}"}})", kId,
          kAsker.value())),
      HasSubstr("'invoice_no'"));
  EXPECT_THAT(mistake("+919876543210"), Not(HasSubstr("9876543210")));
  EXPECT_THAT(mistake(std::string(limits::kQuestionBytes + 1, ' ')), HasSubstr("at most"));
}

TEST(Answer, ComesBackAsItWasGiven) {
  const auto again = [](const Answer& answer) { return parse_answer(to_json(answer)).value(); };
  const std::string id(kId);
  EXPECT_TRUE(again({id, AnswerKind::kUnknown}).kind == AnswerKind::kUnknown);
  EXPECT_TRUE(again({id}).kind == AnswerKind::kNotNow);
  EXPECT_EQ(again({id}).id, kId);
  EXPECT_EQ(again({id, AnswerKind::kCustomer, {"Asha", "Rao"}}).name.last_name, "Rao");
  EXPECT_TRUE(again({id, AnswerKind::kCustomer, {"Asha", "Rao"}}).name.may_want.empty());
  const std::vector<Sku> wants = {Sku("tea"), Sku("milk")};
  EXPECT_EQ(again({id, AnswerKind::kCustomer, {"Asha", "Rao", wants}}).name.may_want, wants);
  const Answer sale =
      again({id, AnswerKind::kInvoice, {}, {sealed_sale(), {{1, 2, 1}, {2, 1, 0}}}});
  EXPECT_EQ(sale.sale.sealed, sealed_sale());
  EXPECT_EQ(sale.sale.back.at(1).line, 2);
}

TEST(Answer, RefusesCountsThatMeanNothing) {
  for (const char* back :
       {"[[0,1,0]]", "[[1,0,0]]", "[[1,1,2]]", "[[1,1000,0]]", "[[501,1,0]]", "[[2,1,0],[1,1,0]]",
        "[[1,1,0],[1,1,0]]", "[[1,1]]", "[7]", "7", "[[1,1,-1]]", "[[1.5,1,0]]"}) {
    const auto parsed = parse_answer(
        format(R"({{"id":"{}","answer":"invoice","sealed":"","back":{}}})", kId, back));
    ASSERT_FALSE(parsed.ok()) << back;
    EXPECT_THAT(parsed.error().message(), HasSubstr("'back'")) << back;
  }
  EXPECT_FALSE(parse_answer(format(R"({{"id":"{}","answer":"perhaps"}})", kId)).ok());
}

TEST(Answer, GivesTheSaleWithWhatCameBackAnywhere) {
  // Of the bananas one came back here, which head office knows, and one elsewhere; of the bottles
  // one here, of which it has not heard.
  const answer::Sale sale{sealed_sale(), {{1, 2, 1}}};
  const auto sold = sold_invoice(sale, kStore, kNumber, {1, 1});
  ASSERT_TRUE(sold.ok()) << sold.error().message();
  EXPECT_EQ(sold->invoice.lines.at(0).sku, Sku("banana"));
  EXPECT_THAT(sold->refunded, ElementsAre(2, 1));
  EXPECT_FALSE(sold->invoice.customer) << "who bought is not told";
}

TEST(Answer, NeverGivesMoreBackThanWasSold) {
  const answer::Sale sale{sealed_sale(), {{1, 900, 0}, {2, 2, 2}}};
  EXPECT_THAT(sold_invoice(sale, kStore, kNumber, {3, 9})->refunded, ElementsAre(3, 2));
}

TEST(Answer, AboutSomethingElseIsRefused) {
  const answer::Sale sale{sealed_sale(), {}};
  EXPECT_FALSE(sold_invoice(sale, kStore, {TillId("T02"), 1, 2}, {}).ok());
  EXPECT_FALSE(sold_invoice(sale, StoreId("S02"), kNumber, {}).ok());
  EXPECT_FALSE(sold_invoice({sealed_sale(), {{3, 1, 0}}}, kStore, kNumber, {}).ok())
      << "a line that was not sold";
  EXPECT_FALSE(sold_invoice({R"({"v":1,"kind":"sale"})", {}}, kStore, kNumber, {}).ok());
  const FakeClock clock;
  testing::EventChain till("T02");
  Invoice voided = testing::a_sale({testing::a_line("banana", 300)}, clock);
  voided.kind = SaleKind::kVoid;
  voided.tenders.clear();
  EXPECT_FALSE(sold_invoice({till.next(voided).sealed, {}}, kStore, kNumber, {}).ok());
}

}  // namespace
}  // namespace tillsight
