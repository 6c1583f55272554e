// Goal: a phone number is one number however it is typed, and a commitment tells nothing but
// sameness. Method: spellings of one number; single changes of a person.
#include "tillsight/domain/customer.hpp"

#include <gtest/gtest.h>

namespace tillsight {
namespace {

TEST(Phone, IsOneNumberHoweverItIsTyped) {
  for (const char* typed :
       {"9876543210", "09876543210", "+91 98765 43210", "+919876543210", "98765-43210"}) {
    const auto phone = normalise_phone(typed, "IN");
    ASSERT_TRUE(phone.ok()) << phone.error().message();
    EXPECT_EQ(*phone, "+919876543210") << typed;
  }
  EXPECT_EQ(*normalise_phone("030 123456", "DE"), "+4930123456");
}

TEST(Phone, RefusesWhatCannotBeCalled) {
  for (const char* wrong : {"", "12", "phone", "98765ask43", "98765432101234567890", "+", "+0"})
    EXPECT_FALSE(normalise_phone(wrong, "IN").ok()) << wrong;
}

TEST(Commitment, ChangesWithEveryFieldAndWithTheSalt) {
  const Customer asha{"Asha", "Rao", "+919876543210"};
  const Digest digest = commitment(asha, "00ff");
  EXPECT_EQ(digest, commitment(asha, "00ff"));
  EXPECT_NE(digest, commitment(asha, "00fe"));
  EXPECT_NE(digest, commitment({"Asha", "Ra", "o+919876543210"}, "00ff"));
  EXPECT_NE(digest, commitment({"AshaRao", "", "+919876543210"}, "00ff"));
}

}  // namespace
}  // namespace tillsight
