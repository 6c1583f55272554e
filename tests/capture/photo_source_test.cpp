// Goal: photos and folders come out as frames, in order, upright, as often as asked; what cannot be
// read is one clear error and costs nothing else.
// Method: files made on the spot; the first pixel tells which picture a frame is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/capture/pictures.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/capture/frame_source.hpp"
#include "tillsight/core/fake_clock.hpp"

namespace tillsight {
namespace {

using test::encoded;
using test::plain;
using test::write;
using testing::ElementsAre;
using testing::HasSubstr;

class Photos : public testing::Test {
 protected:
  std::unique_ptr<FrameSource> open(const std::string& spec, int frames_per_photo = 1) {
    SourceOptions options;
    options.frames_per_photo = frames_per_photo;
    auto source = open_source(spec, options, clock_);
    EXPECT_TRUE(source.ok()) << source.error().message();
    return std::move(source).value();
  }

  Error open_error(const std::string& spec) {
    const auto source = open_source(spec, {}, clock_);
    EXPECT_FALSE(source.ok());
    return source.ok() ? Error(Code::kAborted, "opened") : source.error();
  }

  // The blue of each frame's first pixel until the end; -1 for a photo that cannot be read.
  static std::vector<int> blues(FrameSource& source) {
    std::vector<int> blues;
    for (;;) {
      const auto frame = source.next();
      if (!frame.ok()) {
        EXPECT_EQ(frame.error().code(), Code::kInvalidArgument);
        blues.push_back(-1);
      } else if (frame->has_value()) {
        EXPECT_TRUE(well_formed(**frame));
        blues.push_back((*frame)->bgr[0]);
      } else {
        return blues;
      }
    }
  }

  void given_photo(const std::string& name, int blue) {
    write(folder_.path() / name, encoded(plain(8, 8, {double(blue), 0, 0}), ".png"));
  }

  TempDir folder_;
  FakeClock clock_;
};

TEST_F(Photos, AFolderShowsItsPhotosInOrderOfTheirNames) {
  given_photo("b.png", 2);
  given_photo("c.PNG", 3);
  given_photo("a.png", 1);
  write(folder_ / "notes.txt", "no photo");
  EXPECT_THAT(blues(*open(folder_.path().string())), ElementsAre(1, 2, 3));
}

TEST_F(Photos, EachPhotoIsShownForAsManyFramesAsAsked) {
  given_photo("a.png", 1);
  given_photo("b.png", 2);
  EXPECT_THAT(blues(*open(folder_.path().string(), 3)), ElementsAre(1, 1, 1, 2, 2, 2));
}

TEST_F(Photos, ADamagedPhotoIsOneErrorThatNamesItAndTheRestIsShown) {
  given_photo("a.png", 1);
  write(folder_ / "b.png", "not a picture");
  given_photo("c.png", 3);
  EXPECT_THAT(blues(*open(folder_.path().string(), 2)), ElementsAre(1, 1, -1, 3, 3));

  const auto frame = open((folder_ / "b.png").string())->next();
  ASSERT_FALSE(frame.ok());
  EXPECT_THAT(frame.error().message(), HasSubstr((folder_ / "b.png").string()));
  EXPECT_THAT(frame.error().message(), HasSubstr("JPEG, PNG or BMP"));
}

TEST_F(Photos, AHalfCopiedPhotoIsRefusedAndNotShownGreyBelow) {
  const std::string whole = encoded(plain(400, 400, {1, 2, 3}), ".jpg");
  write(folder_ / "half.jpg", whole.substr(0, whole.size() / 2));
  const auto frame = open((folder_ / "half.jpg").string())->next();
  ASSERT_FALSE(frame.ok());
  EXPECT_THAT(frame.error().message(), HasSubstr("incomplete"));
}

TEST_F(Photos, APhotoThatWouldFillTheMemoryIsRefusedBeforeItIsDecoded) {
  std::string huge = encoded(plain(8, 8, {0, 0, 0}), ".png");
  huge.replace(16, 8, std::string("\0\0\x75\x30\0\0\x75\x30", 8));  // 30,000 x 30,000
  write(folder_ / "huge.png", huge);
  const auto frame = open((folder_ / "huge.png").string())->next();
  ASSERT_FALSE(frame.ok());
  EXPECT_THAT(frame.error().message(), HasSubstr("30000 x 30000"));
}

TEST_F(Photos, APhoneHeldUprightGivesAnUprightFrame) {
  cv::Mat lying = plain(40, 20, {0, 0, 0});
  lying(cv::Rect(0, 10, 10, 10)) = cv::Scalar(255, 255, 255);  // lower left
  write(folder_ / "turned.jpg", test::jpeg_with_orientation(lying, 6));
  const auto frame = open((folder_ / "turned.jpg").string())->next();
  ASSERT_TRUE(frame.ok() && frame->has_value());
  EXPECT_EQ((*frame)->width_px, 20);
  EXPECT_EQ((*frame)->height_px, 40);
  EXPECT_GT((*frame)->bgr[0], 200);  // a quarter clockwise brings the lower left to the upper left
}

TEST_F(Photos, FramesAreNumberedAndCarryTimeAndOrigin) {
  given_photo("a.png", 1);
  const auto source = open((folder_ / "a.png").string(), 2);
  const auto first = source->next();
  clock_.advance(std::chrono::seconds{1});
  const auto second = source->next();
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ((*first)->sequence, 0u);
  EXPECT_EQ((*second)->sequence, 1u);
  EXPECT_EQ((*second)->captured_at - (*first)->captured_at, std::chrono::seconds{1});
  EXPECT_EQ((*second)->origin, (folder_ / "a.png").string());
}

TEST_F(Photos, AnEmptyFolderSaysWhatItLacks) {
  const Error wrong = open_error(folder_.path().string());
  EXPECT_EQ(wrong.code(), Code::kNotFound);
  EXPECT_THAT(wrong.message(), HasSubstr("holds no photos"));
}

TEST_F(Photos, AMissingFileSaysWhatASourceMayBe) {
  const Error wrong = open_error((folder_ / "none.jpg").string());
  EXPECT_EQ(wrong.code(), Code::kNotFound);
  EXPECT_THAT(wrong.message(), HasSubstr("/dev/video0"));
}

TEST_F(Photos, NoFramesPerPhotoIsAWrongCall) {
  SourceOptions options;
  options.frames_per_photo = 0;
  const auto source = open_source(folder_.path().string(), options, clock_);
  ASSERT_FALSE(source.ok());
  EXPECT_EQ(source.error().code(), Code::kInvalidArgument);
}

}  // namespace
}  // namespace tillsight
