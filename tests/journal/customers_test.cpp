// Goal: a returning customer is known by the phone alone, for as long as the shop wants.
// Method: sales through a real journal; a clock that is moved by months.
#include "tillsight/journal/customers.hpp"

#include <gtest/gtest.h>

#include "tests/journal/till_box.hpp"

namespace tillsight {
namespace {

using std::chrono::days;
using std::chrono::hours;

class Customers : public testing::TillBox {
 protected:
  void visit(const Customer& customer) {
    Journal journal = open_journal();
    ASSERT_TRUE(
        journal.append(testing::a_sale({testing::a_line("apple", 200)}, clock_, customer), "{}")
            .ok());
  }
  std::optional<Customer> find(const Customer& customer) {
    return *CustomerBook::open(settings_.file)->find(customer.phone);
  }
  /// A night, in which the till is switched off.
  void pass(days count) {
    clock_.advance(count);
    const Journal journal = open_journal();
  }

  const Customer ravi_{"Ravi", "", "+919812345678"};
};

TEST_F(Customers, AreKnownAfterTheirFirstSale) {
  { const Journal journal = open_journal(); }
  EXPECT_EQ(find(testing::asha()), std::nullopt);
  visit(testing::asha());
  visit(ravi_);
  EXPECT_EQ(find(testing::asha()), testing::asha());
  EXPECT_EQ(find(ravi_), ravi_);
}

TEST_F(Customers, TakeOverANewNameAndKeepItWhenOnlyThePhoneIsTyped) {
  visit(testing::asha());
  Customer married = testing::asha();
  married.last_name = "Iyer";
  visit(married);
  visit({"", "", married.phone});
  EXPECT_EQ(find(married), married);
}

TEST_F(Customers, WithoutANameAreNotRemembered) {
  visit({"", "", ravi_.phone});
  EXPECT_EQ(find(ravi_), std::nullopt);
}

TEST_F(Customers, AreForgottenHalfAYearAfterTheirLastVisit) {
  visit(testing::asha());
  visit(ravi_);
  pass(days(170));
  visit(ravi_);
  pass(days(11));
  EXPECT_EQ(find(testing::asha()), std::nullopt);
  EXPECT_EQ(find(ravi_), ravi_);
}

TEST_F(Customers, AreForgottenWhileTheTillRuns) {
  visit(testing::asha());
  Journal journal = open_journal();
  clock_.advance(days(181));
  SequenceRanges have;
  have.insert(Sequence(1));
  ASSERT_TRUE(journal.acknowledge({"hub-1", journal.incarnation(), have, {}, 50}).ok());
  ASSERT_TRUE(journal.checkpoint().ok());
  EXPECT_EQ(find(testing::asha()), std::nullopt);
}

TEST_F(Customers, AreNotForgottenByAClockThatIsWrong) {
  visit(testing::asha());
  clock_.set_trusted(false);
  clock_.jump_utc(days(3650));
  pass(days(1));
  EXPECT_EQ(find(testing::asha()), testing::asha());
  clock_.set_trusted(true);
  clock_.jump_utc(-days(3650));
  pass(days(1));
  EXPECT_EQ(find(testing::asha()), testing::asha());
}

TEST_F(Customers, AreNotRememberedWhereNobodyIsToBe) {
  visit(testing::asha());
  settings_.customers_kept_days = 0;
  visit(ravi_);
  EXPECT_EQ(find(testing::asha()), std::nullopt);
  EXPECT_EQ(find(ravi_), std::nullopt);
}

TEST_F(Customers, AreFoundAfterTheKeyOfProvisioningTookOver) {
  visit(testing::asha());
  settings_.personal_key = personal_key(SecretKey(sha256("the chain")), "S01", "T03");
  visit(testing::asha());
  EXPECT_EQ(
      *CustomerBook::open(settings_.file, settings_.personal_key)->find(testing::asha().phone),
      testing::asha());
}

}  // namespace
}  // namespace tillsight
