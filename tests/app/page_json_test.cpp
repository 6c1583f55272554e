// Goal: the page says how the till is in words that tell whether a person must act.
// Method: one by one.
#include "app/page_json.hpp"

#include <gmock/gmock.h>
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

TEST(PageStatus, NamesTheDevicesThatSomebodyWants) {
  const Catalogue catalogue({}, "v1");
  const TimeZone zone = *TimeZone::find("Asia/Kolkata");
  const PageFacts facts{StoreId("S01"), TillId("T01"), catalogue, zone};
  PageStatus status;
  status.devices = {{"keypad", "ok"}, {"scanner", "off"}, {"printer", "out of paper"}};
  EXPECT_THAT(status_json(status, facts),
              ::testing::HasSubstr(R"("devices":{"keypad":"ok","printer":"out of paper"})"));
}

TEST(Metrics, SayHowOftenNobodyHadToCorrect) {
  const Catalogue catalogue({}, "v1");
  const TimeZone zone = *TimeZone::find("Asia/Kolkata");
  const PageFacts facts{StoreId("S01"), TillId("T01"), catalogue, zone};
  PageStatus status;
  status.figures.camera_sales = 4;
  status.figures.no_touch_sales = 3;
  const std::string text = metrics_text(status, facts);
  EXPECT_THAT(text, ::testing::HasSubstr("\ntillsight_no_touch_sales 3\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("\ntillsight_camera_sales 4\n"));
}

}  // namespace
}  // namespace tillsight::app
