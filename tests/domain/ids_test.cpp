// Goal: ids that could not travel are refused, and a mistyped invoice number is noticed.
// Method: the rule's edges; every single-digit mistake of a number.
#include "tillsight/domain/ids.hpp"

#include <gtest/gtest.h>

namespace tillsight {
namespace {

TEST(Ids, AreShortCapitalsAndDigits) {
  EXPECT_TRUE(parse_till_id("T03").ok());
  EXPECT_TRUE(parse_till_id("ABCDEFGH12345678").ok());
  for (const char* wrong : {"", "t03", "T-3", "T 3", "ABCDEFGH123456789", "T/3", "T+", "Ü"}) {
    EXPECT_FALSE(parse_till_id(wrong).ok()) << wrong;
    EXPECT_FALSE(parse_store_id(wrong).ok()) << wrong;
  }
}

TEST(Ids, IncarnationsDiffer) {
  SeededRandom random(3);
  const Incarnation one = new_incarnation(random);
  EXPECT_TRUE(parse_incarnation(one.value()).ok());
  EXPECT_NE(one, new_incarnation(random));
}

TEST(InvoiceNumber, PrintsAndReadsBack) {
  const InvoiceNumber number{TillId("T03"), 1, 42};
  const std::string text = to_string(number);
  EXPECT_TRUE(text.starts_with("T03-1-000042-")) << text;
  EXPECT_EQ(*parse_invoice_number(text), number);
  const InvoiceNumber large{TillId("KASSE1"), 12, 123'456'789};
  EXPECT_EQ(*parse_invoice_number(to_string(large)), large);
}

TEST(InvoiceNumber, NoticesEverySingleWrongDigit) {
  const std::string text = to_string(InvoiceNumber{TillId("T03"), 1, 905'217});
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') continue;
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string typed = text;
      typed[i] = digit;
      EXPECT_EQ(parse_invoice_number(typed).ok(), typed == text) << typed;
    }
  }
}

TEST(InvoiceNumber, RefusesOtherShapes) {
  for (const char* wrong :
       {"", "T03", "T03-1-42", "T03-1-42-7", "T03-x-000042-7", "-1-000042-7", "T03-1-000042-7-1"}) {
    EXPECT_FALSE(parse_invoice_number(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace tillsight
