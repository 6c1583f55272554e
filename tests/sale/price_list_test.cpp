// Goal: the price list that is shipped works with the network that is shipped.
// Method: load config/catalogue.csv, and hold it against models/coco.labels and known prices.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "tests/support/source_dir.hpp"
#include "tillsight/domain/catalogue.hpp"

namespace tillsight {
namespace {

using ::testing::UnorderedElementsAre;

Catalogue shipped() {
  auto catalogue =
      Catalogue::load(std::string(source_dir()) + "/config/catalogue.csv", *Currency::parse("INR"));
  EXPECT_TRUE(catalogue.ok()) << catalogue.error().message();
  return std::move(catalogue).value();
}

TEST(ShippedPriceList, KnowsOnlyLabelsThatTheNetworkCanSay) {
  std::vector<std::string> labels;
  std::ifstream in(std::string(source_dir()) + "/models/coco.labels");
  for (std::string line; std::getline(in, line);) {
    const std::size_t blank = line.find(' ');
    if (!line.starts_with('#') && blank != std::string::npos)
      labels.push_back(line.substr(blank + 1));
  }
  ASSERT_EQ(labels.size(), 80u);
  const Status status = shipped().check_labels(labels);
  EXPECT_TRUE(status.ok()) << status.error().message();
}

TEST(ShippedPriceList, HoldsTheOriginalsPricesAndAisles) {
  const Catalogue catalogue = shipped();
  EXPECT_EQ(catalogue.by_sku(Sku("apple"))->unit_price, Money::minor(200));
  EXPECT_EQ(catalogue.by_sku(Sku("bottle"))->unit_price, Money::minor(1999));
  EXPECT_EQ(catalogue.by_sku(Sku("laptop"))->unit_price, Money::minor(5632499));
  EXPECT_EQ(catalogue.by_sku(Sku("book"))->aisle, "Stationery");
  std::set<std::string> aisles;
  for (const Product& product : catalogue.products()) aisles.insert(product.aisle);
  EXPECT_THAT(aisles, UnorderedElementsAre("Electronics", "Kitchen", "Stationery", "Furniture",
                                           "Grocery", "Utensils", "Clothing", "Sports"));
}

TEST(ShippedPriceList, BarcodesAreInStoreNumbersWithRightCheckDigits) {
  const Catalogue catalogue = shipped();
  int barcodes = 0;
  for (const Product& product : catalogue.products()) {
    const std::string& code = product.barcode;
    if (code.empty()) continue;
    ++barcodes;
    ASSERT_EQ(code.size(), 13u) << code;
    EXPECT_EQ(code[0], '2') << "200 to 299 is the shop's own range";
    int sum = 0;
    for (std::size_t i = 0; i < code.size(); ++i) sum += (code[i] - '0') * (i % 2 == 0 ? 1 : 3);
    EXPECT_EQ(sum % 10, 0) << code;
  }
  EXPECT_GT(barcodes, 5);
}

TEST(ShippedPriceList, LetsABottleBeOneOfSeveral) {
  EXPECT_GT(shipped().by_label("bottle").size(), 1u);
}

}  // namespace
}  // namespace tillsight
