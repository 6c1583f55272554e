// Goal: a manifest says everything about a network, and every mistake in it names file and key.
// Method: the project's own manifest, and copies of it with one thing changed.
#include "tillsight/detect/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/capture/pictures.hpp"
#include "tests/detect/frames.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight {
namespace {

using testing::HasSubstr;

class Manifest : public testing::Test {
 protected:
  Manifest() : text_(*read_file(test::source_file("models/manifest.toml"))) {
    test::write(folder_ / "coco.labels", *read_file(test::source_file("models/coco.labels")));
  }

  void replace(const std::string& old, const std::string& by) {
    const std::size_t at = text_.find(old);
    ASSERT_NE(at, std::string::npos) << old;
    text_.replace(at, old.size(), by);
  }

  Result<ModelManifest> load() {
    test::write(folder_ / "manifest.toml", text_);
    return ModelManifest::load(folder_ / "manifest.toml");
  }

  std::string mistake() {
    const auto manifest = load();
    EXPECT_FALSE(manifest.ok());
    if (manifest.ok()) return "";
    EXPECT_EQ(manifest.error().code(), Code::kInvalidArgument);
    return manifest.error().message();
  }

  TempDir folder_;
  std::string text_;
};

TEST_F(Manifest, OursDescribesOurNetwork) {
  const auto manifest = load();
  ASSERT_TRUE(manifest.ok()) << manifest.error().message();
  EXPECT_EQ(manifest->name, "ssdlite_mobilenet_v2_coco");
  EXPECT_EQ(manifest->licence, "Apache-2.0");
  EXPECT_EQ(manifest->graph.file, folder_ / "ssdlite_mobilenet_v2_coco.pb");
  EXPECT_FALSE(manifest->config.has_value());
  EXPECT_EQ(manifest->input.width_px, 300);
  EXPECT_DOUBLE_EQ(manifest->input.mean_rgb[1], 127.5);
  EXPECT_EQ(manifest->labels.at(1), "person");
  EXPECT_EQ(manifest->labels.at(53), "apple");
  EXPECT_EQ(manifest->labels.at(12), "");
  EXPECT_EQ(manifest->labels.at(90), "toothbrush");
  EXPECT_LT(manifest->thresholds.min_score, manifest->thresholds.sure);
}

TEST_F(Manifest, APairNamesBothFiles) {
  replace("licence",
          "config = \"g.pbtxt\"\nconfig_sha256 = \"" + std::string(64, 'a') + "\"\nlicence");
  const auto manifest = load();
  ASSERT_TRUE(manifest.ok()) << manifest.error().message();
  ASSERT_TRUE(manifest->config.has_value());
  EXPECT_EQ(manifest->config->file, folder_ / "g.pbtxt");
}

TEST_F(Manifest, APairWithoutTheSecondHashIsRefused) {
  replace("licence", "config = \"g.pbtxt\"\nlicence");
  EXPECT_THAT(mistake(), HasSubstr("model.config_sha256"));
}

TEST_F(Manifest, AMissingOneSaysSo) {
  const auto manifest = ModelManifest::load(folder_ / "none.toml");
  ASSERT_FALSE(manifest.ok());
  EXPECT_EQ(manifest.error().code(), Code::kNotFound);
}

TEST_F(Manifest, ATypoNamesTheKeyMeant) {
  replace("min_score", "min_scor");
  EXPECT_THAT(mistake(), HasSubstr("min_score"));
}

TEST_F(Manifest, AHashThatIsNoneIsRefused) {
  replace("sha256 = \"", "sha256 = \"xyz");
  EXPECT_THAT(mistake(), HasSubstr("model.sha256"));
}

TEST_F(Manifest, AnUnknownWayOfResizingNamesTheKnownOnes) {
  replace("\"stretch\"", "\"squeeze\"");
  EXPECT_THAT(mistake(), HasSubstr("'squeeze' is not one of letterbox, stretch"));
}

TEST_F(Manifest, ASizeOrThresholdOutOfRangeIsRefused) {
  replace("width = 300", "width = 0");
  EXPECT_THAT(mistake(), HasSubstr("input.width"));
  replace("width = 0", "width = 300");
  replace("duplicate_iou = 0.6", "duplicate_iou = 1.6");
  EXPECT_THAT(mistake(), HasSubstr("thresholds.duplicate_iou"));
}

TEST_F(Manifest, AThresholdForALabelMayHaveABlankButMustBeALabel) {
  text_ += "\"hot dog\" = 0.75\n";
  const auto manifest = load();
  ASSERT_TRUE(manifest.ok()) << manifest.error().message();
  EXPECT_FLOAT_EQ(manifest->thresholds.sure_score("hot dog"), 0.75f);
  text_ += "\"hot dgo\" = 0.75\n";
  EXPECT_THAT(mistake(), HasSubstr("hot dgo"));
}

TEST_F(Manifest, LabelsOfAnotherNetworkAreNoticedByTheirNumber) {
  test::write(folder_ / "coco.labels", "1 apple\n2 orange\n");
  EXPECT_THAT(mistake(), HasSubstr("coco.labels: it holds 2 labels, the manifest says 80"));
}

TEST_F(Manifest, ABrokenLabelLineIsNamed) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"1 apple\napple\n", "coco.labels:2: 'apple' does not begin with a class id"},
      {"# two\n1 apple\n1 orange\n", "coco.labels:3: class 1 has a label already"},
      {"1 apple\n2 apple\n", "coco.labels:2: label 'apple' is empty or used before"},
      {"1 \n", "coco.labels:1: label '' is empty"},
      {"99999 apple\n", "coco.labels:1: '99999 apple' does not begin"},
      {"-1 apple\n", "coco.labels:1: '-1 apple' does not begin"}};
  for (const auto& [labels, expected] : cases) {
    test::write(folder_ / "coco.labels", labels);
    EXPECT_THAT(mistake(), HasSubstr(expected));
  }
}

TEST_F(Manifest, MissingLabelsAreNamed) {
  std::filesystem::remove(folder_ / "coco.labels");
  const auto manifest = load();
  ASSERT_FALSE(manifest.ok());
  EXPECT_THAT(manifest.error().message(), HasSubstr("coco.labels"));
}

}  // namespace
}  // namespace tillsight
