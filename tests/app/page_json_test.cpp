// Goal: the page says how the till is in words that tell whether a person must act.
// Method: one by one.
#include "app/page_json.hpp"

#include <gtest/gtest.h>

namespace tillsight::app {
namespace {

TEST(HeadOffice, IsToldApartByWhoMustAct) {
  const Error refused(Code::kFailedPrecondition, "the broker refused this client: Not authorized");
  const Error away(Code::kUnavailable, "no route to host");
  EXPECT_EQ(head_office(true, true, {}), "online");
  EXPECT_EQ(head_office(true, false, {}), "away");
  EXPECT_EQ(head_office(false, false, {}), "no network");
  EXPECT_EQ(head_office(false, false, away), "no network");
  EXPECT_EQ(head_office(false, false, refused), "refused: " + refused.message());
  EXPECT_EQ(head_office(true, true, refused), "refused: " + refused.message());
}

}  // namespace
}  // namespace tillsight::app
