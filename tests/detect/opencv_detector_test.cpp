// Goal: what is not the expected network is refused with file and remedy before it can do harm; a
// network in two files works like one in one; frames of any shape are answered.
// Method: the project's own network, cut, exchanged, split into a .pb and a .pbtxt.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <opencv2/dnn.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/capture/pictures.hpp"
#include "tests/detect/frames.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight {
namespace {

using test::frame_of;
using testing::AllOf;
using testing::HasSubstr;

class OpenCvDetector : public testing::Test {
 protected:
  // A file of its own for the manifest, with the right hash: only its content is wrong.
  void given_network(const std::string& name, const std::string& bytes) {
    test::write(folder_.path() / name, bytes);
    manifest_.graph = {folder_.path() / name, sha256(bytes)};
  }

  Error refusal() {
    const auto detector = make_opencv_detector(manifest_, 1);
    EXPECT_FALSE(detector.ok());
    return detector.ok() ? Error(Code::kAborted, "loaded") : detector.error();
  }

  static cv::Mat orange() {
    return cv::imread(test::source_file("tests/detect/golden/orange_50x50.png").string());
  }

  TempDir folder_;
  ModelManifest manifest_ = test::our_manifest();
};

TEST_F(OpenCvDetector, AMissingNetworkSaysHowToGetIt) {
  manifest_.graph.file = folder_ / "none.pb";
  const Error why = refusal();
  EXPECT_EQ(why.code(), Code::kNotFound);
  EXPECT_THAT(why.message(), AllOf(HasSubstr("none.pb"), HasSubstr("models/fetch.sh")));
}

TEST_F(OpenCvDetector, AnotherHashIsRefusedBeforeOpenCvSeesTheFile) {
  test::write(folder_ / "changed.pb", "anything");
  manifest_.graph.file = folder_ / "changed.pb";
  const Error why = refusal();
  EXPECT_EQ(why.code(), Code::kFailedPrecondition);
  EXPECT_THAT(why.message(), AllOf(HasSubstr("changed.pb"), HasSubstr("SHA-256"),
                                   HasSubstr("models/fetch.sh"), HasSubstr("manifest.toml")));
}

TEST_F(OpenCvDetector, AFileThatIsNoGraphIsRefused) {
  for (const std::string& bytes : {std::string("hello, I am no network"), std::string(),
                                   std::string(4096, '\0'), std::string("\x0a\xff\xff\xff\x7f")}) {
    given_network("odd.pb", bytes);
    const Error why = refusal();
    EXPECT_EQ(why.code(), Code::kFailedPrecondition);
    EXPECT_THAT(why.message(), HasSubstr("odd.pb"));
  }
}

TEST_F(OpenCvDetector, ATruncatedGraphIsRefused) {
  const std::string whole = *read_file(manifest_.graph.file, 64 * 1024 * 1024);
  for (const std::size_t bytes : {whole.size() / 2, whole.size() - 100}) {
    given_network("half.pb", whole.substr(0, bytes));
    EXPECT_THAT(refusal().message(), HasSubstr("half.pb"));
  }
}

/// The structure of a frozen graph as text, without the weights: as a .pbtxt comes.
std::string text_of(const std::filesystem::path& graph, const std::filesystem::path& scratch) {
  cv::dnn::writeTextGraph(graph.string(), scratch.string());
  std::istringstream lines(*read_file(scratch, 64 * 1024 * 1024));
  std::string text;
  std::string block;
  for (std::string line; std::getline(lines, line);) {
    block += line + "\n";
    if (line != "}") continue;
    if (block.find("op: \"Const\"") == std::string::npos) text += block;
    block.clear();
  }
  return text + block;
}

TEST_F(OpenCvDetector, ANetworkInTwoFilesAnswersLikeOneInOne) {
  const auto whole = test::detector_for(manifest_);
  const std::string text = text_of(manifest_.graph.file, folder_ / "all.pbtxt");
  test::write(folder_ / "graph.pbtxt", text);
  manifest_.config = PinnedFile{folder_ / "graph.pbtxt", sha256(text)};
  const auto pair = test::detector_for(manifest_);
  ASSERT_TRUE(whole != nullptr && pair != nullptr);

  const Frame frame = frame_of(orange());
  const auto expected = whole->detect(frame);
  const auto seen = pair->detect(frame);
  ASSERT_TRUE(expected.ok() && seen.ok());
  ASSERT_FALSE(expected->empty());
  ASSERT_EQ(seen->size(), expected->size());
  for (std::size_t i = 0; i < seen->size(); ++i) {
    EXPECT_EQ((*seen)[i].best.label, (*expected)[i].best.label);
    EXPECT_EQ((*seen)[i].best.score, (*expected)[i].best.score);
    EXPECT_EQ(iou((*seen)[i].box, (*expected)[i].box), 1.0f);
  }
}

TEST_F(OpenCvDetector, TheTextHalfIsCheckedToo) {
  test::write(folder_ / "graph.pbtxt", "node {");
  manifest_.config = PinnedFile{folder_ / "graph.pbtxt", sha256("something else")};
  EXPECT_THAT(refusal().message(), AllOf(HasSubstr("graph.pbtxt"), HasSubstr("SHA-256")));
  manifest_.config->sha256 = sha256("node {");
  EXPECT_EQ(refusal().code(), Code::kFailedPrecondition);
}

TEST_F(OpenCvDetector, AFrameOfAnyShapeIsAnsweredWithBoxesInside) {
  const auto detector = test::detector_for(manifest_);
  ASSERT_NE(detector, nullptr);
  for (const cv::Size size : {cv::Size(1, 1), cv::Size(3, 2000), cv::Size(1280, 720)}) {
    cv::Mat picture;
    cv::resize(orange(), picture, size);
    const auto seen = detector->detect(frame_of(picture));
    ASSERT_TRUE(seen.ok()) << seen.error().message();
    for (const Detection& detection : *seen) {
      EXPECT_LE(detection.box.x + detection.box.width, static_cast<float>(size.width) + 0.01f);
      EXPECT_LE(detection.box.y + detection.box.height, static_cast<float>(size.height) + 0.01f);
    }
  }
}

// A wide frame with the orange on the left: stretched it becomes a strip, letterboxed it stays
// round.
TEST_F(OpenCvDetector, LetterboxFindsTheThingWhereItIs) {
  cv::Mat wide(300, 600, CV_8UC3, cv::Scalar(127, 127, 127));
  cv::Mat big;
  cv::resize(orange(), big, {300, 300}, 0, 0, cv::INTER_LINEAR_EXACT);
  big.copyTo(wide(cv::Rect(0, 0, 300, 300)));
  manifest_.input.resize = InputFormat::Resize::kLetterbox;
  const auto detector = test::detector_for(manifest_);
  ASSERT_NE(detector, nullptr);
  const auto seen = detector->detect(frame_of(wide));
  ASSERT_TRUE(seen.ok() && !seen->empty());
  const Box orange_box{17, 32, 261, 264};  // where the reference sees it in the square picture
  EXPECT_GT(iou(seen->front().box, orange_box), 0.8f);
}

TEST_F(OpenCvDetector, AMalformedFrameIsRefused) {
  const auto detector = test::detector_for(manifest_);
  ASSERT_NE(detector, nullptr);
  Frame frame = frame_of(orange());
  frame.bgr.pop_back();
  const auto seen = detector->detect(frame);
  ASSERT_FALSE(seen.ok());
  EXPECT_EQ(seen.error().code(), Code::kInvalidArgument);
  EXPECT_FALSE(detector->detect(Frame{}).ok());
}

TEST_F(OpenCvDetector, TheSameFrameGivesTheSameAnswerOnOneAndTwoThreads) {
  const auto first = test::detector_for(manifest_);
  ASSERT_NE(first, nullptr);
  const auto one = first->detect(frame_of(orange()));
  const auto second = make_opencv_detector(manifest_, 2);
  ASSERT_TRUE(second.ok());
  const auto two = (*second)->detect(frame_of(orange()));
  ASSERT_TRUE(one.ok() && two.ok());
  ASSERT_EQ(one->size(), two->size());
  for (std::size_t i = 0; i < one->size(); ++i) {
    EXPECT_NEAR((*one)[i].best.score, (*two)[i].best.score, 1e-5f);
  }
}

}  // namespace
}  // namespace tillsight
