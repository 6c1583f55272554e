// Goal: what passes the reception is complete, or refused with a reason; and no PIN passes it.
// Method: a journal with one sale and a book of two cashiers; actions as clerks' devices send them.
#include "app/reception.hpp"

#include "app/customer_taste.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/sales.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/journal/journal.hpp"

namespace tillsight::app {
namespace {

class AtTheReception : public ::testing::Test {
 protected:
  /// \return the number of its one sale.
  std::string make_journal() {
    CashierBook book(random_);
    EXPECT_TRUE(book.add("Meera", Role::kClerk, "4711").ok());
    EXPECT_TRUE(book.add("Farah", Role::kSupervisor, "471147").ok());
    EXPECT_TRUE(save_cashiers(cashiers_file(file_), book).ok());
    Journal journal =
        Journal::open({file_, StoreId("S01"), TillId("T01")}, random_, clock_).value();
    const Invoice sale = testing::a_sale({testing::a_line("apple", 200, 3)}, clock_);
    return to_string(*open_chain(*journal.append(sale, "{}"))->invoice_no);
  }
  /// What the counter gets, without head office where that is asked.
  ClerkAction complete(std::string_view line) {
    ClerkAction action = parse_clerk_action(line).value();
    EXPECT_TRUE(Reception::completes(action)) << line;
    auto completed = reception_.complete(std::move(action));
    while (auto question = reception_.take_question()) {
      asked_.push_back(*question);
      if (auto later = reception_.hear(answer_to(*question))) completed = std::move(later);
    }
    EXPECT_TRUE(completed.has_value()) << line;
    return *std::move(completed);
  }
  Answer answer_to(const TillQuestion& question) const {
    Answer answer = word_;
    answer.id = question.id;
    return answer;
  }
  static Answer about(answer::Sale sale) { return {"", AnswerKind::kInvoice, {}, std::move(sale)}; }
  /// A sale of till T02, as head office knows it.
  answer::Sale sale_of_another() {
    testing::EventChain other("T02");
    return {other.next(testing::a_sale({testing::a_line("tea", 250, 2)}, clock_)).sealed, {}};
  }
  template <typename Action>
  Action completed(std::string_view line) {
    const ClerkAction action = complete(line);
    EXPECT_TRUE(std::holds_alternative<Action>(action)) << line << ": " << name(action);
    return std::get<Action>(action);
  }

  const TempDir folder_;
  const std::filesystem::path file_ = folder_ / "till.db";
  FakeClock clock_;
  SeededRandom random_{1};
  const std::string number_ = make_journal();
  PinDesk desk_{cashiers_file(file_), clock_};
  JournalReader journal_ = JournalReader::open(file_).value();
  Reception reception_{{CustomerBook::open(file_).value(), "IN"}, journal_, desk_, clock_, random_};
  Answer word_;  ///< head office's, to every question: not now, unless a test says otherwise
  std::vector<TillQuestion> asked_;
};

constexpr const char* kOthers = R"({"do":"refund","invoice_no":"T02-1-000001-1"})";

TEST_F(AtTheReception, APinBecomesWhoItIs) {
  const auto sign_in = completed<action::SignIn>(R"({"do":"sign_in","pin":"4711"})");
  EXPECT_EQ(sign_in.approval.cashier, "Meera");
  EXPECT_EQ(sign_in.approval.pin, "");
  const auto off = completed<action::Discount>(
      R"({"do":"discount","percent":"10","reason":"x","pin":"471147"})");
  EXPECT_EQ(off.approval.cashier, "Farah");
  EXPECT_EQ(off.approval.role, Role::kSupervisor);
  EXPECT_EQ(off.approval.pin, "");
}

TEST_F(AtTheReception, AWrongPinIsRefusedWithItsCode) {
  EXPECT_EQ(completed<action::Reject>(R"({"do":"sign_in","pin":"0000"})").code, "pin.wrong");
  EXPECT_EQ(completed<action::Reject>(R"({"do":"sign_in","cashier":"Farah","pin":"4711"})").code,
            "pin.wrong");
}

TEST_F(AtTheReception, AnInvoiceNumberBecomesWhatWasSold) {
  const auto refund =
      completed<action::Refund>(format(R"({{"do":"refund","invoice_no":"{}"}})", number_));
  ASSERT_TRUE(refund.sold);
  EXPECT_EQ(refund.sold->invoice.lines[0].sku, Sku("apple"));
  const auto last = completed<action::Reprint>(R"({"do":"reprint"})");
  EXPECT_EQ(last.sold->sequence, Sequence(1));
  EXPECT_FALSE(completed<action::Refund>(R"({"do":"refund"})").sold) << "the receipt is lost";
  EXPECT_FALSE(completed<action::Refund>(R"({"do":"refund","invoice_no":"T03-1-000042-7"})").sold);
  EXPECT_FALSE(completed<action::Reprint>(R"({"do":"reprint","invoice_no":"nonsense"})").sold);
}

TEST_F(AtTheReception, ASaleOfAnotherTillComesFromHeadOffice) {
  auto sale = sale_of_another();
  sale.back = {{1, 1, 0}};
  word_ = about(sale);
  const auto refund = completed<action::Refund>(kOthers);
  ASSERT_TRUE(refund.sold);
  EXPECT_EQ(refund.sold->invoice.lines[0].sku, Sku("tea"));
  EXPECT_EQ(refund.sold->refunded, std::vector<int>{1});
  ASSERT_EQ(asked_.size(), 1u);
  const auto& about = std::get<question::AboutInvoice>(asked_[0].about);
  EXPECT_EQ(to_string(about.number), "T02-1-000001-1");
  EXPECT_EQ(about.asker, journal_.identity().incarnation);
}

TEST_F(AtTheReception, WhatCameBackElsewhereIsGoneFromATillsOwnSale) {
  word_ = about({"its own bytes are here", {{1, 2, 0}}});
  const auto refund =
      completed<action::Refund>(format(R"({{"do":"refund","invoice_no":"{}"}})", number_));
  ASSERT_TRUE(refund.sold);
  EXPECT_EQ(refund.sold->invoice.lines[0].sku, Sku("apple"));
  EXPECT_EQ(refund.sold->refunded, std::vector<int>{2});
}

TEST_F(AtTheReception, ARefundWaitsTwoSecondsAndGoesOnAsBefore) {
  EXPECT_FALSE(reception_.complete(parse_clerk_action(kOthers).value()));
  const auto question = reception_.take_question();
  ASSERT_TRUE(question);
  EXPECT_EQ(reception_.patience(), Reception::kPatience);
  clock_.advance(Reception::kPatience - std::chrono::milliseconds(1));
  EXPECT_FALSE(reception_.lose_patience());
  clock_.advance(std::chrono::milliseconds(1));
  const auto action = reception_.lose_patience();
  ASSERT_TRUE(action);
  EXPECT_FALSE(std::get<action::Refund>(*action).sold);
  EXPECT_FALSE(std::get<action::Refund>(*action).asked_in_vain) << "nobody said that it is unknown";
  EXPECT_FALSE(reception_.hear({question->id, AnswerKind::kInvoice, {}, sale_of_another()}))
      << "too late";
  EXPECT_FALSE(reception_.lose_patience());
}

TEST_F(AtTheReception, ThePinThatFollowsIsNotKeptWaiting) {
  word_ = {"", AnswerKind::kUnknown};
  EXPECT_TRUE(completed<action::Refund>(kOthers).asked_in_vain);
  const auto vouched =
      completed<action::Refund>(R"({"do":"refund","invoice_no":"T02-1-000001-1","pin":"471147"})");
  EXPECT_EQ(vouched.approval.cashier, "Farah");
  EXPECT_TRUE(vouched.asked_in_vain);
  EXPECT_EQ(asked_.size(), 1u);
  word_ = about(sale_of_another());
  EXPECT_TRUE(completed<action::Refund>(kOthers).sold) << "a day later head office may know it";
}

TEST_F(AtTheReception, AnAnswerAboutSomethingElseIsOfNoUse) {
  testing::EventChain third("T03");
  word_ = about({third.next().sealed, {}});
  EXPECT_FALSE(completed<action::Refund>(kOthers).sold);
  word_ = {"", AnswerKind::kCustomer, {"Asha", "Rao"}};
  EXPECT_FALSE(completed<action::Refund>(kOthers).sold);
}

TEST_F(AtTheReception, ANameFollowsWhenItComesAndTheSaleDoesNotWait) {
  word_ = {"", AnswerKind::kCustomer, {"Asha", "Rao"}};
  const auto set = completed<action::SetCustomer>(R"({"do":"customer","phone":"9876543210"})");
  EXPECT_EQ(set.first_name, "");
  ASSERT_EQ(asked_.size(), 1u);
  EXPECT_EQ(std::get<question::AboutCustomer>(asked_[0].about).phone, "+919876543210");
  EXPECT_EQ(reception_.take_name(), testing::asha());
  EXPECT_FALSE(reception_.take_name());
  completed<action::SetCustomer>(R"({"do":"customer","phone":"12"})");
  EXPECT_EQ(asked_.size(), 1u) << "no phone";
}

TEST_F(AtTheReception, WhatACustomerMayWantFollowsToo) {
  word_ = {"", AnswerKind::kCustomer, {"Asha", "Rao", {Sku("tea"), Sku("milk")}}};
  completed<action::SetCustomer>(R"({"do":"customer","phone":"9876543210"})");
  const auto wants = reception_.take_wants();
  ASSERT_TRUE(wants.has_value());
  EXPECT_EQ(wants->phone, "+919876543210");
  EXPECT_EQ(wants->skus, (std::vector<Sku>{Sku("tea"), Sku("milk")}));
  EXPECT_FALSE(reception_.take_wants());
  word_ = {"", AnswerKind::kUnknown};
  completed<action::SetCustomer>(R"({"do":"customer","phone":"9876543211"})");
  EXPECT_FALSE(reception_.take_wants());
}

class Says final : public CustomerTaste {
 public:
  Result<std::vector<Sku>> likely(std::string_view) override {
    return std::vector<Sku>{Sku("salt"), Sku("tea")};
  }
};

TEST(ToldTaste, PutsHeadOfficesWordFirstForThatCustomerAlone) {
  Says popular;
  ToldTaste taste(popular);
  taste.hear("+919876543210", {Sku("tea"), Sku("milk")});
  EXPECT_EQ(taste.likely("+919876543210").value(),
            (std::vector<Sku>{Sku("tea"), Sku("milk"), Sku("salt")}));
  EXPECT_EQ(taste.likely("+919876543211").value(), (std::vector<Sku>{Sku("salt"), Sku("tea")}));
}

TEST_F(AtTheReception, WhatIsCompletePassesByItself) {
  EXPECT_FALSE(Reception::completes(action::Pay{}));
  EXPECT_FALSE(Reception::completes(action::SignOut{}));
  EXPECT_FALSE(Reception::completes(action::Training{}));
}

}  // namespace
}  // namespace tillsight::app
