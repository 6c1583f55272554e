// Goal: a discount is taken off to the unit, and what was shown is what is sold.
// Method: known shares by hand; the law of the spread over random sales.
#include "sale/discount.hpp"

#include <gtest/gtest.h>

#include "tests/support/sales.hpp"

namespace tillsight {
namespace {

using testing::a_line;

DiscountTerms percent(int bp) {
  return {bp, Money(), "dented", "Farah"};
}
DiscountTerms amount(std::int64_t units) {
  return {0, Money::minor(units), "dented", "Farah"};
}

TEST(Discount, RoundsAPercentageHalfUp) {
  EXPECT_EQ(discount_on(Money::minor(1000), percent(1250)), Money::minor(125));
  EXPECT_EQ(discount_on(Money::minor(50), percent(100)), Money::minor(1)) << "0.5 is 1";
  EXPECT_EQ(discount_on(Money::minor(49), percent(100)), Money::minor(0));
  EXPECT_EQ(discount_on(Money::minor(777), percent(10'000)), Money::minor(777));
}

TEST(Discount, TakesNoMoreThanThereIs) {
  EXPECT_EQ(discount_on(Money::minor(300), amount(500)), Money::minor(300));
}

TEST(Discount, GivesTheLastUnitsToTheLargestRemainders) {
  std::vector<InvoiceLine> lines = {a_line("a", 100), a_line("b", 100), a_line("c", 100)};
  spread_discount(amount(100), lines);
  EXPECT_EQ(lines[0].discount, Money::minor(34));
  EXPECT_EQ(lines[1].discount, Money::minor(33));
  EXPECT_EQ(lines[2].discount, Money::minor(33));
  EXPECT_EQ(lines[0].discount_by, "Farah");
}

TEST(Discount, LeavesLinesWithOneOfTheirOwnAlone) {
  std::vector<InvoiceLine> lines = {a_line("a", 1000), a_line("b", 1000)};
  lines[0].discount = Money::minor(1);
  lines[0].discount_reason = "own";
  price_line(lines[0]);
  spread_discount(percent(5000), lines);
  EXPECT_EQ(lines[0].discount, Money::minor(1));
  EXPECT_EQ(lines[0].discount_reason, "own");
  EXPECT_EQ(lines[1].discount, Money::minor(500));
}

TEST(DiscountLaw, SharesAddUpToTheDiscountAndKeepTheLawsOfAnInvoice) {
  SeededRandom random(11);
  const auto below = [&](std::int64_t n) {
    return static_cast<std::int64_t>(random.next_u64() % static_cast<std::uint64_t>(n));
  };
  for (int round = 0; round < 500; ++round) {
    std::vector<InvoiceLine> lines;
    Money before;
    for (std::int64_t i = 0; i <= below(12); ++i) {
      lines.push_back(
          a_line("x", below(90'000), 1 + static_cast<int>(below(5)), below(2) == 0 ? 1800 : 500));
      before += lines.back().gross;
    }
    const DiscountTerms terms =
        below(2) == 0 ? percent(static_cast<int>(1 + below(10'000))) : amount(1 + below(50'000));
    spread_discount(terms, lines);
    const FakeClock clock;
    const Invoice invoice = testing::a_sale(lines, clock);
    ASSERT_TRUE(check(invoice).ok()) << check(invoice).error().message();
    ASSERT_EQ(invoice.gross, before - discount_on(before, terms));
  }
}

}  // namespace
}  // namespace tillsight
