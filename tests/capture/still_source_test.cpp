// Goal: a file that is replaced looks like a counter on which things are put and taken away.
// Method: one file, changed between two frames; its first pixel tells which picture was seen.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/capture/pictures.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/capture/frame_source.hpp"
#include "tillsight/core/fake_clock.hpp"

namespace tillsight {
namespace {

class Still : public testing::Test {
 protected:
  Still() : source_(open_source("still:" + file_.string(), {}, clock_).value()) {}

  // Each photo is a second younger than the one before, however fast they are put there.
  void put_photo(int blue) {
    test::write(file_, test::encoded(test::plain(8, 8, {double(blue), 0, 0}), ".png"));
    std::filesystem::last_write_time(file_, written_ += std::chrono::seconds(1));
  }
  int seen_blue() {
    const auto frame = source_->next();
    return frame.ok() && frame->has_value() ? (*frame)->bgr[0] : -1;
  }

  TempDir folder_;
  std::filesystem::path file_ = folder_ / "view.png";
  std::filesystem::file_time_type written_ = std::filesystem::file_time_type::clock::now();
  FakeClock clock_;
  std::unique_ptr<FrameSource> source_;
};

TEST_F(Still, ShowsTheFileAsItIsNow) {
  put_photo(50);
  EXPECT_EQ(seen_blue(), 50);
  EXPECT_EQ(seen_blue(), 50);
  put_photo(90);
  EXPECT_EQ(seen_blue(), 90);
}

TEST_F(Still, MissingFileIsAnEmptyCounter) {
  EXPECT_EQ(seen_blue(), 0);
  put_photo(50);
  EXPECT_EQ(seen_blue(), 50);
  std::filesystem::remove(file_);
  EXPECT_EQ(seen_blue(), 0);
  put_photo(50);
  EXPECT_EQ(seen_blue(), 50);
}

TEST_F(Still, DamagedPhotoIsUnavailableUntilItIsReplaced) {
  test::write(file_, "no photo");
  const auto frame = source_->next();
  ASSERT_FALSE(frame.ok());
  EXPECT_EQ(frame.error().code(), Code::kUnavailable);
  put_photo(70);
  EXPECT_EQ(seen_blue(), 70);
}

TEST_F(Still, KeepsThePaceOfACamera) {
  EXPECT_TRUE(source_->live());
  EXPECT_GT(source_->pause(), std::chrono::milliseconds(0));
}

}  // namespace
}  // namespace tillsight
