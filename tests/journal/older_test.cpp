// Goal: a damaged journal costs no sale that can still be read: selling goes on in a new journal at
// once, and what the hub may lack is offered under its old name.
// Method: files written over, byte by byte or whole pages at a time.
#include "tillsight/journal/older.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/journal/till_box.hpp"

namespace tillsight {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class OlderTest : public testing::TillBox {
 protected:
  void given_sales(int count) {
    Journal journal = open_journal();
    sell(journal, count);
    incarnation_ = journal.incarnation();
  }
  /// As if the medium had lost it. \pre nobody has the file open.
  void overwrite(std::streamoff at, std::size_t bytes) const {
    std::fstream file(settings_.file, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << std::string(bytes, '\xa5');
  }
  std::uintmax_t size() const { return std::filesystem::file_size(settings_.file); }

  journal::Opened open_whatever_is_there() {
    return journal::open_or_begin_anew(settings_, random_, clock_).value();
  }
  std::vector<journal::Salvaged> salvage() {
    const EventIdentity till{settings_.store, settings_.till, {}, {}};
    return journal::salvage(settings_.file, till, clock_).value();
  }
  std::vector<Event> offered(const std::filesystem::path& older) {
    const auto key = load_key(settings_.file.string() + ".key").value();
    return JournalReader::open(older, key)->pending(Sequence(0), 100'000).value();
  }
  static void expect_genuine(const std::vector<Event>& events) {
    for (const Event& event : events) {
      const auto received = from_cloud_events(to_cloud_events({event}));
      EXPECT_TRUE(received.at(0).event.ok()) << received.at(0).event.error().message();
    }
  }

  Incarnation incarnation_;
};

TEST_F(OlderTest, SoundJournalIsOpenedAndNothingElseHappens) {
  given_sales(3);
  const journal::Opened opened = open_whatever_is_there();
  EXPECT_FALSE(opened.damage.has_value());
  EXPECT_EQ(opened.journal.incarnation(), incarnation_);
  EXPECT_THAT(salvage(), IsEmpty());
}

TEST_F(OlderTest, DamagedJournalGoesIntoQuarantineAndANewOneSells) {
  given_sales(30);
  overwrite(4096, size() - 4096);
  journal::Opened opened = open_whatever_is_there();
  ASSERT_TRUE(opened.damage.has_value());
  EXPECT_THAT(opened.damage->message(), HasSubstr(".quarantine/0001-"));
  EXPECT_NE(opened.journal.incarnation(), incarnation_);
  sell(opened.journal, 2);
  EXPECT_TRUE(open_reader().verify_chain().ok());
  EXPECT_THAT(journal::unseen(settings_.file), SizeIs(1));
}

TEST_F(OlderTest, FileThatIsNoDatabaseAnyMoreIsDamagedToo) {
  given_sales(3);
  overwrite(0, 100);
  EXPECT_TRUE(open_whatever_is_there().damage.has_value());
}

TEST_F(OlderTest, HeaderOfAnotherProgramOnThisTillsJournalIsDamage) {
  given_sales(3);
  overwrite(68, 4);  // the application id
  EXPECT_TRUE(open_whatever_is_there().damage.has_value());
}

TEST_F(OlderTest, AnotherProgramsDatabaseIsLeftAlone) {
  {
    sql::Connection db = sql::Connection::open(settings_.file).value();
    ASSERT_TRUE(db.execute("CREATE TABLE recipe (name TEXT)").ok());
  }
  const auto opened = journal::open_or_begin_anew(settings_, random_, clock_);
  EXPECT_EQ(opened.error().code(), Code::kFailedPrecondition);
  EXPECT_TRUE(std::filesystem::exists(settings_.file));
}

TEST_F(OlderTest, InvoicesOfTheNewJournalHaveNumbersOfTheirOwn) {
  given_sales(3);
  overwrite(0, 100);
  Journal journal = std::move(open_whatever_is_there().journal);
  const Event event = journal.append(testing::a_sale(), "{}").value();
  EXPECT_EQ(*open_chain(event)->invoice_no, (InvoiceNumber{settings_.till, 1001, 1}));
}

TEST_F(OlderTest, EveryEventThatCanBeReadIsOfferedUnderItsOldName) {
  given_sales(400);
  overwrite(static_cast<std::streamoff>(size() / 2 / 4096 * 4096), 8192);
  // The damage is in the middle, where nobody looks at a start; a reader finds it.
  ASSERT_TRUE(journal::quarantine(settings_.file, clock_.utc_now()).ok());
  const auto salvaged = salvage();
  ASSERT_THAT(salvaged, SizeIs(1));
  EXPECT_GT(salvaged[0].events, 380);
  EXPECT_LT(salvaged[0].events, 400);
  const auto files = journal::older_files(settings_.file);
  ASSERT_THAT(files, SizeIs(1));
  const std::vector<Event> events = offered(files[0]);
  EXPECT_THAT(events, SizeIs(static_cast<std::size_t>(salvaged[0].events)));
  EXPECT_EQ(events.at(0).identity.incarnation, incarnation_);
  expect_genuine(events);
  EXPECT_THAT(salvage(), IsEmpty()) << "each is read once";
}

TEST_F(OlderTest, ChangedEventIsNotOfferedAndOneWithADamagedHashIs) {
  given_sales(5);
  {
    sql::Connection db = sql::Connection::open(settings_.file).value();
    ASSERT_TRUE(
        db.execute("UPDATE event SET sealed = replace(sealed, 'INR', 'USD') WHERE sequence = 2;"
                   "UPDATE event SET hash = zeroblob(32) WHERE sequence = 4;"
                   "UPDATE event SET time = 'long ago' WHERE sequence = 5")
            .ok());
  }
  ASSERT_TRUE(journal::quarantine(settings_.file, clock_.utc_now()).ok());
  const auto salvaged = salvage();
  EXPECT_EQ(salvaged.at(0).events, 4) << "event 5 is linked to 4, which proves it";
  EXPECT_EQ(salvaged.at(0).damaged, 1);
  const std::vector<Event> events = offered(journal::older_files(settings_.file).at(0));
  for (const Event& event : events) EXPECT_NE(event.identity.sequence, Sequence(2));
  expect_genuine(events);
}

TEST_F(OlderTest, AcknowledgedEventOfAnOlderJournalIsNotOfferedAgain) {
  given_sales(10);
  ASSERT_TRUE(journal::quarantine(settings_.file, clock_.utc_now()).ok());
  salvage();
  const auto file = journal::older_files(settings_.file).at(0);
  OlderJournal older = OlderJournal::open(file).value();
  EXPECT_EQ(older.identity().incarnation, incarnation_);
  SequenceRanges have;
  have.insert({1, 7});
  ASSERT_TRUE(older.acknowledge({"hub-1", incarnation_, have, {}, 50}).ok());
  EXPECT_THAT(offered(file), SizeIs(3));
  ASSERT_TRUE(older.begin_hub_epoch("hub-2").ok());
  EXPECT_THAT(offered(file), SizeIs(10)) << "a hub restored from a backup is offered all";
}

TEST_F(OlderTest, PowerCutWithinQuarantineLeavesNoLogToTheNewJournal) {
  std::filesystem::path folder;
  {
    Journal journal = open_journal();
    sell(journal, 5);
    std::filesystem::copy(settings_.file, folder_ / "db");
    std::filesystem::copy(settings_.file.string() + "-wal", folder_ / "log");
  }
  std::filesystem::rename(folder_ / "db", settings_.file);
  std::filesystem::rename(folder_ / "log", settings_.file.string() + "-wal");
  folder = journal::quarantine(settings_.file, clock_.utc_now()).value();
  std::filesystem::rename(folder / "journal.db-wal", settings_.file.string() + "-wal");
  EXPECT_FALSE(open_whatever_is_there().damage.has_value());
  EXPECT_EQ(salvage().at(0).events, 5) << "they stood in the log alone";
}

}  // namespace
}  // namespace tillsight
