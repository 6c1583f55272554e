// Goal: a camera whose driver hangs is not called well.
// Method: one by one, by a clock that the test moves.
#include "app/camera_health.hpp"

#include <gtest/gtest.h>

namespace tillsight::app {
namespace {

using std::chrono::seconds;

constexpr MonotonicTime kStart{seconds(100)};

TEST(CameraHealth, TellsWhatCame) {
  CameraHealth camera;
  EXPECT_EQ(camera.get(kStart), "ok");
  camera.asked(kStart);
  camera.answered("camera: no picture");
  EXPECT_EQ(camera.get(kStart + seconds(60)), "camera: no picture");
}

TEST(CameraHealth, NoticesACallThatNeverReturns) {
  CameraHealth camera;
  camera.asked(kStart);
  EXPECT_EQ(camera.get(kStart + CameraHealth::kHangs - seconds(1)), "ok");
  const std::string hangs = camera.get(kStart + CameraHealth::kHangs);
  EXPECT_EQ(hangs.substr(0, 15), "does not answer");
  EXPECT_EQ(camera.get(kStart + seconds(3600)), hangs) << "the same words each time: no news";
  camera.answered("ok");
  EXPECT_EQ(camera.get(kStart + seconds(3600)), "ok");
}

TEST(CameraHealth, RestBetweenTwoFramesIsNoHanging) {
  CameraHealth camera;
  camera.asked(kStart);
  camera.answered("ok");
  EXPECT_EQ(camera.get(kStart + seconds(3600)), "ok");
}

}  // namespace
}  // namespace tillsight::app
