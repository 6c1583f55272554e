// Goal: videos end, cameras and streams fail with a remedy, and nothing else is printed.
// Method: an MJPEG file made on the spot; addresses where nothing answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/capture/pictures.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/capture/frame_source.hpp"
#include "tillsight/core/fake_clock.hpp"

namespace tillsight {
namespace {

using testing::HasSubstr;

class Videos : public testing::Test {
 protected:
  TempDir folder_;
  FakeClock clock_;
};

TEST_F(Videos, AVideoShowsEveryFrameAndThenEnds) {
  const std::string file = (folder_ / "counter.avi").string();
  test::write_video(file, 5);
  auto source = open_source(file, {}, clock_);
  ASSERT_TRUE(source.ok()) << source.error().message();
  EXPECT_FALSE((*source)->live());
  for (int i = 0; i < 5; ++i) {
    const auto frame = (*source)->next();
    ASSERT_TRUE(frame.ok() && frame->has_value()) << "frame " << i;
    EXPECT_EQ((*frame)->width_px, 64);
    EXPECT_EQ((*frame)->height_px, 48);
    EXPECT_NEAR((*frame)->bgr[0], 20 * i, 3);
    EXPECT_EQ((*frame)->sequence, static_cast<std::uint64_t>(i));
  }
  const auto end = (*source)->next();
  ASSERT_TRUE(end.ok());
  EXPECT_FALSE(end->has_value());
}

TEST_F(Videos, AFileThatIsNoVideoSaysSoAndNothingElse) {
  const std::string file = (folder_ / "notes.avi").string();
  test::write(file, std::string(10'000, 'x'));
  testing::internal::CaptureStderr();
  const auto source = open_source(file, {}, clock_);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  ASSERT_FALSE(source.ok());
  EXPECT_EQ(source.error().code(), Code::kInvalidArgument);
  EXPECT_THAT(source.error().message(), HasSubstr("notes.avi: it is no video"));
}

TEST_F(Videos, AMissingCameraSaysHowToFindOne) {
  const auto source = open_source("/dev/video97", {}, clock_);
  ASSERT_FALSE(source.ok());
  EXPECT_EQ(source.error().code(), Code::kNotFound);
  EXPECT_THAT(source.error().message(), HasSubstr("/dev/video97: there is no such camera"));
}

TEST_F(Videos, ADeviceThatIsNoCameraMayComeBack) {
  testing::internal::CaptureStderr();
  const auto source = open_source("/dev/null", {}, clock_);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  ASSERT_FALSE(source.ok());
  EXPECT_EQ(source.error().code(), Code::kUnavailable);
}

TEST_F(Videos, AStreamThatDoesNotAnswerKeepsItsPasswordToItself) {
  const auto source = open_source("http://clerk:secret@127.0.0.1:9/stream", {}, clock_);
  ASSERT_FALSE(source.ok());
  EXPECT_EQ(source.error().code(), Code::kUnavailable);
  EXPECT_THAT(source.error().message(), HasSubstr("http://127.0.0.1:9/stream"));
  EXPECT_THAT(source.error().message(), testing::Not(HasSubstr("secret")));
}

TEST_F(Videos, ABrokenPipelineSaysHowToTryIt) {
  const auto source = open_source("gst:nonsense ! appsink", {}, clock_);
  ASSERT_FALSE(source.ok());
  EXPECT_THAT(source.error().message(), HasSubstr("gst-launch-1.0"));
}

TEST(SourceSpec, CamerasAndStreamsAreLive) {
  EXPECT_TRUE(is_live("/dev/video0"));
  EXPECT_TRUE(is_live("rtsp://10.0.0.5/main"));
  EXPECT_TRUE(is_live("gst:videotestsrc ! appsink"));
  EXPECT_FALSE(is_live("photos/"));
  EXPECT_FALSE(is_live("counter.avi"));
}

}  // namespace
}  // namespace tillsight
