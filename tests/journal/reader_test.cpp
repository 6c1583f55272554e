// Goal: readers see exactly what was committed, in order, beside a writer that never stops; an
// auditor finds every change.
// Method: a second thread with its own connection; edits behind the journal's back.
#include "tillsight/journal/reader.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "tests/journal/till_box.hpp"

namespace tillsight {
namespace {

using ::testing::HasSubstr;

class ReaderTest : public testing::TillBox {
 protected:
  std::string auditors_finding_after(std::string_view sql) {
    {
      Journal journal = open_journal();
      sell(journal, 5);
    }
    sql::Connection db = sql::Connection::open(settings_.file).value();
    EXPECT_TRUE(db.execute("PRAGMA foreign_keys = OFF").ok());
    EXPECT_TRUE(db.execute(sql).ok());
    const Status found = open_reader().verify_chain();
    if (found.ok()) return "nothing";
    EXPECT_EQ(found.error().code(), Code::kDataLoss);
    return found.error().message();
  }
};

TEST_F(ReaderTest, MissingJournalIsNotFound) {
  EXPECT_EQ(JournalReader::open(settings_.file).error().code(), Code::kNotFound);
}

TEST_F(ReaderTest, EventsComeBackAsTheyWereAppended) {
  Journal journal = open_journal();
  const Event appended = journal.append(testing::a_sale(), "{}").value();
  JournalReader reader = open_reader();
  const Event read = reader.event(Sequence(1)).value();
  EXPECT_EQ(to_cloud_events({read}), to_cloud_events({appended}));
  EXPECT_EQ(open(read)->invoice.customer, testing::asha());
  EXPECT_EQ(reader.event(Sequence(2)).error().code(), Code::kNotFound);
}

TEST_F(ReaderTest, EventsFromStopsAtTheLimitAndAtTheEnd) {
  Journal journal = open_journal();
  sell(journal, 5);
  JournalReader reader = open_reader();
  EXPECT_EQ(reader.events_from(Sequence(2), 3)->size(), 3U);
  EXPECT_EQ(reader.events_from(Sequence(2), 3)->front().identity.sequence, Sequence(2));
  EXPECT_EQ(reader.events_from(Sequence(4), 100)->size(), 2U);
  EXPECT_EQ(reader.events_from(Sequence(6), 100)->size(), 0U);
}

TEST_F(ReaderTest, AuditorFindsNothingInAnHonestJournal) {
  EXPECT_EQ(auditors_finding_after("UPDATE counter SET state = ''"), "nothing");
}

TEST_F(ReaderTest, AuditorFindsAChangedSale) {
  EXPECT_THAT(auditors_finding_after("UPDATE event SET sealed = replace(sealed, 'INR', 'USD') "
                                     "WHERE sequence = 2"),
              HasSubstr("event 2 is not what was sealed"));
}

TEST_F(ReaderTest, AuditorFindsAMissingSale) {
  EXPECT_THAT(auditors_finding_after("DELETE FROM event WHERE sequence = 3"),
              HasSubstr("event 3 is missing"));
}

TEST_F(ReaderTest, AuditorFindsASaleThatTookAnothersPlace) {
  EXPECT_THAT(auditors_finding_after(
                  "UPDATE event SET (sealed, hash) = (SELECT sealed, hash FROM event WHERE "
                  "sequence = 2) WHERE sequence = 4"),
              HasSubstr("event 4 was sealed as S01/T03/"));
}

TEST_F(ReaderTest, ErasedPersonLeavesTheChainWhole) {
  EXPECT_EQ(auditors_finding_after("UPDATE event SET personal = ''"), "nothing");
}

TEST_F(ReaderTest, ReadsBesideAWriterThatNeverStops) {
  constexpr std::int64_t kLast = 200;
  Journal journal = open_journal();
  std::thread reading([this] {
    JournalReader reader = open_reader();
    std::int64_t next = 1;
    while (next <= kLast) {
      const auto events = reader.events_from(Sequence(next), 50);
      ASSERT_TRUE(events.ok()) << events.error().message();
      for (const Event& event : *events) ASSERT_EQ(event.identity.sequence.value(), next++);
      const auto counts = reader.counts();
      ASSERT_TRUE(counts.ok());
      ASSERT_EQ(counts->unsynced, counts->last.value()) << "an event and its outbox row are one";
    }
    ASSERT_TRUE(reader.verify_chain().ok());
  });
  for (std::int64_t i = 0; i < kLast; ++i) {
    sell(journal, 1);
    ASSERT_TRUE(journal.checkpoint().ok());
  }
  reading.join();
}

}  // namespace
}  // namespace tillsight
