// Goal: a box that is carried away names nobody: persons are encrypted where they lie, and gone
// once head office has them, or when somebody asks for it; and no chain notices.
// Method: real files, read as bytes beside the journal; a planted name and phone.
#include <gmock/gmock.h>

#include "tests/journal/till_box.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/domain/counter_state.hpp"
#include "tillsight/journal/customers.hpp"

namespace tillsight {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

class PersonalData : public testing::TillBox {
 protected:
  Invoice sale_to(const Customer& customer) {
    return testing::a_sale({testing::a_line("apple", 200)}, clock_, customer);
  }
  void sell_to(Journal& journal, const Customer& customer, std::string_view state = "{}") {
    const auto event = journal.append(sale_to(customer), state);
    ASSERT_TRUE(event.ok()) << event.error().message();
  }

  Status acknowledge(Journal& journal, std::int64_t last) {
    SequenceRanges have;
    have.insert(SequenceRange{1, last});
    return journal.acknowledge({"hub-1", journal.incarnation(), have, {}, 50});
  }

  /// How often `text` stands in the journal's file and its log.
  int stands(std::string_view text) {
    int count = 0;
    for (const char* file : {"journal.db", "journal.db-wal"}) {
      const auto bytes = read_file(folder_ / file);
      if (!bytes.ok()) continue;
      for (auto at = bytes->find(text); at != bytes->npos; at = bytes->find(text, at + 1)) ++count;
    }
    return count;
  }
  int stands(const Customer& customer) {
    return stands(customer.phone) + stands(customer.first_name) + stands(customer.last_name);
  }

  /// Puts the box a minute on; the journal has nothing else to do.
  void a_minute_passes(Journal& journal) {
    for (int second = 0; second < 60; ++second) {
      clock_.advance(seconds(1));
      const Status done = journal.checkpoint();
      ASSERT_TRUE(done.ok()) << done.error().message();
    }
  }

  std::int64_t number(std::string_view query) {
    sql::Options reading;
    reading.access = sql::Access::kReadOnly;
    sql::Connection db = sql::Connection::open(settings_.file, reading).value();
    sql::Statement statement = db.prepare(query).value();
    EXPECT_TRUE(statement.step().ok());
    return statement.integer(0);
  }

  CounterState state_with(const Customer& open, const Customer& held) {
    CounterState state;
    state.customer = open;
    state.held.push_back({state.basket.content, held});
    return state;
  }

  const Customer planted_{"Plantedfirst", "Plantedlast", "+919812345678"};
};

TEST_F(PersonalData, IsReadBackAndStandsNowhereInTheClear) {
  Journal journal = open_journal();
  sell_to(journal, planted_, to_json(state_with(planted_, testing::asha())));
  ASSERT_TRUE(journal.save_counter_state(to_json(state_with(planted_, planted_))).ok());
  EXPECT_EQ(stands(planted_), 0);
  const Event event = open_reader().event(Sequence(1)).value();
  EXPECT_EQ(open(event)->invoice.customer, planted_);
  EXPECT_EQ(parse_counter_state(*journal.counter_state())->customer, planted_);
}

TEST_F(PersonalData, IsReadBackAfterARestart) {
  {
    Journal journal = open_journal();
    sell_to(journal, planted_, "state");
  }
  Journal journal = open_journal();
  EXPECT_EQ(*journal.counter_state(), "state");
  EXPECT_EQ(open(*open_reader().event(Sequence(1)))->invoice.customer, planted_);
}

TEST_F(PersonalData, IsDeletedInTheTransactionThatMarksTheDelivery) {
  Journal journal = open_journal();
  sell_to(journal, planted_);
  sell_to(journal, planted_);
  EXPECT_EQ(number("SELECT count(*) FROM event WHERE personal <> ''"), 2);
  ASSERT_TRUE(acknowledge(journal, 1).ok());
  EXPECT_EQ(number("SELECT count(*) FROM event WHERE personal <> ''"), 1);
  EXPECT_EQ(open_reader().event(Sequence(1))->personal, "");
  EXPECT_EQ(open(*open_reader().event(Sequence(2)))->invoice.customer, planted_);
  EXPECT_TRUE(open_reader().verify_chain().ok());
}

TEST_F(PersonalData, StaysWhileTheHubHoldsTheEventInQuarantine) {
  Journal journal = open_journal();
  sell_to(journal, planted_);
  SequenceRanges held;
  held.insert(Sequence(1));
  ASSERT_TRUE(journal.acknowledge({"hub-1", journal.incarnation(), {}, held, 50}).ok());
  EXPECT_EQ(open(*open_reader().event(Sequence(1)))->invoice.customer, planted_);
}

TEST_F(PersonalData, LeavesTheLogWithinAMinuteOfItsDelivery) {
  Journal journal = open_journal();
  a_minute_passes(journal);
  sell_to(journal, planted_);
  ASSERT_GT(stands("v1."), 0);
  ASSERT_TRUE(acknowledge(journal, 1).ok());
  a_minute_passes(journal);
  EXPECT_EQ(std::filesystem::file_size(folder_ / "journal.db-wal"), 0U);
}

TEST_F(PersonalData, ReaderInTheWayOnlyDelaysIt) {
  Journal journal = open_journal();
  sell_to(journal, planted_);
  ASSERT_TRUE(acknowledge(journal, 1).ok());
  {
    sql::Connection other =
        sql::Connection::open(settings_.file, {.access = sql::Access::kReadOnly}).value();
    sql::Statement open_rows = other.prepare("SELECT * FROM event").value();
    ASSERT_TRUE(open_rows.step().ok());
    a_minute_passes(journal);
    EXPECT_GT(std::filesystem::file_size(folder_ / "journal.db-wal"), 0U);
  }
  a_minute_passes(journal);
  EXPECT_EQ(std::filesystem::file_size(folder_ / "journal.db-wal"), 0U);
}

TEST_F(PersonalData, OfAnotherEventDoesNotOpenAndCostsNoSale) {
  Journal journal = open_journal();
  sell_to(journal, planted_);
  sell_to(journal, testing::asha());
  {
    sql::Connection db = sql::Connection::open(settings_.file).value();
    ASSERT_TRUE(db.execute("UPDATE event SET personal = (SELECT personal FROM event WHERE "
                           "sequence = 1) WHERE sequence = 2")
                    .ok());
  }
  const std::vector<Event> pending = open_reader().pending(Sequence(0), 10).value();
  ASSERT_EQ(pending.size(), 2U);
  EXPECT_EQ(open(pending[0])->invoice.customer, planted_);
  EXPECT_EQ(pending[1].personal, "");
  EXPECT_TRUE(open(pending[1]).ok()) << "the sale itself is whole";
}

TEST_F(PersonalData, ErasedOnRequestIsGoneEverywhereAndNoChainNotices) {
  Journal journal = open_journal();
  sell_to(journal, planted_);
  sell_to(journal, testing::asha());
  sell_to(journal, planted_, to_json(state_with(planted_, testing::asha())));
  const std::vector<Event> before = open_reader().events_from(Sequence(1), 10).value();

  const auto erased = journal.erase_customer(planted_.phone);
  ASSERT_TRUE(erased.ok()) << erased.error().message();
  EXPECT_TRUE(erased->remembered);
  EXPECT_EQ(erased->sales, 2);
  EXPECT_TRUE(erased->in_open_sale);
  EXPECT_EQ(std::filesystem::file_size(folder_ / "journal.db-wal"), 0U);

  JournalReader reader = open_reader();
  EXPECT_TRUE(reader.verify_chain().ok());
  EXPECT_EQ(reader.counts()->unsynced, 3) << "the sales themselves are still offered";
  const std::vector<Event> after = reader.events_from(Sequence(1), 10).value();
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(before[i].sealed, after[i].sealed);
  EXPECT_EQ(after[0].personal + after[2].personal, "");
  EXPECT_EQ(open(after[1])->invoice.customer, testing::asha());
  const CounterState state = parse_counter_state(*journal.counter_state()).value();
  EXPECT_EQ(state.customer, std::nullopt);
  EXPECT_EQ(state.held.at(0).customer, testing::asha());
  CustomerBook book = CustomerBook::open(settings_.file).value();
  EXPECT_EQ(*book.find(planted_.phone), std::nullopt);
  EXPECT_EQ(*book.find(testing::asha().phone), testing::asha());
  EXPECT_EQ(number("SELECT count(*) FROM event WHERE personal <> ''"), 1);
}

TEST_F(PersonalData, ErasingAStrangerChangesNothing) {
  Journal journal = open_journal();
  sell_to(journal, testing::asha(), "state");
  const auto erased = journal.erase_customer(planted_.phone);
  ASSERT_TRUE(erased.ok());
  EXPECT_FALSE(erased->remembered || erased->in_open_sale || erased->sales > 0);
  EXPECT_EQ(*journal.counter_state(), "state");
  EXPECT_EQ(open(*open_reader().event(Sequence(1)))->invoice.customer, testing::asha());
}

TEST_F(PersonalData, NotesMayGrowWithoutTheChainNoticing) {
  {
    Journal journal = open_journal();
    sell_to(journal, planted_);
    sell_to(journal, planted_);
  }
  {
    sql::Connection db = sql::Connection::open(settings_.file).value();
    ASSERT_TRUE(db.execute(R"(UPDATE event SET notes = '{"replayed":true,"seen":3}')").ok());
  }
  EXPECT_TRUE(open_reader().verify_chain().ok());
  Journal journal = open_journal();
  sell_to(journal, planted_);
  EXPECT_TRUE(open_reader().verify_chain().ok());
}

/// What the first version of the journal left behind: everything in the clear.
class OldJournal : public PersonalData {
 protected:
  OldJournal() {
    {
      Journal journal = open_journal();
      for (int i = 0; i < 3; ++i) sell_to(journal, planted_);
      EXPECT_TRUE(acknowledge(journal, 1).ok());
    }
    const Event event = open_reader().event(Sequence(2)).value();
    sql::Connection db = sql::Connection::open(settings_.file).value();
    sql::Statement plain = db.prepare("UPDATE event SET personal = ?").value();
    EXPECT_TRUE(plain.bind(event.personal).run().ok());
    sql::Statement state = db.prepare("UPDATE counter SET state = ?").value();
    EXPECT_TRUE(state.bind(to_json(state_with(planted_, planted_))).run().ok());
    EXPECT_TRUE(
        db.execute("DROP TABLE customer; ALTER TABLE identity DROP COLUMN personal_key;"
                   "DROP TABLE pruned; DROP TABLE day; DROP TABLE last_z; DROP TABLE refund;"
                   "DROP TABLE choice; DROP TABLE popular; DROP TABLE print;"
                   "ALTER TABLE identity DROP COLUMN series; PRAGMA user_version = 1")
            .ok());
  }
};

TEST_F(OldJournal, IsEncryptedWhenItIsOpened) {
  ASSERT_GT(stands(planted_), 0);
  Journal journal = open_journal();
  EXPECT_EQ(stands(planted_), 0);
  EXPECT_EQ(parse_counter_state(*journal.counter_state())->customer, planted_);
  EXPECT_EQ(open_reader().event(Sequence(1))->personal, "") << "head office had it already";
  EXPECT_EQ(open(*open_reader().event(Sequence(2)))->invoice.customer, planted_);
  EXPECT_TRUE(open_reader().verify_chain().ok());
  sell_to(journal, planted_);
}

class JournalKey : public PersonalData {
 protected:
  const SecretKey chain_{sha256("the chain")};
  const std::filesystem::path own_key_ = folder_ / "journal.db.key";
};

TEST_F(JournalKey, OfProvisioningTakesOverFromTheJournalsOwn) {
  {
    Journal journal = open_journal();
    sell_to(journal, planted_, "state");
  }
  ASSERT_TRUE(std::filesystem::exists(own_key_));
  settings_.personal_key = personal_key(chain_, "S01", "T03");
  Journal journal = open_journal();
  EXPECT_FALSE(std::filesystem::exists(own_key_)) << "nothing is under it any more";
  EXPECT_EQ(*journal.counter_state(), "state");
  JournalReader reader = JournalReader::open(settings_.file, settings_.personal_key).value();
  EXPECT_EQ(open(*reader.event(Sequence(1)))->invoice.customer, planted_);
  EXPECT_EQ(open_reader().event(Sequence(1))->personal, "") << "who has no key sees nobody";
}

TEST_F(JournalKey, ThatIsLostStopsTheTillWhileSomethingIsUnderIt) {
  {
    Journal journal = open_journal();
    sell_to(journal, planted_);
  }
  std::filesystem::remove(own_key_);
  const auto refused = try_open();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), Code::kFailedPrecondition);
  EXPECT_THAT(refused.error().message(), HasSubstr("1 sale(s)"));
  EXPECT_THAT(refused.error().message(), HasSubstr("journal.db.key"));
  EXPECT_FALSE(std::filesystem::exists(own_key_)) << "a new key would hide that one is missing";
}

TEST_F(JournalKey, ThatIsWrongIsRefused) {
  settings_.personal_key = personal_key(chain_, "S01", "T03");
  {
    Journal journal = open_journal();
    sell_to(journal, planted_);
  }
  settings_.personal_key = personal_key(SecretKey(sha256("another")), "S01", "T03");
  EXPECT_EQ(try_open().error().code(), Code::kFailedPrecondition);
}

}  // namespace
}  // namespace tillsight
