// Goal: money is exact: texts round-trip, the tax of a line is right to the half unit.
// Method: known amounts, and the laws over random ones against a slow exact reference.
#include "tillsight/domain/money.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/sales.hpp"

namespace tillsight {
namespace {

const Currency kRupee = *Currency::parse("INR");

TEST(Money, ReadsWhatPeopleWriteAndPrintsTheCurrencysDecimals) {
  EXPECT_EQ(parse_money("2", kRupee)->minor_units(), 200);
  EXPECT_EQ(parse_money("249.9", kRupee)->minor_units(), 24990);
  EXPECT_EQ(parse_money("-3.05", kRupee)->minor_units(), -305);
  EXPECT_EQ(to_string(Money::minor(5), kRupee), "0.05");
  EXPECT_EQ(to_string(Money::minor(-305), kRupee), "-3.05");
  EXPECT_EQ(to_string(Money::minor(1500), *Currency::parse("JPY")), "1500");
  EXPECT_EQ(to_string(Money::minor(1500), *Currency::parse("KWD")), "1.500");
}

TEST(Money, RefusesWhatIsNoExactAmount) {
  for (const char* wrong : {"", ".", "1.", ".5", "1.234", "1,50", "--1", "1e3", " 1", "+1", "ten",
                            "99999999999999999999"}) {
    EXPECT_FALSE(parse_money(wrong, kRupee).ok()) << wrong;
  }
}

TEST(Money, TextRoundTripsForEveryAmount) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> amount(-1'000'000'000'000, 1'000'000'000'000);
  for (const char* code : {"INR", "JPY", "KWD"}) {
    const Currency currency = *Currency::parse(code);
    for (int i = 0; i < 1000; ++i) {
      const Money money = Money::minor(amount(random));
      EXPECT_EQ(*parse_money(to_string(money, currency), currency), money);
    }
  }
}

TEST(Tax, RoundsHalfUpOnTheAmountThatItContains) {
  EXPECT_EQ(tax_included(Money::minor(11800), TaxRate(1800)).minor_units(), 1800);
  EXPECT_EQ(tax_included(Money::minor(300), TaxRate(0)).minor_units(), 0);
  EXPECT_EQ(tax_included(Money::minor(3), TaxRate(10'000)).minor_units(), 2);  // 1.5 rounds up
  EXPECT_EQ(tax_included(Money::minor(-3), TaxRate(10'000)).minor_units(), -2);
}

TEST(Tax, IsWithinHalfAUnitOfTheExactValueAndNeverAboveTheGross) {
  std::mt19937_64 random(11);
  std::uniform_int_distribution<std::int64_t> amount(0, 10'000'000'000'000);
  std::uniform_int_distribution<int> rate(0, 10'000);
  for (int i = 0; i < 20'000; ++i) {
    const Money gross = Money::minor(amount(random));
    const TaxRate tax_rate(rate(random));
    const Money tax = tax_included(gross, tax_rate);
    const long double exact = static_cast<long double>(gross.minor_units()) * tax_rate.value() /
                              (10'000 + tax_rate.value());
    EXPECT_LE(std::abs(static_cast<long double>(tax.minor_units()) - exact), 0.5000001L);
    EXPECT_GE(gross, tax);
  }
}

TEST(Tax, RateIsAPercentage) {
  EXPECT_EQ(parse_tax_rate("12.5")->value(), 1250);
  for (const char* wrong : {"-1", "101", "18%", "", "1.234"})
    EXPECT_FALSE(parse_tax_rate(wrong).ok()) << wrong;
}

TEST(Currency, IsThreeCapitalLetters) {
  for (const char* wrong : {"", "inr", "RUPEE", "₹", "I1R"})
    EXPECT_FALSE(Currency::parse(wrong).ok()) << wrong;
}

TEST(Invoice, ChecksItsLaws) {
  const Invoice lawful = testing::a_sale();
  ASSERT_TRUE(check(lawful).ok()) << check(lawful).error().message();
  const auto broken = [&](auto change) {
    Invoice invoice = lawful;
    change(invoice);
    return !check(invoice).ok();
  };
  EXPECT_TRUE(broken([](Invoice& i) { i.lines[0].quantity = 0; }));
  EXPECT_TRUE(broken([](Invoice& i) { i.lines[0].quantity = 7; }));
  EXPECT_TRUE(broken([](Invoice& i) { i.lines[1].tax += Money::minor(1); }));
  EXPECT_TRUE(broken([](Invoice& i) { i.gross += Money::minor(1); }));
  EXPECT_TRUE(broken([](Invoice& i) { i.tenders[0].amount += Money::minor(1); }));
  EXPECT_TRUE(broken([](Invoice& i) { i.lines.clear(); }));
  EXPECT_TRUE(broken([](Invoice& i) { i.lines.assign(501, i.lines[0]); }));
}

}  // namespace
}  // namespace tillsight
