// Goal: a clerk types a returning customer's phone alone, in whatever form, and the counter gets
// the name with it; what the clerk did type is never overruled.
// Method: a journal with one sale; actions as the clerk's devices send them.
#include "app/customer_lookup.hpp"

#include <gtest/gtest.h>

#include "tests/support/sales.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/journal/journal.hpp"

namespace tillsight::app {
namespace {

class Lookup : public ::testing::Test {
 protected:
  Lookup() {
    Journal journal =
        Journal::open({file_, StoreId("S01"), TillId("T01")}, random_, clock_).value();
    const Invoice sale = testing::a_sale({testing::a_line("apple", 200)}, clock_, testing::asha());
    EXPECT_TRUE(journal.append(sale, "{}").ok());
  }
  action::SetCustomer complete(std::string_view line) {
    CustomerLookup lookup(CustomerBook::open(file_).value(), "IN");
    return std::get<action::SetCustomer>(lookup.complete(*parse_clerk_action(line)));
  }

  const TempDir folder_;
  const std::filesystem::path file_ = folder_ / "till.db";
  FakeClock clock_;
  SeededRandom random_{1};
};

TEST_F(Lookup, FillsInTheNameOfAPhoneInWhateverForm) {
  for (const char* phone : {"9876543210", "+91 98765 43210", "09876543210"}) {
    const auto set = complete(format(R"({{"do":"customer","phone":"{}"}})", phone));
    EXPECT_EQ(set.first_name, "Asha");
    EXPECT_EQ(set.last_name, "Rao");
    EXPECT_EQ(set.phone, phone);
  }
}

TEST_F(Lookup, LeavesAloneWhatItDoesNotKnowAndWhatTheClerkTyped) {
  EXPECT_EQ(complete(R"({"do":"customer","phone":"9812345678"})").first_name, "");
  EXPECT_EQ(complete(R"({"do":"customer","phone":"12"})").first_name, "");
  const auto typed = complete(R"({"do":"customer","first_name":"Usha","phone":"9876543210"})");
  EXPECT_EQ(typed.first_name, "Usha");
  EXPECT_EQ(typed.last_name, "");
  CustomerLookup lookup(CustomerBook::open(file_).value(), "IN");
  const ClerkAction other = lookup.complete(action::Pay{});
  EXPECT_TRUE(std::holds_alternative<action::Pay>(other));
}

}  // namespace
}  // namespace tillsight::app
