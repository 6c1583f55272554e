// Goal: the sums that reports read are what adding up all invoices gives, at any moment.
// Method: random trade; after every batch each table of sums is compared with its own query, which
// shares no code with what keeps it.
#include <gtest/gtest.h>

#include "src/hub/schema_sums.hpp"
#include "tests/hub/random_trade.hpp"

namespace tillsight::hub {
namespace {

class Sums : public RandomTrade {
 protected:
  void expect_right() const {
    for (const SumTable& sum : kSumTables) {
      EXPECT_EQ(number(format("SELECT count(*) FROM (SELECT * FROM {} EXCEPT SELECT * FROM ({}))",
                              sum.name, sum.rows)),
                0)
          << sum.name << " has rows that it should not";
      EXPECT_EQ(number(format("SELECT count(*) FROM (SELECT * FROM ({}) EXCEPT SELECT * FROM {})",
                              sum.rows, sum.name)),
                0)
          << sum.name << " lacks rows";
    }
  }
};

TEST_F(Sums, AreThoseOfAllInvoicesAfterEveryBatch) {
  for (int round = 0; round < 12; ++round) {
    trade(15);
    import(6);
    expect_right();
  }
  EXPECT_GT(number("SELECT sum(customers) FROM period_count"), 20);
  EXPECT_GT(number("SELECT sum(no_touch_sales) FROM day_till"), 0);
  EXPECT_GT(number("SELECT sum(refunded) FROM visit") + number("SELECT count(*) FROM visit"), 10);
}

TEST_F(Sums, KnowAnErasedCustomerAsNobodyWhoComesBack) {
  trade(60);
  const std::string_view month = "SELECT sum(customers) FROM period_count WHERE period = ''";
  const std::int64_t before = number(month);
  ASSERT_TRUE(store_->erase_customer(somebody().phone, random_).ok());
  EXPECT_EQ(number(month), before);
  expect_right();
  trade(60);
  expect_right();
}

}  // namespace
}  // namespace tillsight::hub
