// Goal: raw rows become detections by rules that hold for any rows a network may produce.
// Method: hand-made rows for each rule; random rows for the laws.
#include "src/detect/select.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tillsight/core/random.hpp"

namespace tillsight {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::IsEmpty;

const std::vector<std::string> kLabels = {"", "apple", "orange", "lemon", "", "bowl", "cup"};
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

const Thresholds kThresholds{.min_score = 0.3f,
                             .sure = 0.8f,
                             .sure_for = {{"apple", 0.9f}},
                             .duplicate_iou = 0.6f,
                             .alternative_iou = 0.6f,
                             .alternative_score = 0.05f};

struct Row {
  float class_id;
  float score;
  float left = 0.1f, top = 0.1f, right = 0.5f, bottom = 0.5f;
};

std::vector<float> raw(const std::vector<Row>& rows) {
  std::vector<float> numbers;
  for (const Row& row : rows) {
    numbers.insert(numbers.end(),
                   {0, row.class_id, row.score, row.left, row.top, row.right, row.bottom});
  }
  return numbers;
}

std::vector<Detection> select(const std::vector<Row>& rows, int width_px = 1000,
                              int height_px = 500) {
  const InputFormat stretch{.width_px = 300, .height_px = 300};
  return select_detections(raw(rows), place(stretch, width_px, height_px), kLabels, kThresholds);
}

std::vector<std::string> labels(const std::vector<Detection>& detections) {
  std::vector<std::string> names;
  for (const Detection& detection : detections) names.push_back(detection.best.label);
  return names;
}

TEST(Select, BoxesAreInPixelsOfTheFrame) {
  const auto seen = select({{1, 0.9f, 0.1f, 0.2f, 0.4f, 0.8f}});
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_NEAR(seen[0].box.x, 100, 0.01);
  EXPECT_NEAR(seen[0].box.y, 100, 0.01);
  EXPECT_NEAR(seen[0].box.width, 300, 0.01);
  EXPECT_NEAR(seen[0].box.height, 300, 0.01);
}

TEST(Select, BestComesFirstAndWhatIsBelowTheThresholdIsLeftOut) {
  EXPECT_THAT(
      labels(select(
          {{1, 0.5f}, {2, 0.29f, 0.6f, 0.6f, 0.7f, 0.7f}, {3, 0.7f, 0.8f, 0.8f, 0.9f, 0.9f}})),
      ElementsAre("lemon", "apple"));
}

TEST(Select, OneThingIsOneDetectionWhateverItsLabels) {
  EXPECT_THAT(labels(select({{1, 0.9f}, {2, 0.8f}, {1, 0.7f, 0.11f, 0.1f, 0.5f, 0.5f}})),
              ElementsAre("apple"));
}

TEST(Select, TwoThingsSideBySideAreTwoDetections) {
  EXPECT_THAT(
      labels(select({{1, 0.9f, 0.1f, 0.1f, 0.5f, 0.5f}, {1, 0.8f, 0.4f, 0.1f, 0.8f, 0.5f}})),
      ElementsAre("apple", "apple"));
}

TEST(Select, AlternativesAreTheBestThreeOtherLabelsOfTheSameThing) {
  const auto seen = select({{1, 0.9f},
                            {2, 0.04f},  // too weak
                            {3, 0.2f},
                            {3, 0.3f},                           // the same label, better
                            {5, 0.25f, 0.6f, 0.6f, 0.9f, 0.9f},  // elsewhere
                            {6, 0.06f}});
  ASSERT_EQ(seen.size(), 1u);
  ASSERT_EQ(seen[0].alternatives.size(), 2u);
  EXPECT_EQ(seen[0].alternatives[0].label, "lemon");
  EXPECT_THAT(seen[0].alternatives[0].score, FloatNear(0.3f, 1e-6f));
  EXPECT_EQ(seen[0].alternatives[1].label, "cup");

  const auto many = select({{1, 0.9f}, {2, 0.4f}, {3, 0.3f}, {5, 0.2f}, {6, 0.1f}});
  ASSERT_EQ(many.size(), 1u);
  EXPECT_EQ(many[0].alternatives.size(), 3u);
}

TEST(Select, BoxesAreClippedToTheFrameAndNothingOutsideIsKept) {
  const auto seen =
      select({{1, 0.9f, -0.5f, -0.5f, 0.5f, 1.5f}, {2, 0.8f, 1.1f, 0.1f, 1.4f, 0.4f}});
  ASSERT_THAT(labels(seen), ElementsAre("apple"));
  EXPECT_FLOAT_EQ(seen[0].box.x, 0);
  EXPECT_FLOAT_EQ(seen[0].box.y, 0);
  EXPECT_FLOAT_EQ(seen[0].box.width, 500);
  EXPECT_FLOAT_EQ(seen[0].box.height, 500);
}

TEST(Select, WhatIsNoNumberNoClassOrNoBoxIsDropped) {
  EXPECT_THAT(select({{1, kNan},
                      {1, kInfinity},
                      {kNan, 0.9f},
                      {1e30f, 0.9f},
                      {-1, 0.9f},
                      {0, 0.9f},  // has no label
                      {4, 0.9f},  // has no label
                      {7, 0.9f},  // past the last label
                      {1, 1.5f},
                      {1, -0.5f},
                      {1, 0.9f, kNan, 0.1f, 0.5f, 0.5f},
                      {1, 0.9f, 0.1f, 0.1f, kInfinity, 0.5f},
                      {1, 0.9f, 0.5f, 0.1f, 0.1f, 0.5f},    // right of its right edge
                      {1, 0.9f, 0.3f, 0.1f, 0.3f, 0.5f}}),  // no width
              IsEmpty());
  EXPECT_THAT(labels(select({{1, 0.9f, -1e30f, -1e30f, 1e30f, 1e30f}})), ElementsAre("apple"));
}

TEST(Select, NoRowsAreNoDetections) {
  EXPECT_THAT(select({}), IsEmpty());
  EXPECT_THAT(select({{0, 0, 0, 0, 0, 0}}), IsEmpty());
}

TEST(Select, LetterboxUndoesTheBordersAndTheScale) {
  const InputFormat input{
      .width_px = 300, .height_px = 300, .resize = InputFormat::Resize::kLetterbox};
  // 1200 x 600 becomes 300 x 150 with 75 rows of filling above and below.
  const Placement placement = place(input, 1200, 600);
  EXPECT_EQ(placement.resized_width_px, 300);
  EXPECT_EQ(placement.resized_height_px, 150);
  const auto seen =
      select_detections(raw({{1, 0.9f, 0, 0.25f, 0.5f, 0.75f}}), placement, kLabels, kThresholds);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_NEAR(seen[0].box.x, 0, 0.01);
  EXPECT_NEAR(seen[0].box.y, 0, 0.01);
  EXPECT_NEAR(seen[0].box.width, 600, 0.01);
  EXPECT_NEAR(seen[0].box.height, 600, 0.01);
}

// The laws: whatever the rows are, every detection is a known label with a score that counts, in
// the frame; no two overlap too much; alternatives are fewer than four, sorted, distinct, no better
// than the best; and the order of the rows does not matter.
TEST(Select, LawsHoldForRandomRows) {
  SeededRandom random(11);
  const auto unit = [&] { return static_cast<float>(random.next_unit()); };
  for (int round = 0; round < 500; ++round) {
    std::vector<Row> rows;
    for (int i = 0; i < 60; ++i) {
      const float left = unit() * 1.4f - 0.2f;
      const float top = unit() * 1.4f - 0.2f;
      rows.push_back(
          {std::floor(unit() * 8), unit(), left, top, left + unit() * 0.6f, top + unit() * 0.6f});
    }
    const auto seen = select(rows);
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const Detection& one = seen[i];
      EXPECT_THAT(kLabels, testing::Contains(one.best.label));
      EXPECT_NE(one.best.label, "");
      EXPECT_GE(one.best.score, kThresholds.min_score);
      EXPECT_GE(one.box.x, 0);
      EXPECT_GE(one.box.y, 0);
      EXPECT_LE(one.box.x + one.box.width, 1000.01f);
      EXPECT_LE(one.box.y + one.box.height, 500.01f);
      EXPECT_LE(one.alternatives.size(), 3u);
      float last = 1;
      for (const Candidate& other : one.alternatives) {
        EXPECT_NE(other.label, one.best.label);
        EXPECT_GE(other.score, kThresholds.alternative_score);
        EXPECT_LE(other.score, last);
        last = other.score;
      }
      for (std::size_t j = 0; j < i; ++j) {
        EXPECT_LE(iou(one.box, seen[j].box), kThresholds.duplicate_iou);
        EXPECT_GE(seen[j].best.score, one.best.score);
      }
    }
    std::ranges::reverse(rows);
    const auto reversed = select(rows);
    EXPECT_EQ(labels(reversed), labels(seen));
  }
}

TEST(Thresholds, ALabelMayNeedItsOwnScoreToBeSure) {
  const auto sees = [](const std::string& label, float score) {
    Detection detection;
    detection.best = {label, score};
    return kThresholds.is_sure(detection);
  };
  EXPECT_TRUE(sees("orange", 0.8f));
  EXPECT_FALSE(sees("orange", 0.79f));
  EXPECT_FALSE(sees("apple", 0.89f));
  EXPECT_TRUE(sees("apple", 0.9f));
}

}  // namespace
}  // namespace tillsight
