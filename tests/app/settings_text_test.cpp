// Goal: values written into the shipped examples are read back as they were, and the examples'
// comments stay.
// Method: small texts; then the shipped files and the real loader with a value that needs quoting.
#include "app/settings_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/source_dir.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/app/settings.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::app {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kExample =
    "# All of it.\n"
    "[one]\n"
    "id = \"A#1\"   # the id\n"
    "# port = 1\n"
    "[two]\n"
    "id = \"B\"\n";

TEST(SettingsText, SetsTheKeyOfItsTableAndKeepsTheComment) {
  SettingsText settings(kExample);
  ASSERT_TRUE(settings.set("one.id", "C").ok());
  ASSERT_TRUE(settings.set("one.port", 8883).ok());
  EXPECT_EQ(settings.text(),
            "# All of it.\n"
            "[one]\n"
            "id = \"C\"   # the id\n"
            "port = 8883\n"
            "[two]\n"
            "id = \"B\"\n");
}

TEST(SettingsText, TakesATableIntoUseThatTheExampleLeavesOut) {
  SettingsText settings("# [keys]\n# chain = \"a\"\n");
  ASSERT_TRUE(settings.set("keys.chain", "b").ok());
  EXPECT_EQ(settings.text(), "[keys]\nchain = \"b\"\n");
}

TEST(SettingsText, RefusesWhatTheExampleDoesNotHave) {
  SettingsText settings(kExample);
  EXPECT_EQ(settings.set("two.port", 1).error().code(), Code::kNotFound);
  EXPECT_EQ(settings.set("three.id", "x").error().code(), Code::kNotFound);
  EXPECT_EQ(settings.set("one.id", "x\ny = 1").error().code(), Code::kInvalidArgument);
  EXPECT_EQ(settings.text(), kExample);
}

TEST(SettingsText, AwkwardValuesAreReadBackAsTheyWere) {
  const TempDir folder;
  const std::string awkward = "/srv/Ä \"quoted\" \\ # back/till.db";
  SettingsText settings(*read_file(std::filesystem::path(source_dir()) / "config" / "till.toml"));
  ASSERT_TRUE(settings.set("journal.file", awkward).ok());
  ASSERT_TRUE(settings.set("till.id", "T99").ok());
  ASSERT_TRUE(write_file_atomically(folder / "till.toml", settings.text()).ok());
  const auto read = load_till_settings(folder / "till.toml");
  ASSERT_TRUE(read.ok()) << read.error().message();
  EXPECT_EQ(read->journal, awkward);
  EXPECT_EQ(read->id, TillId("T99"));
  EXPECT_EQ(read->store.id, StoreId("S01"));
}

}  // namespace
}  // namespace tillsight::app
