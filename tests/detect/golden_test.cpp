// Goal: the converted network, fed the way the manifest says, answers what the original network
// answers in TensorFlow.js, within 1e-4.
// Method: every detection must be one of the reference's readings, and every reference reading must
// be a detection or be overlapped by a better one of its class. Pictures are 300 x 300 already, so
// resizing plays no part. One small picture is carried along (tests/detect/golden); three whole
// tensors are used where TILLSIGHT_DATA, or ../shared/data beside the sources, has them.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/detect/frames.hpp"

namespace tillsight {
namespace {

constexpr float kTolerance = 1e-4f;
constexpr float kLeastScore = 0.05f;
// The network looks at its best 100 readings of a class; above this score there are always fewer.
constexpr float kSurelyKept = 0.1f;
constexpr float kSidePx = 300;

struct Reading {
  std::string label;
  float score = 0;
  Box box;
};

Box box_of(float ymin, float xmin, float ymax, float xmax) {
  const auto inside = [](float edge) { return std::clamp(edge, 0.0f, 1.0f) * kSidePx; };
  return {inside(xmin), inside(ymin), inside(xmax) - inside(xmin), inside(ymax) - inside(ymin)};
}

float distance(const Box& a, const Box& b) {
  return std::max({std::abs(a.x - b.x), std::abs(a.y - b.y),
                   std::abs(a.x + a.width - b.x - b.width),
                   std::abs(a.y + a.height - b.y - b.height)}) /
         kSidePx;
}

/// Our manifest with everything reported that the network's own suppression leaves.
ModelManifest permissive_manifest() {
  ModelManifest manifest = test::our_manifest();
  manifest.thresholds.min_score = kLeastScore;
  manifest.thresholds.duplicate_iou = 1;
  return manifest;
}

void expect_same(const std::vector<Detection>& seen, const std::vector<Reading>& reference) {
  ASSERT_FALSE(seen.empty());
  for (const Detection& detection : seen) {
    EXPECT_TRUE(std::ranges::any_of(reference,
                                    [&](const Reading& reading) {
                                      return reading.label == detection.best.label &&
                                             std::abs(reading.score - detection.best.score) <=
                                                 kTolerance &&
                                             distance(reading.box, detection.box) <= kTolerance;
                                    }))
        << "the reference does not see " << detection.best.label << " with "
        << detection.best.score;
  }
  for (const Reading& reading : reference) {
    if (reading.score < kSurelyKept) continue;
    EXPECT_TRUE(std::ranges::any_of(seen,
                                    [&](const Detection& detection) {
                                      return reading.label == detection.best.label &&
                                             detection.best.score >= reading.score - kTolerance &&
                                             iou(reading.box, detection.box) > 0.6f - kTolerance;
                                    }))
        << "only the reference sees " << reading.label << " with " << reading.score;
  }
}

TEST(Golden, OurSmallPictureReadsAsInTensorFlowJs) {
  const ModelManifest manifest = permissive_manifest();
  const auto detector = test::detector_for(manifest);
  ASSERT_NE(detector, nullptr);
  cv::Mat picture = cv::imread(test::source_file("tests/detect/golden/orange_50x50.png").string());
  cv::resize(picture, picture, {300, 300}, 0, 0, cv::INTER_LINEAR_EXACT);

  std::ifstream csv(test::source_file("tests/detect/golden/orange_50x50.csv"));
  std::string line;
  std::getline(csv, line);  // header
  std::vector<Reading> reference;
  while (std::getline(csv, line)) {
    int anchor = 0;
    int class_id = 0;
    float score = 0, ymin = 0, xmin = 0, ymax = 0, xmax = 0;
    ASSERT_EQ(std::sscanf(line.c_str(), "%d,%d,%f,%f,%f,%f,%f", &anchor, &class_id, &score, &ymin,
                          &xmin, &ymax, &xmax),
              7)
        << line;
    reference.push_back({manifest.labels.at(static_cast<std::size_t>(class_id)), score,
                         box_of(ymin, xmin, ymax, xmax)});
  }
  ASSERT_EQ(reference.size(), 47u);

  const auto seen = detector->detect(test::frame_of(picture));
  ASSERT_TRUE(seen.ok()) << seen.error().message();
  expect_same(*seen, reference);
}

// With the thresholds that a till uses, the same picture is one thing with a choice of labels.
TEST(Golden, OurSmallPictureIsOneOrangeThatMightBeAnApple) {
  const auto detector = test::detector_for(test::our_manifest());
  ASSERT_NE(detector, nullptr);
  cv::Mat picture = cv::imread(test::source_file("tests/detect/golden/orange_50x50.png").string());
  cv::resize(picture, picture, {300, 300}, 0, 0, cv::INTER_LINEAR_EXACT);
  const auto seen = detector->detect(test::frame_of(picture));
  ASSERT_TRUE(seen.ok());
  ASSERT_EQ(seen->size(), 1u);
  EXPECT_EQ(seen->front().best.label, "orange");
  EXPECT_NEAR(seen->front().best.score, 0.7593315f, kTolerance);
  ASSERT_FALSE(seen->front().alternatives.empty());
  EXPECT_EQ(seen->front().alternatives.front().label, "apple");
  EXPECT_NEAR(seen->front().alternatives.front().score, 0.6705222f, kTolerance);
}

std::filesystem::path shared_golden() {
  const char* data = std::getenv("TILLSIGHT_DATA");
  return (data != nullptr ? std::filesystem::path(data) : test::source_file("../shared/data")) /
         "golden";
}

std::string unzip(const std::filesystem::path& file) {
  std::string bytes;
  FILE* pipe = ::popen(("gzip -dc '" + file.string() + "'").c_str(), "r");
  if (pipe == nullptr) return bytes;
  char buffer[65536];
  for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    bytes.append(buffer, got);
  }
  ::pclose(pipe);
  return bytes;
}

std::vector<float> unzip_floats(const std::filesystem::path& file) {
  const std::string bytes = unzip(file);
  std::vector<float> numbers(bytes.size() / sizeof(float));
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(float));
  return numbers;
}

class SharedGolden : public testing::TestWithParam<std::string> {};

TEST_P(SharedGolden, ReadsAsInTensorFlowJs) {
  constexpr std::size_t kAnchors = 1917;
  constexpr std::size_t kClasses = 90;
  const std::filesystem::path base = shared_golden() / GetParam();
  if (!std::filesystem::exists(base.string() + ".rgb.gz")) {
    GTEST_SKIP() << "no " << base << ".rgb.gz; set TILLSIGHT_DATA to the folder that holds golden/";
  }
  std::string rgb = unzip(base.string() + ".rgb.gz");
  const std::vector<float> boxes = unzip_floats(base.string() + ".boxes.f32.gz");
  const std::vector<float> scores = unzip_floats(base.string() + ".scores.f32.gz");
  ASSERT_EQ(rgb.size(), 300u * 300u * 3u);
  ASSERT_EQ(boxes.size(), kAnchors * 4);
  ASSERT_EQ(scores.size(), kAnchors * kClasses);

  const ModelManifest manifest = permissive_manifest();
  std::vector<Reading> reference;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const std::string& label = manifest.labels.at(i % kClasses + 1);
    if (scores[i] < kLeastScore - kTolerance || label.empty()) continue;
    const float* edges = &boxes[i / kClasses * 4];
    reference.push_back({label, scores[i], box_of(edges[0], edges[1], edges[2], edges[3])});
  }
  cv::Mat picture;
  cv::cvtColor(cv::Mat(300, 300, CV_8UC3, rgb.data()), picture, cv::COLOR_RGB2BGR);
  const auto detector = test::detector_for(manifest);
  ASSERT_NE(detector, nullptr);
  const auto seen = detector->detect(test::frame_of(picture));
  ASSERT_TRUE(seen.ok()) << seen.error().message();
  expect_same(*seen, reference);
}

INSTANTIATE_TEST_SUITE_P(Photos, SharedGolden, testing::Values("apple", "orange", "fruits"),
                         [](const auto& photo) { return photo.param; });

}  // namespace
}  // namespace tillsight
