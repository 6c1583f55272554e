// Goal: the page is whole, small, and says every sentence in every language.
// Method: what is embedded, and its sources in web/kiosk.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "bench/figure.hpp"
#include "tests/support/source_dir.hpp"
#include "tillsight/core/file.hpp"
#include "web/assets.hpp"

namespace tillsight::web {
namespace {

using Json = nlohmann::json;

const std::filesystem::path kFolder = std::filesystem::path(source_dir()) / "web" / "kiosk";

TEST(PageFiles, EveryFileIsEmbedded) {
  std::set<std::string> there;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    there.insert("/" + entry.path().filename().string());
  }
  std::set<std::string> embedded;
  for (const Asset& asset : kiosk_assets()) {
    embedded.emplace(asset.path);
    EXPECT_FALSE(asset.content_type.empty()) << asset.path;
  }
  EXPECT_EQ(embedded, there);
}

TEST(PageFiles, WeighLittle) {
  std::size_t bytes = 0;
  for (const Asset& asset : kiosk_assets()) bytes += asset.gzip.size();
  EXPECT_TRUE(bench::print(
      {"till.page_weight_kb", static_cast<double>(bytes) / 1000, "kB", bench::Goal::kAtMost, 150}));
}

TEST(PageFiles, NothingIsFetchedFromElsewhere) {
  const std::regex elsewhere("https?://(?!www\\.w3\\.org/2000/svg)|//cdn");
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    EXPECT_FALSE(std::regex_search(*read_file(entry.path()), elsewhere)) << entry.path();
  }
}

TEST(PageFiles, EverySentenceHasItsTranslation) {
  const Json strings = Json::parse(*read_file(kFolder / "strings.json"));
  for (const auto& [id, text] : strings["en"].items()) {
    EXPECT_TRUE(strings["hi"].contains(id)) << id;
  }
}

TEST(PageFiles, EverySentenceThatThePageSaysIsThere) {
  const Json english = Json::parse(*read_file(kFolder / "strings.json"))["en"];
  const std::regex said("word\\('([a-z_.]+)'");
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() != ".js") continue;
    const std::string text = *read_file(entry.path());
    for (std::sregex_iterator it(text.begin(), text.end(), said), end; it != end; ++it) {
      EXPECT_TRUE(english.contains((*it)[1].str())) << entry.path() << ": " << (*it)[1];
    }
  }
}

}  // namespace
}  // namespace tillsight::web
