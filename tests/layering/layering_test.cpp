// Goal: the folders include each other only as the table of docs/architecture.md allows, and third
// parties stay in the .cpp files of the folders that own them.
// Method: read the table and every #include of the tree. Then the test of the test: plant each kind
// of forbidden include in a copy of the tree and see that it is found at its line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/layering/layers.hpp"
#include "tests/support/source_dir.hpp"

namespace tillsight::house {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const fs::path kRoot = source_dir();

std::vector<Layer> layers() {
  return read_layers(read_source(kRoot, "docs/architecture.md"));
}
ThirdParties third_parties() {
  return read_third_parties(read_source(kRoot, "tests/layering/third_party.txt"));
}

/// A copy of the headers and sources, thrown away at the end of a test.
class TreeCopy {
 public:
  TreeCopy() : root_(fs::temp_directory_path() / unique_name()) {
    for (const char* folder : {"include", "src"}) {
      fs::create_directories(root_ / folder);
      fs::copy(kRoot / folder, root_ / folder, fs::copy_options::recursive);
    }
  }
  ~TreeCopy() { fs::remove_all(root_); }
  TreeCopy(const TreeCopy&) = delete;
  TreeCopy& operator=(const TreeCopy&) = delete;

  void plant(const std::string& path, const std::string& include) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << "// planted\n#include " << include << '\n';
  }
  std::vector<std::string> violations() const {
    return house::violations(root_, layers(), third_parties());
  }

 private:
  static std::string unique_name() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    return std::string("tillsight-layering-") + test->name() + '-' + std::to_string(getpid());
  }

  fs::path root_;
};

TEST(Layering, EveryIncludeIsInTheTableOfTheArchitecture) {
  EXPECT_THAT(violations(kRoot, layers(), third_parties()), IsEmpty());
}

TEST(Layering, TableNamesOnlyRowsAboveSoThatNoCycleCanExist) {
  EXPECT_THAT(mistakes(layers()), IsEmpty());
}

TEST(Layering, TableIsReadFromTheDocument) {
  const std::vector<Layer> rows = layers();
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows.front().folder, "core");
  EXPECT_THAT(rows.front().may_include, IsEmpty());
  EXPECT_EQ(rows.back().folder, "cli");
}

TEST(Layering, FolderThatExistsIsNotCalledPlanned) {
  for (const std::string& line : read_source(kRoot, "docs/architecture.md").lines) {
    if (!line.starts_with("| `") || line.find("*planned:*") == std::string::npos) continue;
    const std::string folder = line.substr(3, line.find('`', 3) - 3);
    EXPECT_FALSE(fs::exists(kRoot / "src" / folder)) << folder;
  }
}

TEST(Layering, CycleInTheTableIsFound) {
  const std::vector<Layer> rows = {{"core", {"domain"}, {}}, {"domain", {"core"}, {}}};
  EXPECT_THAT(mistakes(rows), ElementsAre("core names domain, which is no row above it"));
}

TEST(Layering, ForbiddenFolderIsFoundInASource) {
  TreeCopy tree;
  tree.plant("src/core/planted.cpp", "\"tillsight/domain/money.hpp\"");
  EXPECT_THAT(tree.violations(),
              ElementsAre("src/core/planted.cpp:2: core may not include domain/money.hpp"));
}

TEST(Layering, ForbiddenFolderIsFoundInAPublicHeader) {
  TreeCopy tree;
  tree.plant("include/tillsight/domain/planted.hpp", "\"tillsight/app/till.hpp\"");
  EXPECT_THAT(tree.violations(), ElementsAre("include/tillsight/domain/planted.hpp:2: domain may "
                                             "not include app/till.hpp"));
}

TEST(Layering, PrivateHeaderOfAnotherFolderIsFound) {
  TreeCopy tree;
  tree.plant("src/crypto/planted.cpp", "\"core/planted.hpp\"");
  EXPECT_THAT(tree.violations(), ElementsAre(HasSubstr("private headers stay in their folder")));
}

TEST(Layering, ThirdPartyIsFoundOutsideItsFolder) {
  TreeCopy tree;
  tree.plant("src/crypto/planted.cpp", "<sqlite3.h>");
  EXPECT_THAT(tree.violations(),
              ElementsAre("src/crypto/planted.cpp:2: crypto may not use sqlite3"));
}

TEST(Layering, ThirdPartyIsFoundInAPublicHeaderOfItsOwnFolder) {
  TreeCopy tree;
  tree.plant("include/tillsight/core/planted.hpp", "<spdlog/spdlog.h>");
  EXPECT_THAT(tree.violations(), ElementsAre(HasSubstr("belongs in a .cpp")));
}

TEST(Layering, LibraryThatNobodyNamedIsFound) {
  TreeCopy tree;
  tree.plant("src/core/planted.cpp", "<boost/asio.hpp>");
  EXPECT_THAT(tree.violations(), ElementsAre(HasSubstr("<boost/asio.hpp> is unknown")));
}

TEST(Layering, FolderOutsideTheTableIsFound) {
  TreeCopy tree;
  tree.plant("src/misc/planted.cpp", "<vector>");
  EXPECT_THAT(tree.violations(), ElementsAre(HasSubstr("folder misc is not in the table")));
}

}  // namespace
}  // namespace tillsight::house
