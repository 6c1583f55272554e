// Goal: every mistake in a settings file is answered with file, line and key.
// Method: small documents, each with one mistake.
#include "tillsight/core/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tillsight {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Settings {
  std::string id = "none";
  int port = 1883;
  bool tls = false;
  double sure = 0.5;
  std::vector<std::string> ignored;
};

Result<Settings> read(std::string_view toml) {
  TILLSIGHT_ASSIGN(ConfigReader reader, ConfigReader::parse(toml, "till.toml"));
  Settings settings;
  reader.require("store.id", settings.id);
  reader.optional("mqtt.port", settings.port, 1, 65535);
  reader.optional("mqtt.tls", settings.tls);
  reader.optional("basket.sure", settings.sure, 0.0, 1.0);
  reader.optional("basket.ignored", settings.ignored);
  TILLSIGHT_TRY(reader.finish());
  return settings;
}

std::string mistake(std::string_view toml) {
  const Result<Settings> settings = read(toml);
  return settings.ok() ? "no mistake" : settings.error().message();
}

TEST(Config, ReadsWhatIsThereAndKeepsTheDefaultsOfTheRest) {
  const auto settings = read(
      "[store]\nid='S01'\n[mqtt]\nport=8883\n[basket]\nsure=1\n"
      "ignored=['person']");
  ASSERT_TRUE(settings.ok()) << settings.error().message();
  EXPECT_EQ(settings->id, "S01");
  EXPECT_EQ(settings->port, 8883);
  EXPECT_FALSE(settings->tls);
  EXPECT_EQ(settings->sure, 1.0);
  EXPECT_THAT(settings->ignored, ElementsAre("person"));
}

TEST(Config, MissingKeyIsNamed) {
  EXPECT_EQ(mistake("[mqtt]\nport=1"), "till.toml: store.id: is missing");
}

TEST(Config, TypoIsNamedWithItsLineAndTheNearestKey) {
  EXPECT_EQ(mistake("[store]\nid='S'\n[mqtt]\nprot=1"),
            "till.toml:4: mqtt.prot: is not a setting; did you mean mqtt.port?");
}

TEST(Config, UnknownTableIsNamed) {
  EXPECT_THAT(mistake("[store]\nid='S'\n[mqqt]\nport=1"), HasSubstr("till.toml:3: mqqt"));
}

TEST(Config, WrongTypeIsNamed) {
  EXPECT_EQ(mistake("[store]\nid=7"), "till.toml:2: store.id: is not a text in quotes");
  EXPECT_THAT(mistake("[store]\nid='S'\n[basket]\nignored=[1]"), HasSubstr("till.toml:4"));
}

TEST(Config, OutOfRangeIsNamedWithTheRange) {
  EXPECT_EQ(mistake("[store]\nid='S'\n[mqtt]\nport=70000"),
            "till.toml:4: mqtt.port: 70000 is out of range; use 1 to 65535");
  EXPECT_THAT(mistake("[store]\nid='S'\n[basket]\nsure=1.5"), HasSubstr("use 0 to 1"));
}

TEST(Config, BrokenTomlIsNamedWithItsLine) {
  EXPECT_THAT(mistake("[store]\nid='S01\n"), HasSubstr("till.toml:2: "));
}

// Found by the fuzzer: the parser asserts that a name begins with a letter.
TEST(Config, TableWithoutANameIsNamedWithItsLine) {
  EXPECT_THAT(mistake("[store]\nid='S01'\n[ =]\nx=1\n"), HasSubstr("till.toml:3: "));
}

TEST(Config, KeysOfATableOfDataComeInFileOrder) {
  auto reader = ConfigReader::parse("[sure]\nbanana=0.5\napple=0.6\n", "m.toml");
  ASSERT_TRUE(reader.ok());
  EXPECT_THAT(reader->keys("sure"), ElementsAre("banana", "apple"));
  double apple = 0;
  reader->optional("sure.apple", apple, 0.0, 1.0);
  EXPECT_EQ(apple, 0.6);
}

TEST(Config, AValueOutOfRangeIsRefusedAlsoWhereTheUnsetSettingHasIt) {
  auto reader = ConfigReader::parse("width=0", "model.toml");
  ASSERT_TRUE(reader.ok());
  int width = 0;
  reader->require("width", width, 1, 10);
  const Status read = reader->finish();
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().message(), HasSubstr("width: 0 is out of range; use 1 to 10"));
}

}  // namespace
}  // namespace tillsight
