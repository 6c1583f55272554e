// Goal: the receipt says what was sold in the width of the paper, and no more of the person than
// the shop needs.
// Method: one whole receipt to look at; widths over random names of several scripts.
#include "tillsight/sale/receipt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "tillsight/domain/text.hpp"

namespace tillsight {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

InvoiceLine line(std::string item, std::string aisle, int quantity, int price, int tax_bp) {
  InvoiceLine l;
  l.sku = Sku("x");
  l.item = std::move(item);
  l.aisle = std::move(aisle);
  l.quantity = quantity;
  l.list_price = Money::minor(price);
  l.tax_rate = TaxRate(tax_bp);
  return l;
}

Opened sale(std::vector<InvoiceLine> lines) {
  Opened opened;
  Invoice& invoice = opened.invoice;
  using namespace std::chrono;
  invoice.at.local = {year(2026) / 11 / 23, hours(17) + minutes(5) + seconds(9), Monday};
  invoice.currency = "INR";
  invoice.cashier = "Meera";
  invoice.lines = std::move(lines);
  for (InvoiceLine& l : invoice.lines) price_line(l);
  total_up(invoice);
  invoice.tenders = {{"cash", invoice.gross}};
  opened.chain.invoice_no = InvoiceNumber{TillId("T03"), 1, 42};
  return opened;
}

const Currency kInr = *Currency::parse("INR");

TEST(Receipt, SaysEverythingAboutTheSale) {
  Opened opened =
      sale({line("Apple", "Grocery", 3, 200, 0), line("Cup", "Utensils", 1, 24999, 1200),
            line("Cake", "Grocery", 1, 49999, 1800)});
  opened.invoice.lines[2].discount = Money::minor(5000);
  for (InvoiceLine& l : opened.invoice.lines) price_line(l);
  total_up(opened.invoice);
  opened.invoice.tenders = {{"cash", opened.invoice.gross, Money::minor(29402)}};
  opened.invoice.customer = Customer{"Asha", "Rao", "+919876543210"};
  const ReceiptSettings settings{40, {"Corner Shop", "12 Market Road"}, {"Thank you"}};
  EXPECT_EQ(receipt(opened, kInr, settings),
            "              Corner Shop\n"
            "             12 Market Road\n"
            "========================================\n"
            "Invoice                   " +
                to_string(*opened.chain.invoice_no) +
                "\n"
                "2026-11-23 Monday               17:05:09\n"
                "Cashier Meera\n"
                "----------------------------------------\n"
                "Apple\n"
                "  3 x 2.00                          6.00\n"
                "Cup\n"
                "  1 x 249.99                      249.99\n"
                "Cake\n"
                "  1 x 499.99                      499.99\n"
                "  discount                        -50.00\n"
                "  subtotal                        449.99\n"
                "----------------------------------------\n"
                "TOTAL INR                         705.98\n"
                "Paid by cash                     1000.00\n"
                "Change                            294.02\n"
                "----------------------------------------\n"
                "Tax 0 % on 6.00                     0.00\n"
                "Tax 12 % on 223.21                 26.78\n"
                "Tax 18 % on 381.35                 68.64\n"
                "Tax included                       95.42\n"
                "----------------------------------------\n"
                "Aisles visited: Grocery, Utensils\n"
                "Customer Asha              **********210\n"
                "========================================\n"
                "               Thank you\n");
}

TEST(Receipt, SaysNothingAboutChangeOrCustomerWhenThereIsNone) {
  const std::string text = receipt(sale({line("Apple", "Grocery", 1, 200, 0)}), kInr, {});
  EXPECT_THAT(text, Not(HasSubstr("Change")));
  EXPECT_THAT(text, HasSubstr("Paid by cash"));
  EXPECT_THAT(text, Not(HasSubstr("Customer")));
}

TEST(Receipt, NeverPrintsAPhoneNumber) {
  EXPECT_EQ(masked_phone("+919876543210"), "**********210");
  EXPECT_EQ(masked_phone("21"), "21");
  EXPECT_EQ(masked_phone(""), "");
}

TEST(Receipt, KeepsToTheWidthOfThePaperInEveryScript) {
  const std::vector<std::string> letters = {"a", "W", " ", "é", "अ", "り", "中", "ß", "ü"};
  std::mt19937 random(5);
  const auto name = [&] {
    std::string text = "x";
    for (unsigned n = static_cast<unsigned>(random() % 70); n > 0; --n) {
      text += letters[random() % letters.size()];
    }
    return text;
  };
  for (int columns = 32; columns <= 48; ++columns) {
    std::vector<InvoiceLine> lines;
    for (int i = 0; i < 12; ++i) {
      lines.push_back(
          line(name(), name(), static_cast<int>(1 + random() % 999), 1'000'000'000, 1850));
    }
    Opened opened = sale(std::move(lines));
    opened.invoice.customer = Customer{name(), name(), "+919876543210"};
    std::istringstream text(receipt(opened, kInr, {columns, {name()}, {name()}}));
    for (std::string row; std::getline(text, row);) {
      EXPECT_LE(display_width(row), columns) << row;
      EXPECT_FALSE(row.ends_with(' ')) << row;
    }
  }
}

TEST(ReceiptSettingsCheck, RefusesPaperThatCannotBe) {
  EXPECT_THAT(check(ReceiptSettings{31, {}, {}}).error().message(), HasSubstr("columns = 31"));
  EXPECT_FALSE(check(ReceiptSettings{49, {}, {}}).ok());
  EXPECT_TRUE(check(ReceiptSettings{}).ok());
}

}  // namespace
}  // namespace tillsight
