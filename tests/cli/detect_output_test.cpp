// Goal: `tillsight detect` says what was seen and what it costs, to people and to programs, and
// never draws over the photos it was given.
// Method: hand-made detections and a price list of three products.
#include "cli/detect_output.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/temp_dir.hpp"

namespace tillsight::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

Product product(const std::string& label, const std::string& sku, const std::string& name,
                std::int64_t minor) {
  return {.sku = Sku(sku),
          .name = name,
          .label = label,
          .aisle = "Grocery",
          .unit_price = Money::minor(minor),
          .tax = TaxRate(500),
          .barcode = ""};
}

PriceList prices() {
  return {Catalogue({product("apple", "A1", "Apple", 200), product("bottle", "B1", "Water", 1999),
                     product("bottle", "B2", "Juice", 4999)},
                    "test"),
          *Currency::parse("INR")};
}

class Output : public testing::Test {
 protected:
  std::string written(DetectOutput::Form form, std::optional<PriceList> price_list = prices()) {
    std::ostringstream text;
    DetectOutput output(thresholds_, std::move(price_list), std::nullopt, form, text);
    const Status status = output.write(frame_, detections_);
    EXPECT_TRUE(status.ok());
    return text.str();
  }

  Thresholds thresholds_{.min_score = 0.2f,
                         .sure = 0.9f,
                         .sure_for = {},
                         .duplicate_iou = 0.6f,
                         .alternative_iou = 0.6f,
                         .alternative_score = 0.05f};
  Frame frame_{.width_px = 4,
               .height_px = 2,
               .bgr = std::vector<std::uint8_t>(24),
               .sequence = 7,
               .captured_at = {},
               .origin = "shelf.jpg"};
  std::vector<Detection> detections_ = {
      {.best = {"apple", 0.95f}, .box = {1, 2, 30, 40}, .alternatives = {{"orange", 0.125f}}},
      {.best = {"bottle", 0.5f}, .box = {5, 6, 7, 8}, .alternatives = {}},
      {.best = {"cat", 0.92f}, .box = {0, 0, 1, 1}, .alternatives = {}}};
};

TEST_F(Output, TheTableTellsSureFromAskAndThePrice) {
  std::istringstream lines(written(DetectOutput::Form::kTable));
  std::string title, apple, bottle, cat;
  std::getline(lines, title);
  std::getline(lines, apple);
  std::getline(lines, bottle);
  std::getline(lines, cat);
  EXPECT_EQ(title, "shelf.jpg: 4 x 2");
  EXPECT_THAT(apple, testing::AllOf(HasSubstr("apple"), HasSubstr("0.95 sure"), HasSubstr(" 2.00"),
                                    HasSubstr("30 x 40 at 1,2"), HasSubstr("or orange 0.12")));
  EXPECT_THAT(bottle, testing::AllOf(HasSubstr("0.50 ask"), HasSubstr("2 products")));
  EXPECT_THAT(cat, HasSubstr("not sold"));
}

TEST_F(Output, AnEmptyCounterIsSaid) {
  detections_.clear();
  EXPECT_EQ(written(DetectOutput::Form::kTable), "shelf.jpg: 4 x 2\n  nothing\n");
}

TEST_F(Output, JsonIsOneLineWithEverythingInIt) {
  const std::string line = written(DetectOutput::Form::kJsonLines);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["source"], "shelf.jpg");
  EXPECT_EQ(json["frame"], 7);
  ASSERT_EQ(json["detections"].size(), 3u);
  const auto& apple = json["detections"][0];
  EXPECT_EQ(apple["label"], "apple");
  EXPECT_EQ(apple["score"], 0.95);
  EXPECT_EQ(apple["sure"], true);
  EXPECT_EQ(apple["box"]["width"], 30);
  EXPECT_EQ(apple["alternatives"][0]["label"], "orange");
  EXPECT_EQ(apple["products"][0]["unit_price"], "2.00");
  EXPECT_EQ(json["detections"][1]["products"].size(), 2u);
  EXPECT_TRUE(json["detections"][2]["products"].empty());
}

TEST_F(Output, WithoutAPriceListNothingIsSaidOfPrices) {
  EXPECT_THAT(written(DetectOutput::Form::kTable, std::nullopt), Not(HasSubstr("not sold")));
  EXPECT_THAT(written(DetectOutput::Form::kJsonLines, std::nullopt), Not(HasSubstr("products")));
}

TEST_F(Output, AFileNameThatIsNoUtf8StillGivesJson) {
  frame_.origin = "caf\xe9.jpg";
  EXPECT_TRUE(nlohmann::json::accept(written(DetectOutput::Form::kJsonLines)));
}

class DrawingPlaces : public testing::Test {
 protected:
  DrawingPlaces() {
    std::filesystem::create_directory(photos_);
    std::ofstream(photos_ / "a.jpg") << "photo";
  }

  std::string refusal(const std::filesystem::path& out, const std::filesystem::path& source) {
    const auto drawing = Drawing::plan(out, source);
    EXPECT_FALSE(drawing.ok());
    return drawing.ok() ? "" : drawing.error().message();
  }

  static Frame frame_from(const std::filesystem::path& origin) {
    Frame frame;
    frame.origin = origin.string();
    return frame;
  }

  TempDir folder_;
  const std::filesystem::path photos_ = folder_ / "photos";
};

TEST_F(DrawingPlaces, OnePictureGoesIntoTheFileAndASecondHasNoPlace) {
  auto drawing = Drawing::plan(folder_ / "out.jpg", photos_ / "a.jpg");
  ASSERT_TRUE(drawing.ok() && drawing->has_value());
  EXPECT_EQ(*(*drawing)->place_for(frame_from(photos_ / "a.jpg")), folder_ / "out.jpg");
  const auto second = (*drawing)->place_for(frame_from(photos_ / "a.jpg"));
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(second.error().message(), HasSubstr("--frames 1"));
}

TEST_F(DrawingPlaces, AFolderIsMadeAndKeepsThePhotosNames) {
  auto drawing = Drawing::plan(folder_ / "drawn", photos_);
  ASSERT_TRUE(drawing.ok() && drawing->has_value());
  EXPECT_TRUE(std::filesystem::is_directory(folder_ / "drawn"));
  std::ofstream(photos_ / "b.bmp") << "photo";
  EXPECT_EQ(*(*drawing)->place_for(frame_from(photos_ / "a.jpg")), folder_ / "drawn/a.jpg");
  EXPECT_EQ(*(*drawing)->place_for(frame_from(photos_ / "b.bmp")), folder_ / "drawn/b.bmp.jpg");
}

TEST_F(DrawingPlaces, EveryFrameOfAVideoOrCameraHasItsOwnPlace) {
  auto drawing = Drawing::plan(folder_ / "drawn", "counter.avi");
  ASSERT_TRUE(drawing.ok() && drawing->has_value());
  std::ofstream(photos_ / "counter.avi") << "video";
  const auto place = [&](const std::filesystem::path& origin) {
    return (*drawing)->place_for(frame_from(origin))->filename().string();
  };
  EXPECT_EQ(place(photos_ / "counter.avi"), "counter.avi.jpg");
  EXPECT_EQ(place(photos_ / "counter.avi"), "counter.avi-000001.jpg");
  EXPECT_EQ(place("rtsp://camera"), "frame.jpg");
  EXPECT_EQ(place("rtsp://camera"), "frame-000003.jpg");
}

TEST_F(DrawingPlaces, ThePhotosAreNeverOverwritten) {
  EXPECT_THAT(refusal(photos_ / "a.jpg", photos_ / "a.jpg"), HasSubstr("overwrite"));
  EXPECT_THAT(refusal(photos_, photos_), HasSubstr("overwrite"));
  EXPECT_THAT(refusal(photos_, photos_ / "a.jpg"), HasSubstr("overwrite"));
  EXPECT_TRUE(Drawing::plan(folder_.path(), photos_).ok());
}

TEST_F(DrawingPlaces, OneFileForAFolderOfPhotosIsRefused) {
  EXPECT_THAT(refusal(folder_ / "out.jpg", photos_), HasSubstr("name a folder"));
}

TEST_F(DrawingPlaces, NoDrawingIsAskedForByNoName) {
  const auto drawing = Drawing::plan("", photos_);
  ASSERT_TRUE(drawing.ok());
  EXPECT_FALSE(drawing->has_value());
}

}  // namespace
}  // namespace tillsight::cli
