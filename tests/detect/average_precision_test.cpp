// Goal: the evaluator that judges the detector is itself right.
// Method: cases whose average precision can be worked out on paper.
#include "bench/average_precision.hpp"

#include <gtest/gtest.h>

namespace tillsight::bench {
namespace {

const Box kLeft{0, 0, 10, 10};
const Box kRight{100, 0, 10, 10};

Detection seen(const std::string& label, float score, const Box& box) {
  return {.best = {label, score}, .box = box, .alternatives = {}};
}

Picture picture(std::vector<Truth> truths, std::vector<Detection> detections) {
  return {.truths = std::move(truths), .detections = std::move(detections)};
}

TEST(AveragePrecision, IsOneWhenEverythingIsFoundAndNothingElse) {
  const std::vector<Picture> pictures = {
      picture({{"apple", kLeft}, {"bowl", kRight}},
              {seen("apple", 0.9f, kLeft), seen("bowl", 0.8f, kRight)})};
  EXPECT_DOUBLE_EQ(mean_average_precision(pictures, 0.5f), 1);
  EXPECT_DOUBLE_EQ(coco_average_precision(pictures), 1);
}

TEST(AveragePrecision, IsZeroForTheWrongLabelThePlaceOrNothing) {
  for (const Detection& wrong : {seen("bowl", 0.9f, kLeft), seen("apple", 0.9f, kRight)}) {
    EXPECT_DOUBLE_EQ(mean_average_precision({picture({{"apple", kLeft}}, {wrong})}, 0.5f), 0);
  }
  EXPECT_DOUBLE_EQ(mean_average_precision({picture({{"apple", kLeft}}, {})}, 0.5f), 0);
}

// Precision is 1 up to recall 1/2 (51 of the 101 points), then 0.
TEST(AveragePrecision, HalfTheThingsFoundIsFiftyOneOfTheHundredAndOnePoints) {
  const std::vector<Picture> pictures = {
      picture({{"apple", kLeft}, {"apple", kRight}}, {seen("apple", 0.9f, kLeft)})};
  EXPECT_NEAR(mean_average_precision(pictures, 0.5f), 51.0 / 101, 1e-12);
}

// The false one comes first: precision never exceeds 1/2.
TEST(AveragePrecision, AFalseDetectionThatIsSurerHalvesIt) {
  const std::vector<Picture> pictures = {picture({{"apple", kLeft}}, {seen("apple", 0.9f, kRight)}),
                                         picture({{"apple", kLeft}}, {seen("apple", 0.8f, kLeft)})};
  EXPECT_NEAR(mean_average_precision(pictures, 0.5f), 51.0 / 101 / 2, 1e-12);
}

TEST(AveragePrecision, OneThingFoundTwiceIsOneRightAndOneWrong) {
  const std::vector<Picture> pictures = {
      picture({{"apple", kLeft}}, {seen("apple", 0.9f, kLeft), seen("apple", 0.8f, kLeft)}),
      picture({{"apple", kRight}}, {seen("apple", 0.7f, kRight)})};
  // Right, wrong, right: precision 1 up to recall 1/2, 2/3 from there.
  EXPECT_NEAR(mean_average_precision(pictures, 0.5f), (51 + 50 * 2.0 / 3) / 101, 1e-12);
}

TEST(AveragePrecision, ALooseBoxCountsOnlyAtLooseOverlaps) {
  const Box loose{0, 0, 10, 14};  // overlap 100/140 = .714 with kLeft
  const std::vector<Picture> pictures = {picture({{"apple", kLeft}}, {seen("apple", 0.9f, loose)})};
  EXPECT_DOUBLE_EQ(mean_average_precision(pictures, 0.7f), 1);
  EXPECT_DOUBLE_EQ(mean_average_precision(pictures, 0.75f), 0);
  EXPECT_DOUBLE_EQ(coco_average_precision(pictures), 0.5);  // .5 to .7 of ten
}

TEST(AveragePrecision, ACrowdIsNeitherFoundNorMissed) {
  const Truth crowd{"apple", {90, 0, 60, 60}, true};
  const std::vector<Picture> pictures = {picture(
      {{"apple", kLeft}, crowd}, {seen("apple", 0.9f, kRight), seen("apple", 0.8f, kLeft)})};
  EXPECT_DOUBLE_EQ(mean_average_precision(pictures, 0.5f), 1);
}

}  // namespace
}  // namespace tillsight::bench
