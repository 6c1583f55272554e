// Goal: the settings files that ship with the product work, and each mistake in one is named.
// Method: the shipped files as they are; then one changed line each.
#include "tillsight/app/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/source_dir.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::app {
namespace {

using ::testing::HasSubstr;

const std::filesystem::path kConfig = std::filesystem::path(source_dir()) / "config";

/// The mistake in till.toml after `from` has become `to`.
std::string mistake(std::string_view from, std::string_view to) {
  const TempDir folder;
  std::string text = *read_file(kConfig / "till.toml");
  const std::size_t at = text.find(from);
  if (at == std::string::npos) return "the shipped file has no such line";
  text.replace(at, from.size(), to);
  EXPECT_TRUE(write_file_atomically(folder / "till.toml", text).ok());
  const auto settings = load_till_settings(folder / "till.toml");
  return settings.ok() ? "accepted" : settings.error().message();
}

TEST(Settings, ShippedTillFileWorks) {
  const auto settings = load_till_settings(kConfig / "till.toml");
  ASSERT_TRUE(settings.ok()) << settings.error().message();
  EXPECT_EQ(settings->store.id, StoreId("S01"));
  EXPECT_EQ(settings->id, TillId("T01"));
  EXPECT_TRUE(std::filesystem::exists(settings->catalogue));
  EXPECT_TRUE(std::filesystem::exists(settings->model));
  EXPECT_EQ(settings->tracker.ignored.count("person"), 1u);
  EXPECT_EQ(settings->mqtt.client_id, "S01-T01");
}

TEST(Settings, ShippedHubFileWorks) {
  const auto settings = load_hub_settings(kConfig / "hub.toml");
  ASSERT_TRUE(settings.ok()) << settings.error().message();
  EXPECT_EQ(settings->mqtt.port, 1883);
}

TEST(Settings, HeadOfficesTrainingIsReadAndItsMistakesAreNamed) {
  const TempDir dir;
  const auto load = [&dir](const std::string& recommend) {
    const std::string text = "[hub]\ndata = \"data\"\n[recommend]\n" + recommend;
    EXPECT_TRUE(write_file_atomically(dir / "hub.toml", text).ok());
    return load_hub_settings(dir / "hub.toml");
  };
  const auto set = load(
      "train_at = \"03:30\"\nevery_days = 7\ntime_zone = \"Europe/Berlin\"\nnew_items = true\n"
      "buyers = 5\nwithout_aisles = [\"Tobacco\"]\nwithout_items = [\"bag\", \"deposit\"]\n");
  ASSERT_TRUE(set.ok()) << set.error().message();
  EXPECT_EQ(set->file, dir / "hub.toml");
  EXPECT_EQ(set->recommend.train_at, std::chrono::minutes(210));
  EXPECT_EQ(set->recommend.every_days, 7);
  EXPECT_TRUE(set->recommend.new_items);
  EXPECT_EQ(set->recommend.buyers, 5);
  EXPECT_EQ(set->recommend.left_out, (hub::LeftOut{{"Tobacco"}, {"bag", "deposit"}}));
  EXPECT_FALSE(load("")->recommend.train_at.has_value());
  EXPECT_FALSE(load("train_at = \"\"\n")->recommend.train_at.has_value());
  for (const char* wrong : {"3:30", "24:00", "03:60", "03.30", "03:30:00", "night"}) {
    const auto refused = load(std::string("train_at = \"") + wrong + "\"\n");
    ASSERT_FALSE(refused.ok()) << wrong;
    EXPECT_THAT(refused.error().message(),
                HasSubstr("hub.toml:4: recommend.train_at: is no time of day"));
  }
  EXPECT_THAT(load("time_zone = \"Asia/Bombai\"\n").error().message(),
              HasSubstr("recommend.time_zone"));
  EXPECT_THAT(load("without_aisle = []\n").error().message(),
              HasSubstr("did you mean recommend.without_aisles?"));
}

TEST(Settings, EachMistakeIsNamedWithItsLineAndKey) {
  EXPECT_THAT(mistake("id = \"T01\"", "id = \"t 1\""), HasSubstr("till.id: till id 't 1' is not"));
  EXPECT_THAT(mistake("id = \"T01\"", ""), HasSubstr("till.id: is missing"));
  EXPECT_THAT(mistake("[catalogue]\nfile", "[catalogue]\nfiel"),
              HasSubstr("catalogue.fiel: is not a setting; did you mean catalogue.file?"));
  EXPECT_THAT(mistake("port = 1883", "port = \"1883\""),
              HasSubstr("mqtt.port: is not a whole number"));
  EXPECT_THAT(mistake("# currency = \"INR\"", "currency = \"Rupee\""), HasSubstr("store.currency"));
  EXPECT_THAT(mistake("# time_zone = \"Asia/Kolkata\"", "time_zone = \"Asia/Bombai\""),
              HasSubstr("store.time_zone: time zone 'Asia/Bombai' is unknown"));
  EXPECT_THAT(mistake("# appear_frames = 3", "appear_frames = 30"), HasSubstr("appear"));
  // libmosquitto refuses less, the shipped broker more.
  EXPECT_THAT(mistake("# keepalive_s = 30", "keepalive_s = 4"), HasSubstr("mqtt.keepalive_s"));
  EXPECT_THAT(mistake("# certificate_file", "certificate_file"), HasSubstr("mqtt.ca_file"));
}

TEST(Settings, MissingFileIsNotFound) {
  EXPECT_EQ(load_till_settings("/nowhere/till.toml").error().code(), Code::kNotFound);
}

}  // namespace
}  // namespace tillsight::app
