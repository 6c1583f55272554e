// Goal: drawings land where the box is, in a file that can be opened, and nothing crashes a pen.
// Method: a black frame; coloured pixels tell what was drawn.
#include "tillsight/detect/annotate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "tests/capture/pictures.hpp"
#include "tests/detect/frames.hpp"
#include "tests/support/temp_dir.hpp"

namespace tillsight {
namespace {

using testing::HasSubstr;

class Annotate : public testing::Test {
 protected:
  cv::Mat draw(const std::vector<Caption>& captions) {
    const Status written = write_annotated(frame_, captions, folder_ / "out.png");
    EXPECT_TRUE(written.ok()) << written.error().message();
    return cv::imread((folder_ / "out.png").string());
  }

  static bool coloured(const cv::Mat& picture, int x, int y) {
    return picture.at<cv::Vec3b>(y, x) != cv::Vec3b(0, 0, 0);
  }

  TempDir folder_;
  Frame frame_ = test::frame_of(cv::Mat(400, 600, CV_8UC3, cv::Scalar::all(0)));
};

TEST_F(Annotate, TheBoxIsDrawnAndItsInsideIsLeft) {
  const cv::Mat drawn = draw({{.box = {100, 100, 200, 150}, .text = "apple 2.00", .sure = true}});
  ASSERT_EQ(drawn.size(), cv::Size(600, 400));
  EXPECT_TRUE(coloured(drawn, 100, 175));
  EXPECT_TRUE(coloured(drawn, 299, 175));
  EXPECT_FALSE(coloured(drawn, 200, 175));
  EXPECT_TRUE(coloured(drawn, 105, 92));  // the caption's strip
}

TEST_F(Annotate, SureAndUnsureDiffer) {
  const Caption sure{.box = {100, 100, 200, 150}, .text = "apple", .sure = true};
  Caption unsure = sure;
  unsure.sure = false;
  const cv::Vec3b green = draw({sure}).at<cv::Vec3b>(175, 100);
  EXPECT_NE(draw({unsure}).at<cv::Vec3b>(175, 100), green);
}

TEST_F(Annotate, BoxesAtTheEdgeAndLettersOfAnyScriptAreDrawn) {
  const cv::Mat drawn =
      draw({{.box = {0, 0, 600, 400}, .text = "\u0938\u0947\u092c \xff", .sure = true},
            {.box = {590, 390, 10, 10}, .text = std::string(300, 'x')}});
  EXPECT_TRUE(coloured(drawn, 0, 200));
}

TEST_F(Annotate, AnUnknownExtensionAndAMissingFolderAreRefused) {
  const Status wrong = write_annotated(frame_, {}, folder_ / "out.txt");
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code(), Code::kInvalidArgument);
  EXPECT_THAT(wrong.error().message(), HasSubstr("out.txt: drawings end in .jpg or .png"));
  EXPECT_FALSE(write_annotated(frame_, {}, folder_ / "no/such/folder/out.jpg").ok());
}

}  // namespace
}  // namespace tillsight
