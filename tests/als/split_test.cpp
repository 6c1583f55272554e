// Goal: a model is judged by what came after all that it saw, and by nothing else.
// Method: small histories as tables of (customer, item, day), split and looked at.
#include "tillsight/als/split.hpp"

#include <gmock/gmock.h>

namespace tillsight::als {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Interactions history(std::uint32_t customers, std::uint32_t items,
                     std::vector<Purchase> purchases) {
  Interactions history;
  for (std::uint32_t i = 0; i < customers; ++i)
    history.customers.push_back("c" + std::to_string(i));
  for (std::uint32_t i = 0; i < items; ++i) history.items.push_back({"s" + std::to_string(i), ""});
  history.purchases = std::move(purchases);
  return history;
}

Interactions a_sale_a_day(int days) {
  std::vector<Purchase> purchases;
  for (int day = 0; day < days; ++day) purchases.push_back({0, 0, 100 + 2 * day, 1});
  return history(1, 1, purchases);
}

TEST(Split, HoldsOutTheLastFifthOfTheTradingDaysTwice) {
  const auto days = split_days(a_sale_a_day(50));
  ASSERT_TRUE(days.ok());
  EXPECT_EQ(days->first, 100);
  EXPECT_EQ(days->validation, 100 + 2 * 32);  // 50 − 10 − 8
  EXPECT_EQ(days->test, 100 + 2 * 40);
  EXPECT_EQ(days->last, 100 + 2 * 49);
}

TEST(Split, AFewDaysAreToldFromTooFew) {
  const auto five = split_days(a_sale_a_day(5));
  ASSERT_TRUE(five.ok());
  EXPECT_LT(five->first, five->validation);
  EXPECT_LT(five->validation, five->test);
  const auto four = split_days(a_sale_a_day(4));
  ASSERT_FALSE(four.ok());
  EXPECT_EQ(four.error().code(), Code::kFailedPrecondition);
  EXPECT_FALSE(split_days(a_sale_a_day(0)).ok());
}

TEST(Split, PurchasesOfARangeAreThoseOfItsDays) {
  const Interactions all = history(1, 1, {{0, 0, 1, 1}, {0, 0, 2, 1}, {0, 0, 2, 1}, {0, 0, 5, 1}});
  EXPECT_THAT(between(all, 2, 5), SizeIs(2));
  EXPECT_THAT(between(all, 0, 9), SizeIs(4));
  EXPECT_THAT(between(all, 3, 3), IsEmpty());
  EXPECT_THAT(between(all, 6, 2), IsEmpty());
}

TEST(Truth, IsWhatKnownCustomersBoughtOfKnownItems) {
  // Customer 0 knew items 0 and 1; customer 1 knew item 2; nobody knew item 3; 2 is a stranger.
  const auto known = Matrix::from(std::vector<Rating>{{0, 0, 1}, {0, 1, 1}, {1, 2, 1}}, 3, 4);
  ASSERT_TRUE(known.ok());
  const std::vector<Purchase> after = {{0, 0, 9, 1}, {0, 2, 9, 1}, {0, 2, 9, 3}, {0, 3, 9, 1},
                                       {1, 2, 9, 1}, {2, 0, 9, 1}, {1, 0, 9, -1}};
  const Truth all = truth_of(*known, after, Judged::kAll);
  EXPECT_THAT(all.customers, ElementsAre(0, 1));
  EXPECT_THAT(all.items, ElementsAre(ElementsAre(0, 2), ElementsAre(2)));
  EXPECT_EQ(all.strangers, 1);
  EXPECT_EQ(all.new_items, 1);
  const Truth fresh = truth_of(*known, after, Judged::kNew);
  EXPECT_THAT(fresh.customers, ElementsAre(0));
  EXPECT_THAT(fresh.items, ElementsAre(ElementsAre(2)));
}

TEST(LeaveOneOut, HoldsOutOneOfTheLastDayAndNothingElse) {
  const Interactions all =
      history(3, 4, {{0, 0, 1, 1}, {1, 3, 1, 1}, {0, 1, 2, 1}, {0, 2, 2, 1}, {2, 1, 2, -1}});
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const HeldOut held_out = leave_one_out(all, seed);
    // Customer 1 has a single item, customer 2 gave back only.
    ASSERT_THAT(held_out.after, SizeIs(1));
    EXPECT_EQ(held_out.after[0].customer, 0U);
    EXPECT_EQ(held_out.after[0].day, 2);
    EXPECT_THAT(held_out.before, SizeIs(4));
  }
}

}  // namespace
}  // namespace tillsight::als
