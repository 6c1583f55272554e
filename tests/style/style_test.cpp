// Goal: the house rules that CONTRIBUTING states hold for every file.
// Method: run each rule over the tree, and over a planted breach so that no rule passes by being
// blind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <utility>

#include "tests/style/rules.hpp"
#include "tests/support/source_dir.hpp"

namespace tillsight::house {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const std::filesystem::path kRoot = source_dir();

Files below(std::initializer_list<const char*> folders,
            const std::vector<std::string>& extensions) {
  Files files;
  for (const char* folder : folders) {
    for (SourceFile& file : read_tree(kRoot, folder, extensions)) files.push_back(std::move(file));
  }
  return files;
}

Files code() {
  return below({"include", "src", "tests", "bench"}, {".hpp", ".cpp"});
}
Files scripts() {
  Files files = below({"models", "cmake"}, {".sh", ".cmake", ".toml", ".mjs"});
  for (const char* path : {"dev", ".ci/run", "CMakeLists.txt", "CMakePresets.json"}) {
    files.push_back(read_source(kRoot, path));
  }
  return files;
}

Files documents() {
  Files files = below({"docs", "models", "config"}, {".md"});
  for (const char* path : {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"}) {
    files.push_back(read_source(kRoot, path));
  }
  return files;
}

Files planted(std::string path, std::string line) {
  return {{std::move(path), {"// first line", std::move(line)}}};
}

TEST(Style, LinesHaveAtMostHundredColumns) {
  EXPECT_THAT(long_lines(code()), IsEmpty());
}

TEST(Style, LongLineIsFoundAndUmlautsCountOnce) {
  std::string umlauts;
  for (int i = 0; i < 100; ++i) umlauts += "ü";
  EXPECT_THAT(long_lines(planted("a.cpp", umlauts)), IsEmpty());
  EXPECT_THAT(long_lines(planted("a.cpp", umlauts + "x")), ElementsAre(StartsWith("a.cpp:2: ")));
}

TEST(Style, FilesHaveAtMostFiveHundredLines) {
  EXPECT_THAT(long_files(code()), IsEmpty());
}

TEST(Style, LongFileIsFound) {
  const SourceFile file{"a.cpp", std::vector<std::string>(kLinesMax + 1)};
  EXPECT_THAT(long_files({file}), ElementsAre(StartsWith("a.cpp: 501 lines")));
}

TEST(Style, NoWorkIsLeftUndone) {
  EXPECT_THAT(undone_work(code()), IsEmpty());
  EXPECT_THAT(undone_work(scripts()), IsEmpty());
}

TEST(Style, UndoneWorkIsFoundButNoTemplateOfATemporaryFile) {
  // clang-format off
  EXPECT_THAT(undone_work(planted("a.cpp", "// FIX" "ME: later")), Not(IsEmpty()));
  // clang-format on
  EXPECT_THAT(undone_work(planted("a.cpp", "mkstemp(\"XXXXXX\")")), IsEmpty());
}

TEST(Style, TestsNeitherSleepNorAreSwitchedOff) {
  EXPECT_THAT(sleeping_or_disabled_tests(below({"tests"}, {".hpp", ".cpp"})), IsEmpty());
}

TEST(Style, SleepingTestIsFound) {
  // clang-format off
  EXPECT_THAT(sleeping_or_disabled_tests(planted("a.cpp", "std::this_thread::sleep" "_for(1s);")),
              ElementsAre(StartsWith("a.cpp:2: ")));
  // clang-format on
}

TEST(Style, NoTwoTestsShareAFolder) {
  EXPECT_THAT(shared_folders_in_tests(below({"tests"}, {".hpp", ".cpp"})), IsEmpty());
}

TEST(Style, SharedFolderIsFound) {
  // clang-format off
  EXPECT_THAT(shared_folders_in_tests(planted("a.cpp", "::testing::Temp" "Dir() + \"rows.csv\"")),
              ElementsAre(StartsWith("a.cpp:2: ")));
  // clang-format on
}

TEST(Style, PublicHeadersOpenWithTheirContract) {
  const Files headers = below({"include"}, {".hpp"});
  EXPECT_THAT(headers, Not(IsEmpty()));
  EXPECT_THAT(headers_without_contract(headers), IsEmpty());
}

TEST(Style, HeaderWithoutContractIsFound) {
  EXPECT_THAT(headers_without_contract(planted("a.hpp", "class A;")), Not(IsEmpty()));
}

TEST(Style, EverySourceIsInTheBuild) {
  const Files sources = below({"src", "tests", "bench"}, {".cpp"});
  EXPECT_THAT(sources, Not(IsEmpty()));
  EXPECT_THAT(sources_outside_the_build(sources, below({"src", "tests", "bench"}, {".txt"})),
              IsEmpty());
}

TEST(Style, SourceOutsideTheBuildIsFound) {
  const Files lists =
      planted("src/core/CMakeLists.txt", "SOURCES overclock.cpp tsv_csv.cpp csv.cpp)");
  EXPECT_THAT(sources_outside_the_build(planted("src/core/csv.cpp", ""), lists), IsEmpty());
  EXPECT_THAT(sources_outside_the_build(planted("src/core/clock.cpp", ""), lists),
              ElementsAre("src/core/clock.cpp: named in no CMakeLists.txt"));
}

TEST(Style, DocumentsNameOnlyCommandsThatExist) {
  EXPECT_THAT(unknown_commands(documents(), read_source(kRoot, "dev")), IsEmpty());
}

TEST(Style, UnknownCommandIsFound) {
  const SourceFile dev{"dev", {"case $command in", "  build | test) \"cmd_$command\" ;;"}};
  EXPECT_THAT(unknown_commands(planted("a.md", "`./dev test`, `./dev build dev`"), dev), IsEmpty());
  EXPECT_THAT(unknown_commands(planted("a.md", "`./dev test` and ./dev deploy"), dev),
              ElementsAre(StartsWith("a.md:2: ")));
}

TEST(Style, LinksLeadSomewhere) {
  EXPECT_THAT(broken_links(documents(), kRoot), IsEmpty());
}

TEST(Style, BrokenLinkIsFound) {
  EXPECT_THAT(broken_links(planted("docs/a.md", "[the map](architecture.md#folders)"), kRoot),
              IsEmpty());
  EXPECT_THAT(broken_links(planted("docs/a.md", "see [the map](cartography.md)"), kRoot),
              ElementsAre(StartsWith("docs/a.md:2: ")));
}

TEST(Style, ScriptsNameNoHosts) {
  EXPECT_THAT(addresses(scripts()), IsEmpty());
}

TEST(Style, HostInAScriptIsFound) {
  EXPECT_THAT(addresses(planted("dev", "curl https://example.org")), Not(IsEmpty()));
}

}  // namespace
}  // namespace tillsight::house
