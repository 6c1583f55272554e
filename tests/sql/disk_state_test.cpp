// Goal: the disk that the power-cut tests believe in keeps what was synced, and is as cruel as a
// real one may be to everything else.
// Method: a few changes by hand, then many cuts of the same history; the set of what they leave.
#include "tillsight/sql/disk_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace tillsight::sql {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::SizeIs;

using Kind = DiskChange::Kind;
using Texts = std::vector<std::string>;

class DiskStateTest : public ::testing::Test {
 protected:
  void create(const std::string& name) {
    disk_.apply({.kind = Kind::kCreate, .file = disk_.new_id(), .name = name});
  }
  void write(const std::string& name, std::int64_t at, std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    disk_.apply({.kind = Kind::kWrite,
                 .file = *disk_.find(name),
                 .at = at,
                 .bytes = std::make_shared<std::vector<std::byte>>(bytes.begin(), bytes.end())});
  }
  void truncate(const std::string& name, std::int64_t size) {
    disk_.apply({.kind = Kind::kTruncate, .file = *disk_.find(name), .at = size});
  }
  void sync(const std::string& name, Kind kind = Kind::kSync) {
    disk_.apply({.kind = kind, .file = *disk_.find(name)});
  }
  void sync_folder() { disk_.apply({.kind = Kind::kSyncFolder}); }
  void given_durable(const std::string& name, std::string_view text) {
    create(name);
    write(name, 0, text);
    sync(name);
    sync_folder();
  }

  static std::string text(const DiskState& disk, const std::string& name) {
    const auto file = disk.find(name);
    if (!file) return "no file";
    std::string text(static_cast<std::size_t>(disk.content(*file).size()), '?');
    disk.content(*file).read(0, std::as_writable_bytes(std::span(text)));
    return text;
  }

  /// What 2,000 power cuts of the present moment leave of `name`.
  std::set<std::string> after_power_cuts(const std::string& name) {
    std::set<std::string> left;
    for (int i = 0; i < 2000; ++i) {
      DiskState cut = disk_;
      cut.power_cut(random_);
      left.insert(text(cut, name));
    }
    return left;
  }

  DiskState disk_;
  SeededRandom random_{5};
};

TEST_F(DiskStateTest, ReadsWhatWasWrittenWhetherSyncedOrNot) {
  create("a");
  write("a", 4, "milk");
  EXPECT_EQ(text(disk_, "a"), std::string("\0\0\0\0milk", 8));
  write("a", 5000, "x");
  truncate("a", 6);
  truncate("a", 8);
  EXPECT_EQ(text(disk_, "a"), std::string("\0\0\0\0mi\0\0", 8));
  EXPECT_EQ(disk_.used_bytes(), 8);
}

TEST_F(DiskStateTest, SyncedBytesSurviveEveryPowerCut) {
  given_durable("a", "bread");
  EXPECT_THAT(after_power_cuts("a"), ElementsAre("bread"));
}

TEST_F(DiskStateTest, UnsyncedBytesMayBeOldNewTornOrGarbage) {
  given_durable("a", "old.");
  write("a", 0, "new!");
  const std::set<std::string> left = after_power_cuts("a");
  EXPECT_THAT(left, IsSupersetOf(Texts{"old.", "new!", "nld.", "ned.", "new."}));
  EXPECT_GT(left.size(), 100u) << "there is garbage as well";
  EXPECT_THAT(left, Each(SizeIs(4)));
}

TEST_F(DiskStateTest, BytesBesideAWriteAreNeverTouched) {
  given_durable("a", "KEEPxxxxKEEP");
  write("a", 4, "yyyy");
  for (const std::string& found : after_power_cuts("a")) {
    EXPECT_EQ(found.substr(0, 4) + found.substr(8), "KEEPKEEP");
  }
}

TEST_F(DiskStateTest, LaterWriteMayArriveWithoutTheEarlierOne) {
  given_durable("a", std::string(1024, '.'));
  write("a", 0, std::string(512, '1'));
  write("a", 512, std::string(512, '2'));
  EXPECT_THAT(after_power_cuts("a"), Contains(std::string(512, '.') + std::string(512, '2')));
}

TEST_F(DiskStateTest, SizeMayBeDurableWithoutTheContent) {
  given_durable("a", "");
  write("a", 0, "tail");
  EXPECT_THAT(after_power_cuts("a"), IsSupersetOf(Texts{"", "tail", std::string(4, '\0')}));
}

TEST_F(DiskStateTest, TruncationMayBeForgotten) {
  given_durable("a", "bread");
  truncate("a", 0);
  EXPECT_THAT(after_power_cuts("a"), ElementsAre("", "bread"));
}

TEST_F(DiskStateTest, NameIsDurableOnlyWithItsFolder) {
  create("a");
  write("a", 0, "bread");
  sync("a");
  EXPECT_THAT(after_power_cuts("a"), ElementsAre("bread", "no file"));
  sync_folder();
  disk_.apply({.kind = Kind::kDelete, .name = "a"});
  create("a");
  EXPECT_THAT(after_power_cuts("a"), ElementsAre("", "bread", "no file"));
  sync_folder();
  EXPECT_THAT(after_power_cuts("a"), ElementsAre(""));
}

TEST_F(DiskStateTest, AfterAFailedSyncTheNextOneSavesOnlyWhatCameLater) {
  given_durable("a", "old.");
  write("a", 0, "ne");
  sync("a", Kind::kSyncFailed);
  write("a", 2, "w!");
  sync("a");
  EXPECT_EQ(text(disk_, "a"), "new!") << "the page cache still shows all of it";
  EXPECT_THAT(after_power_cuts("a"), ElementsAre("olw!"));
}

TEST_F(DiskStateTest, CopiesGoTheirOwnWays) {
  given_durable("a", "bread");
  const DiskState before = disk_;
  write("a", 0, "B");
  EXPECT_EQ(text(disk_, "a"), "Bread");
  EXPECT_EQ(text(before, "a"), "bread");
}

TEST_F(DiskStateTest, CutsThatLeaveTheSameSayTheSame) {
  given_durable("a", std::string(2048, '.'));
  write("a", 0, std::string(2048, '1'));
  std::map<std::uint64_t, std::string> left;
  for (int i = 0; i < 2000; ++i) {
    DiskState cut = disk_;
    const std::uint64_t print = cut.power_cut(random_);
    const auto [known, is_new] = left.emplace(print, text(cut, "a"));
    EXPECT_TRUE(is_new || known->second == text(cut, "a"));
  }
  EXPECT_LT(left.size(), 2000u) << "keeping all and nothing came up often";
}

}  // namespace
}  // namespace tillsight::sql
