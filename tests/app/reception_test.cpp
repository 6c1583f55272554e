// Goal: what passes the reception is complete, or refused with a reason; and no PIN passes it.
// Method: a journal with one sale and a book of two cashiers; actions as clerks' devices send them.
#include "app/reception.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/sales.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/journal/journal.hpp"

namespace tillsight::app {
namespace {

class AtTheReception : public ::testing::Test {
 protected:
  AtTheReception() {
    CashierBook book(random_);
    EXPECT_TRUE(book.add("Meera", Role::kClerk, "4711").ok());
    EXPECT_TRUE(book.add("Farah", Role::kSupervisor, "471147").ok());
    EXPECT_TRUE(save_cashiers(cashiers_file(file_), book).ok());
    Journal journal =
        Journal::open({file_, StoreId("S01"), TillId("T01")}, random_, clock_).value();
    const Invoice sale = testing::a_sale({testing::a_line("apple", 200)}, clock_);
    number_ = to_string(*open_chain(*journal.append(sale, "{}"))->invoice_no);
  }
  ClerkAction complete(std::string_view line) {
    PinDesk desk(cashiers_file(file_), clock_);
    JournalReader journal = JournalReader::open(file_).value();
    Reception reception({CustomerBook::open(file_).value(), "IN"}, journal, desk);
    ClerkAction action = parse_clerk_action(line).value();
    EXPECT_TRUE(Reception::completes(action)) << line;
    return reception.complete(std::move(action));
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
  std::string number_;
};

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

TEST_F(AtTheReception, WhatIsCompletePassesByItself) {
  EXPECT_FALSE(Reception::completes(action::Pay{}));
  EXPECT_FALSE(Reception::completes(action::SignOut{}));
  EXPECT_FALSE(Reception::completes(action::Training{}));
}

}  // namespace
}  // namespace tillsight::app
