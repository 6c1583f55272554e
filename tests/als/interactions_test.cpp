// Goal: trainers get exactly what known customers bought and kept.
// Method: sales, refunds, voids and anonymous sales of a small shop, beside what was booked.
#include "tillsight/als/interactions.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "tests/columns/random_shop.hpp"

namespace tillsight::als {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class Sales : public columns::RandomShop {
 protected:
  void sell(int customer, int day, std::string_view sku, int quantity,
            SaleKind kind = SaleKind::kSale) {
    Invoice invoice = an_invoice(day);
    invoice.kind = kind;
    if (customer >= 0) invoice.customer = Customer{"Asha", "Rao", phone(customer)};
    invoice.lines = {testing::a_line(sku, 100, quantity)};
    total_up(invoice);
    book(std::move(invoice));
  }
  Interactions read(const Support& support = {}) const {
    auto read = read_interactions(hub(), support);
    EXPECT_TRUE(read.ok()) << read.error().message();
    return std::move(read).value();
  }
  /// "sku×weight" of each customer, in order.
  static std::vector<std::string> rows(const Interactions& sales, const Weighing& weighing,
                                       std::int32_t today) {
    const auto matrix = weigh(sales, sales.purchases, weighing, today);
    EXPECT_TRUE(matrix.ok());
    std::vector<std::string> rows;
    for (std::uint32_t customer = 0; customer < matrix->rows(); ++customer) {
      std::string& text = rows.emplace_back();
      const Matrix::Row row = matrix->row(customer);
      for (std::size_t i = 0; i < row.size(); ++i) {
        text += format("{}×{:.3g} ", sales.items[row.columns[i]].sku, row.values[i]);
      }
    }
    std::ranges::sort(rows);
    return rows;
  }
};

TEST_F(Sales, AreReadByCustomerItemAndDay) {
  sell(1, 3, "tea", 2);
  sell(1, 3, "tea", 1);
  sell(1, 5, "milk", 1);
  sell(2, 4, "tea", 1);
  sell(2, 6, "tea", 1, SaleKind::kVoid);
  sell(-1, 4, "tea", 9);
  commit();
  const Interactions sales = read();
  EXPECT_THAT(sales.customers, SizeIs(2));
  EXPECT_THAT(sales.items, SizeIs(2));
  EXPECT_EQ(sales.lines, 5);
  EXPECT_EQ(sales.anonymous_lines, 1);
  ASSERT_THAT(sales.purchases, SizeIs(3));
  EXPECT_EQ(sales.purchases[0].quantity, 3);
  EXPECT_EQ(sales.purchases[1].day - sales.purchases[0].day, 1);
  for (const std::string& customer : sales.customers) EXPECT_EQ(customer.size(), 32u);
  EXPECT_THAT(rows(sales, {Weight::kQuantity}, 0), ElementsAre("milk×1 tea×3 ", "tea×1 "));
  EXPECT_THAT(rows(sales, {Weight::kVisits}, 0), ElementsAre("milk×1 tea×1 ", "tea×1 "));
}

TEST_F(Sales, WhatWasGivenBackIsNotBought) {
  sell(1, 3, "tea", 2);
  sell(1, 4, "tea", 2, SaleKind::kRefund);
  sell(1, 3, "milk", 3);
  sell(1, 9, "milk", 1, SaleKind::kRefund);
  commit();
  EXPECT_THAT(rows(read(), {Weight::kQuantity}, 0), ElementsAre("milk×2 "));
  EXPECT_THAT(rows(read(), {Weight::kBought}, 0), ElementsAre("milk×1 "));
}

TEST_F(Sales, AgeHalvesWhatAPurchaseWeighs) {
  sell(1, 0, "tea", 1);
  sell(1, 20, "tea", 1);
  sell(1, 20, "milk", 4);
  commit();
  const Interactions sales = read();
  const std::int32_t today = sales.purchases.back().day + 10;
  EXPECT_THAT(rows(sales, {Weight::kVisits, 10}, today), ElementsAre("milk×0.5 tea×0.625 "));
  EXPECT_FALSE(weigh(sales, sales.purchases, {Weight::kVisits, -1}, today).ok());
  EXPECT_FALSE(weigh(sales, sales.purchases,
                     {Weight::kVisits, std::numeric_limits<double>::quiet_NaN()}, today)
                   .ok());
}

TEST_F(Sales, WhatIsRareIsLeftOutAndCounted) {
  for (int customer = 0; customer < 3; ++customer) {
    sell(customer, 1, "tea", 1);
    sell(customer, 1, "milk", 1);
  }
  sell(3, 1, "tea", 1);
  sell(0, 1, "caviar", 1);
  commit();
  const Interactions sales = read({.customers_of_item = 2, .items_of_customer = 2});
  EXPECT_THAT(sales.customers, SizeIs(3));
  EXPECT_THAT(sales.items, SizeIs(2));
  EXPECT_EQ(sales.rare_lines, 2);
}

TEST_F(Sales, AreTheSameHoweverTheColumnsWereBuilt) {
  sell_at_random(300);
  const Interactions from_memory = read();
  extend();
  sell_at_random(60);
  const Interactions partly = read();
  extend();
  const Interactions from_files = read();
  EXPECT_LT(from_memory.purchases.size(), partly.purchases.size());
  EXPECT_EQ(partly.customers, from_files.customers);
  ASSERT_EQ(partly.purchases.size(), from_files.purchases.size());
  for (std::size_t i = 0; i < partly.purchases.size(); ++i) {
    EXPECT_EQ(partly.purchases[i].customer, from_files.purchases[i].customer);
    EXPECT_EQ(partly.purchases[i].item, from_files.purchases[i].item);
    EXPECT_EQ(partly.purchases[i].quantity, from_files.purchases[i].quantity);
  }
}

TEST_F(Sales, OfAnEmptyStoreAreNoneAndOfNoStoreAnError) {
  EXPECT_THAT(read().purchases, SizeIs(0));
  EXPECT_EQ(read_interactions(dir_ / "nowhere").error().code(), Code::kNotFound);
}

}  // namespace
}  // namespace tillsight::als
