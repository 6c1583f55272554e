// Goal: a wrong price list is refused with line, field and remedy before it can sell anything.
// Method: one mistake per file.
#include "tillsight/domain/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace tillsight {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kHeader = "label,sku,name,aisle,unit_price,tax_rate,barcode\n";

Result<Catalogue> load(std::string_view rows, std::string_view header = kHeader) {
  const TempDir dir;
  const auto file = dir / "catalogue.csv";
  std::ofstream(file, std::ios::binary) << header << rows;
  return Catalogue::load(file, *Currency::parse("INR"));
}

std::string mistake(std::string_view rows, std::string_view header = kHeader) {
  const auto catalogue = load(rows, header);
  return catalogue.ok() ? "no mistake" : catalogue.error().message();
}

TEST(Catalogue, FindsProductsBySkuBarcodeAndLabel) {
  const auto catalogue = load(
      "bottle,water,Water bottle,Utensils,19.99,18,2000000000015\n"
      "bottle,steel,Steel bottle,Utensils,399,18,\n"
      ",rice,Rice 1 kg,Grocery,80,0,2000000000022\n");
  ASSERT_TRUE(catalogue.ok()) << catalogue.error().message();
  EXPECT_EQ(catalogue->by_sku(Sku("water"))->unit_price, Money::minor(1999));
  EXPECT_EQ(catalogue->by_barcode("2000000000022")->name, "Rice 1 kg");
  EXPECT_EQ(catalogue->by_label("bottle").size(), 2u);
  EXPECT_EQ(catalogue->by_label("").size(), 0u);
  EXPECT_EQ(catalogue->by_sku(Sku("none")), nullptr);
}

TEST(Catalogue, RefusesEachMistakeWithItsLine) {
  EXPECT_THAT(mistake("a,a,A,X,1,0,\nb,a,B,X,1,0,\n"), HasSubstr(":3: SKU 'a' stands on line 2"));
  EXPECT_THAT(mistake("a,a,A,X,1,0,12345\nb,b,B,X,1,0,12345\n"), HasSubstr(":3: barcode 12345"));
  EXPECT_THAT(mistake("a,a,A,X,-3,0,\n"), HasSubstr(":2: unit_price -3 is negative"));
  EXPECT_THAT(mistake("a,a,A,X,cheap,0,\n"), HasSubstr(":2: 'cheap' is not an amount in INR"));
  EXPECT_THAT(mistake("a,a,A,X,1,200,\n"), HasSubstr(":2: tax rate '200'"));
  EXPECT_THAT(mistake("a,a b,A,X,1,0,\n"), HasSubstr(":2: SKU 'a b'"));
  EXPECT_THAT(mistake("a,a,,X,1,0,\n"), HasSubstr(":2: name is empty"));
  EXPECT_THAT(mistake("a,a,A,X,1,0,12x45\n"), HasSubstr(":2: barcode '12x45'"));
  EXPECT_THAT(mistake("a,a,A,X,1,0\n"), HasSubstr(":2: has 6 columns, not 7"));
  EXPECT_THAT(mistake("a,a,A,X,1,0,\n", "label,sku,name,isle,unit_price,tax_rate,barcode\n"),
              HasSubstr(":1: the header is not label,sku,name,aisle"));
  EXPECT_THAT(mistake("", kHeader), HasSubstr("holds no product"));
  EXPECT_EQ(Catalogue::load("/nowhere.csv", *Currency::parse("INR")).error().code(),
            Code::kNotFound);
}

TEST(Catalogue, WantsOneSpellingForOneThing) {
  EXPECT_THAT(mistake("a,a,A,Grocery,1,0,\nb,b,B,grocery,1,0,\n"),
              HasSubstr(":3: aisle 'grocery' is spelled 'Grocery' above"));
  EXPECT_THAT(mistake("eye glasses,a,A,X,1,0,\neye_glasses,b,B,X,1,0,\n"),
              HasSubstr("label 'eye_glasses' is spelled 'eye glasses' above"));
}

TEST(Catalogue, NamesALabelThatTheDetectorCannotSay) {
  const auto catalogue = load("cellphone,phone,Phone,Electronics,1,0,\n");
  const std::vector<std::string> labels = {"apple", "cell phone"};
  EXPECT_THAT(catalogue->check_labels(labels).error().message(),
              HasSubstr("no label 'cellphone'; did you mean 'cell phone'?"));
  EXPECT_TRUE(load("apple,apple,Apple,Grocery,2,0,\n")->check_labels(labels).ok());
}

TEST(Catalogue, VersionChangesWithTheContent) {
  EXPECT_NE(load("a,a,A,X,1,0,\n")->version(), load("a,a,A,X,2,0,\n")->version());
}

}  // namespace
}  // namespace tillsight
