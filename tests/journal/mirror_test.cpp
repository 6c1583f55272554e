// Goal: what the till has confirmed and the hub may lack is on the second medium too, whole, and a
// replacement till can offer it; a mirror that fails stops no sale.
// Method: folders as media; files cut and written over; a folder taken away.
#include "tillsight/journal/mirror.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "tests/journal/till_box.hpp"
#include "tillsight/journal/older.hpp"

namespace tillsight {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class MirrorTest : public testing::TillBox {
 protected:
  MirrorTest() {
    std::filesystem::create_directory(folder_ / "usb");
    settings_.mirror = folder_ / "usb";
  }
  void acknowledge(Journal& journal, std::int64_t last) {
    SequenceRanges have;
    have.insert({1, last});
    ASSERT_TRUE(journal.acknowledge({"hub-1", journal.incarnation(), have, {}, 50}).ok());
  }
  void tend(Journal& journal) {
    clock_.advance(std::chrono::seconds(6));
    const Status done = journal.tend();
    ASSERT_TRUE(done.ok()) << done.error().message();
  }
  std::vector<StoredEvent> mirrored(const Incarnation& but_for = Incarnation()) {
    std::vector<StoredEvent> all;
    const EventIdentity till{settings_.store, settings_.till, {}, {}};
    const auto take = [&](const std::vector<StoredEvent>& batch) {
      all.insert(all.end(), batch.begin(), batch.end());
      return Status();
    };
    EXPECT_TRUE(journal::read_mirror(settings_.mirror, till, but_for, take).ok());
    return all;
  }
  std::filesystem::path newest_file() const {
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(settings_.mirror)) {
      if (entry.path().extension() == ".log") files.insert(entry.path());
    }
    return files.empty() ? std::filesystem::path() : *files.rbegin();
  }
};

TEST_F(MirrorTest, EveryEventIsThereWhenAppendAnswers) {
  Journal journal = open_journal();
  for (std::size_t i = 1; i <= 20; ++i) {
    sell(journal, 1);
    ASSERT_THAT(mirrored(), SizeIs(i));
  }
  EXPECT_THAT(mirrored(journal.incarnation()), IsEmpty());
  JournalReader reader = open_reader();
  for (const StoredEvent& event : mirrored()) {
    const Event original = reader.event(event.identity.sequence).value();
    EXPECT_EQ(event.sealed, original.sealed);
    EXPECT_EQ(event.time, original.time);
    EXPECT_EQ(event.personal.empty(), original.personal.empty());
    EXPECT_THAT(event.personal, ::testing::Not(HasSubstr("Asha"))) << "persons are encrypted";
  }
}

TEST_F(MirrorTest, TornRecordIsCutAndTheRestStands) {
  {
    Journal journal = open_journal();
    sell(journal, 5);
  }
  const auto whole = std::filesystem::file_size(newest_file());
  std::filesystem::resize_file(newest_file(), whole - 7);
  EXPECT_THAT(mirrored(), SizeIs(4));
  Journal journal = open_journal();
  EXPECT_THAT(mirrored(), SizeIs(5)) << "the journal has it still, and the mirror catches up";
  sell(journal, 1);
  EXPECT_THAT(mirrored(), SizeIs(6));
}

TEST_F(MirrorTest, DamagedRecordCostsNoOther) {
  {
    Journal journal = open_journal();
    sell(journal, 5);
  }
  std::fstream file(newest_file(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(200);
  file << "\xa5\xa5\xa5";
  file.close();
  EXPECT_THAT(mirrored(), SizeIs(4));
  Journal journal = open_journal();
  sell(journal, 1);
  EXPECT_THAT(mirrored(), SizeIs(5));
}

TEST_F(MirrorTest, MediumThatIsGoneIsAnAlarmAndSalesGoOn) {
  Journal journal = open_journal();
  sell(journal, 2);
  std::filesystem::rename(settings_.mirror, folder_ / "away");
  {
    // The open file can still be written; a till that starts now finds nothing.
    Journal restarted = open_journal();
    sell(restarted, 3);
    EXPECT_TRUE(restarted.disk().can_sell());
    EXPECT_THAT(to_string(restarted.disk()), HasSubstr("the mirror has failed: "));
    std::filesystem::rename(folder_ / "away", settings_.mirror);
    tend(restarted);
    EXPECT_EQ(to_string(restarted.disk()), "ok");
    EXPECT_THAT(mirrored(), SizeIs(5)) << "it has caught up";
    sell(restarted, 1);
    EXPECT_THAT(mirrored(), SizeIs(6));
  }
}

TEST_F(MirrorTest, WhatTheHubHasIsLetGo) {
  Journal journal = open_journal();
  sell(journal, 10);
  acknowledge(journal, 9);
  tend(journal);
  EXPECT_FALSE(newest_file().empty());
  acknowledge(journal, 10);
  tend(journal);
  EXPECT_TRUE(newest_file().empty());
  sell(journal, 1);
  EXPECT_THAT(mirrored(), SizeIs(1));
}

TEST_F(MirrorTest, LongBacklogIsSeveralFilesAndTheOldOnesGoFirst) {
  Journal journal = open_journal();
  sell(journal, 1'200);
  const std::string newest = newest_file().filename().string();
  EXPECT_NE(newest, "0000000000000001.log");
  acknowledge(journal, 1'100);
  tend(journal);
  const std::vector<StoredEvent> left = mirrored();
  EXPECT_LT(left.size(), 1'200U);
  EXPECT_GE(left.size(), 100U);
  EXPECT_EQ(left.back().identity.sequence, Sequence(1'200));
}

TEST_F(MirrorTest, JournalThatForgotConfirmedSalesIsDamaged) {
  {
    Journal journal = open_journal();
    sell(journal, 3);
    std::filesystem::copy(settings_.file, folder_ / "yesterday");
    std::filesystem::copy(settings_.file.string() + "-wal", folder_ / "yesterday-wal");
    sell(journal, 3);
  }
  std::filesystem::rename(folder_ / "yesterday", settings_.file);
  std::filesystem::rename(folder_ / "yesterday-wal", settings_.file.string() + "-wal");
  const auto refused = try_open();
  EXPECT_EQ(refused.error().code(), Code::kDataLoss);
  EXPECT_THAT(refused.error().message(), HasSubstr("this disk has forgotten sales"));
}

TEST_F(MirrorTest, ReplacementTillOffersWhatTheDeadOneLeft) {
  std::vector<Event> sold;
  {
    Journal journal = open_journal();
    sell(journal, 30);
    acknowledge(journal, 10);
    tend(journal);
    sold = open_reader().pending(Sequence(0), 100).value();
  }
  ASSERT_THAT(sold, SizeIs(20));
  // Another box, provisioned for the same till; of the old one there is only the mirror.
  const SecretKey key = load_key(settings_.file.string() + ".key").value();
  settings_.file = folder_ / "replacement.db";
  settings_.personal_key = key;
  settings_.generation = 2;
  Journal journal = open_journal();
  const EventIdentity present{settings_.store, settings_.till, journal.incarnation(), {}};
  for (int again = 0; again < 2; ++again) {
    EXPECT_GE(journal::import_mirror(settings_.mirror, settings_.file, present, clock_).value(),
              20);
    const auto files = journal::older_files(settings_.file);
    ASSERT_THAT(files, SizeIs(1));
    std::vector<Event> offered =
        JournalReader::open(files[0], key)->pending(Sequence(0), 100).value();
    offered.erase(offered.begin(), offered.end() - 20);
    EXPECT_EQ(to_cloud_events(offered), to_cloud_events(sold));
  }
}

TEST_F(MirrorTest, BroughtMirrorWaitsForTheTill) {
  Incarnation dead;
  {
    Journal journal = open_journal();
    dead = journal.incarnation();
    sell(journal, 3);
  }
  settings_.file = folder_ / "replacement.db";
  Journal journal = open_journal();
  const EventIdentity present{settings_.store, settings_.till, journal.incarnation(), {}};
  EXPECT_EQ(journal::bring_mirror(settings_.mirror, settings_.file, present).value(), 3);
  EXPECT_EQ(journal::bring_mirror(settings_.mirror, settings_.file, present).error().code(),
            Code::kAlreadyExists);
  EXPECT_THAT(journal::older_files(settings_.file), IsEmpty());
  EXPECT_EQ(journal::import_brought(settings_.file, present, clock_).value(), 3);
  EXPECT_EQ(journal::import_brought(settings_.file, present, clock_).value(), 0);
  ASSERT_THAT(journal::older_files(settings_.file), SizeIs(1));
  EXPECT_EQ(journal::older_files(settings_.file)[0].stem().string(), dead.value());
}

}  // namespace
}  // namespace tillsight
