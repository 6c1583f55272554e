// Goal: the journal numbers, links and keeps every event, refuses what must not be in it, and
// believes the file rather than its memory when the medium fails.
// Method: real files; a disk that fails on demand; edits behind the journal's back.
#include "tillsight/journal/journal.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <fstream>

#include "tests/journal/failing_disk.hpp"
#include "tests/journal/till_box.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

using testing::FailingDisk;
using ::testing::HasSubstr;
using testing::some_invoice;
using testing::state_after;

class JournalTest : public testing::TillBox {
 protected:
  /// What nobody but SQLite may do to a journal.
  void edit(std::string_view sql) {
    sql::Connection db = sql::Connection::open(settings_.file).value();
    const Status done = db.execute(sql);
    ASSERT_TRUE(done.ok()) << done.error().message();
  }
};

TEST_F(JournalTest, BeginsEmptyUnderANewIncarnationAndKeepsIt) {
  Incarnation first;
  {
    Journal journal = open_journal();
    EXPECT_EQ(journal.last_sequence(), Sequence(0));
    EXPECT_EQ(*journal.counter_state(), "");
    first = journal.incarnation();
  }
  EXPECT_EQ(open_journal().incarnation(), first);
  settings_.file = folder_ / "another.db";
  EXPECT_NE(open_journal().incarnation(), first);
}

TEST_F(JournalTest, NumbersEveryEventAndInvoicesOnlySales) {
  Journal journal = open_journal();
  std::int64_t sales = 0;
  Digest previous{};
  for (std::int64_t sequence = 1; sequence <= 60; ++sequence) {
    const Invoice invoice = some_invoice(random_, clock_);
    const Event event = journal.append(invoice, "{}").value();
    const Chain chain = open_chain(event).value();
    EXPECT_EQ(chain.identity, (EventIdentity{settings_.store, settings_.till, journal.incarnation(),
                                             Sequence(sequence)}));
    EXPECT_EQ(chain.previous, previous);
    previous = hash(event);
    ASSERT_EQ(chain.invoice_no.has_value(), invoice.kind == SaleKind::kSale);
    if (chain.invoice_no) {
      EXPECT_EQ(*chain.invoice_no, (InvoiceNumber{settings_.till, 1, ++sales}));
    }
  }
  EXPECT_TRUE(open_reader().verify_chain().ok());
}

TEST_F(JournalTest, GoesOnAfterARestartAsIfThereWasNone) {
  for (int restart = 0; restart < 5; ++restart) {
    Journal journal = open_journal();
    EXPECT_EQ(journal.last_sequence(), Sequence(restart * 7));
    if (restart > 0) {
      EXPECT_EQ(*journal.counter_state(), state_after(restart * 7));
    }
    sell(journal, 7);
  }
  EXPECT_TRUE(open_reader().verify_chain().ok());
}

TEST_F(JournalTest, KeepsTheLatestCounterState) {
  Journal journal = open_journal();
  ASSERT_TRUE(journal.save_counter_state(R"({"lines":1})").ok());
  ASSERT_TRUE(journal.save_counter_state(R"({"lines":2})").ok());
  EXPECT_EQ(*journal.counter_state(), R"({"lines":2})");
}

TEST_F(JournalTest, InvoiceThatBreaksALawIsRefusedAndTakesNoNumber) {
  Journal journal = open_journal();
  Invoice wrong = testing::a_sale();
  wrong.gross += Money::minor(1);
  EXPECT_EQ(journal.append(wrong, "{}").error().code(), Code::kInvalidArgument);
  EXPECT_EQ(*journal.counter_state(), "");
  sell(journal, 1);
}

TEST_F(JournalTest, SaleThatFitsNoMessageIsRefusedBeforePayment) {
  Journal journal = open_journal();
  std::vector<InvoiceLine> lines(limits::kLinesPerSale, testing::a_line("apple", 200));
  for (InvoiceLine& line : lines) line.item = std::string(limits::kNameBytes, 'x');
  const auto refused = journal.append(testing::a_sale(lines, clock_), "{}");
  EXPECT_EQ(refused.error().code(), Code::kInvalidArgument);
  EXPECT_THAT(refused.error().message(), HasSubstr("split it into two sales"));
  EXPECT_EQ(journal.last_sequence(), Sequence(0));
}

TEST_F(JournalTest, OtherTillsJournalIsNotTouched) {
  { Journal journal = open_journal(); }
  settings_.till = TillId("T04");
  const auto refused = try_open();
  EXPECT_EQ(refused.error().code(), Code::kFailedPrecondition);
  EXPECT_THAT(refused.error().message(), HasSubstr("S01/T03, not of S01/T04"));
}

TEST_F(JournalTest, ChangedLastEventIsFoundWhenOpening) {
  {
    Journal journal = open_journal();
    sell(journal, 3);
  }
  edit("UPDATE event SET sealed = replace(sealed, 'INR', 'USD') WHERE sequence = 3");
  const auto refused = try_open();
  EXPECT_EQ(refused.error().code(), Code::kDataLoss);
  EXPECT_THAT(refused.error().message(), HasSubstr("event 3 is not what was sealed"));
  EXPECT_THAT(refused.error().message(), HasSubstr("move it away"));
}

TEST_F(JournalTest, MissingLinkBeforeTheLastEventIsFoundWhenOpening) {
  {
    Journal journal = open_journal();
    sell(journal, 3);
  }
  edit("DELETE FROM outbox WHERE sequence = 2; DELETE FROM event WHERE sequence = 2");
  const auto refused = try_open();
  EXPECT_EQ(refused.error().code(), Code::kDataLoss);
  EXPECT_THAT(refused.error().message(), HasSubstr("event 3 is not linked"));
}

TEST_F(JournalTest, DamagedFileIsDataLoss) {
  {
    Journal journal = open_journal();
    sell(journal, 30);
  }
  std::fstream file(settings_.file, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096);
  file << std::string(100'000, '\xa5');
  file.close();
  EXPECT_EQ(try_open().error().code(), Code::kDataLoss);
}

TEST_F(JournalTest, FullDiskWritesNothingHalfAndGoesOnWhenThereIsRoom) {
  FailingDisk disk;
  Journal journal = open_journal();
  sell(journal, 2);
  disk.fail(FailingDisk::Operation::kWrite, SQLITE_FULL);
  const auto refused = journal.append(testing::a_sale(), state_after(3));
  EXPECT_EQ(refused.error().code(), Code::kResourceExhausted);
  EXPECT_THAT(refused.error().message(), HasSubstr("/3: "));
  EXPECT_EQ(journal.save_counter_state("{}").error().code(), Code::kResourceExhausted);
  EXPECT_EQ(journal.last_sequence(), Sequence(2));
  EXPECT_EQ(*journal.counter_state(), state_after(2));
  disk.heal();
  sell(journal, 2);
  EXPECT_EQ(open_reader().counts()->unsynced, 4);
  EXPECT_TRUE(open_reader().verify_chain().ok());
}

TEST_F(JournalTest, FailedSyncIsNotASaleAndTheNextOneTakesItsNumber) {
  FailingDisk disk;
  Journal journal = open_journal();
  sell(journal, 2);
  disk.fail(FailingDisk::Operation::kSync, SQLITE_IOERR_FSYNC);
  EXPECT_EQ(journal.append(testing::a_sale(), state_after(3)).error().code(), Code::kUnavailable);
  disk.heal();
  EXPECT_EQ(*journal.counter_state(), state_after(2));
  sell(journal, 2);
  EXPECT_EQ(journal.last_sequence(), Sequence(4));
  EXPECT_TRUE(open_reader().verify_chain().ok());
}

TEST_F(JournalTest, TakesNoMoreWritesOnceTheFileWasFoundDamaged) {
  FailingDisk disk;
  Journal journal = open_journal();
  sell(journal, 1);
  disk.fail(FailingDisk::Operation::kWrite, SQLITE_CORRUPT);
  EXPECT_EQ(journal.append(testing::a_sale(), "{}").error().code(), Code::kDataLoss);
  disk.heal();
  EXPECT_EQ(journal.append(testing::a_sale(), "{}").error().code(), Code::kDataLoss);
  EXPECT_EQ(journal.save_counter_state("{}").error().code(), Code::kDataLoss);
  EXPECT_EQ(*journal.counter_state(), state_after(1)) << "reading goes on";
}

TEST_F(JournalTest, LogStaysBoundedWhenIdleTimeIsUsed) {
  Journal journal = open_journal();
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(
        journal.save_counter_state(std::string(9'000, static_cast<char>('a' + i % 26))).ok());
    ASSERT_TRUE(journal.checkpoint().ok());
  }
  EXPECT_LT(std::filesystem::file_size(folder_ / "journal.db-wal"), 3'000'000U);
}

}  // namespace
}  // namespace tillsight
