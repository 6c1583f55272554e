// Goal: a photo's size and wholeness are known before a decoder sees it, whatever the bytes are.
// Method: real encodings from OpenCV, cut, lied about and randomly damaged.
#include "src/capture/picture_header.hpp"

#include <gtest/gtest.h>

#include "tests/capture/pictures.hpp"
#include "tillsight/core/random.hpp"

namespace tillsight {
namespace {

using test::encoded;
using test::jpeg_with_orientation;
using test::plain;

const cv::Mat kPicture = plain(70, 30, {10, 20, 30});

class PictureFormat : public testing::TestWithParam<std::string> {};

TEST_P(PictureFormat, TellsItsSize) {
  const auto size = inspect_picture(encoded(kPicture, GetParam()));
  ASSERT_TRUE(size.ok()) << size.error().message();
  EXPECT_EQ(size->width_px, 70);
  EXPECT_EQ(size->height_px, 30);
}

TEST_P(PictureFormat, IsRefusedWhenAnyPartOfItsEndIsMissing) {
  const std::string whole = encoded(kPicture, GetParam());
  for (const std::size_t missing : {whole.size() / 2, whole.size() / 8, std::size_t{12}}) {
    const auto size = inspect_picture(whole.substr(0, whole.size() - missing));
    ASSERT_FALSE(size.ok()) << missing << " bytes missing";
    EXPECT_EQ(size.error().code(), Code::kInvalidArgument);
  }
}

// The law: no bytes make the inspection fail other than by an error (asan watches the reads).
TEST_P(PictureFormat, SurvivesRandomDamage) {
  const std::string whole = encoded(kPicture, GetParam());
  SeededRandom random(7);
  int refused = 0;
  for (int round = 0; round < 5'000; ++round) {
    std::string damaged = whole.substr(0, random.next_u64() % (whole.size() + 1));
    for (int i = 0; i < 4 && !damaged.empty(); ++i) {
      damaged[random.next_u64() % std::min<std::size_t>(damaged.size(), 64)] =
          static_cast<char>(random.next_u64());
    }
    const auto size = inspect_picture(damaged);
    if (!size.ok()) {
      ++refused;
      continue;
    }
    EXPECT_GT(size->width_px, 0);
    EXPECT_GT(size->height_px, 0);
  }
  EXPECT_GT(refused, 2'500);
}

INSTANTIATE_TEST_SUITE_P(Formats, PictureFormat, testing::Values(".jpg", ".png", ".bmp"),
                         [](const auto& format) { return format.param.substr(1); });

TEST(PictureHeader, TheEndOfAThumbnailIsNotTheEndOfThePhoto) {
  std::string photo = jpeg_with_orientation(kPicture, 1);
  photo.replace(photo.find("II*") + 18, 2, "\xff\xd9");  // as if the EXIF block held a JPEG
  EXPECT_TRUE(inspect_picture(photo).ok());
  EXPECT_FALSE(inspect_picture(photo.substr(0, photo.size() - 2)).ok());
}

TEST(PictureHeader, AnythingElseIsNoPhoto) {
  for (const std::string bytes : {"", "BM", "hello", "GIF89a", "<html>"}) {
    EXPECT_FALSE(inspect_picture(bytes).ok()) << bytes;
  }
}

}  // namespace
}  // namespace tillsight
