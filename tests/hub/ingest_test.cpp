// Goal: whatever order and however often tills send, each event is in the database once, and a till
// is told exactly what is durable.
// Method: events sealed by the domain go in through receive() and flush(); what is stored is read
// over a second connection.
#include "tillsight/hub/ingest.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "tests/hub/head_office.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::hub {
namespace {

using testing::a_line;
using testing::a_sale;
using testing::EventChain;
using ::testing::HasSubstr;

class Ingesting : public HeadOffice {
 protected:
  std::string status(std::string_view state, std::string_view session, std::int64_t committed) {
    TillStatus status;
    status.state = state;
    status.session = session;
    status.incarnation = till_.incarnation();
    status.last_committed = committed;
    return to_json(status);
  }

  EventChain till_;
};

TEST_F(Ingesting, StoresASaleAsTypedColumns) {
  receive({till_.next()});
  flush();
  EXPECT_EQ(number("SELECT gross FROM v_invoices"), 6 * 300 + 5632499);
  EXPECT_EQ(text("SELECT invoice_no FROM v_invoices"),
            to_string(InvoiceNumber{TillId("T01"), 1, 1}));
  EXPECT_EQ(text("SELECT date || ' ' || time || ' ' || weekday FROM v_invoices"),
            "2026-01-05 14:30:00 Monday");
  EXPECT_EQ(number("SELECT count(*) FROM v_lines"), 2);
  EXPECT_EQ(number("SELECT quantity FROM v_lines WHERE sku = 'banana'"), 6);
  EXPECT_EQ(text("SELECT confidence FROM v_lines WHERE sku = 'banana'"), "0.9");
  EXPECT_EQ(number("SELECT amount FROM v_tenders WHERE type = 'cash'"), 6 * 300 + 5632499);
}

TEST_F(Ingesting, RemembersTheChange) {
  Invoice sale = a_sale({a_line("banana", 300)}, clock_);
  sale.tenders = {{"cash", Money::minor(300), Money::minor(200)}};
  receive({till_.next(sale)});
  flush();
  EXPECT_EQ(number("SELECT amount FROM v_tenders"), 300);
  EXPECT_EQ(number("SELECT change FROM v_tenders"), 200);
}

TEST_F(Ingesting, NotesGrowWithEachArrivalAndTouchNeitherHashNorChain) {
  const std::vector<Event> events = sales(till_, 2);
  receive({events[0]});
  receive({events[1]});
  flush();
  for (const int times : {1, 2}) {
    receive(with_replay_note(to_cloud_events({events[0]}), times));
    EXPECT_EQ(flush_one().have, ranges({{1, 2}}));
  }
  Event seen_by_a_relay = events[0];
  seen_by_a_relay.notes = R"({"relay":"north"})";
  receive({seen_by_a_relay});
  flush();
  EXPECT_EQ(text("SELECT notes FROM event WHERE sequence = 1"), R"({"replay":2,"relay":"north"})");
  EXPECT_EQ(text("SELECT sealed FROM event WHERE sequence = 1"), events[0].sealed);
  EXPECT_EQ(ingest_->counters().duplicates, 3);
  EXPECT_EQ(ingest_->counters().conflicts, 0);
  EXPECT_EQ(number("SELECT verified_to FROM v_journals"), 2);
  EXPECT_EQ(number("SELECT chain_breaks FROM v_journals"), 0);
}

TEST_F(Ingesting, NotesDoNotGrowWithoutEnd) {
  Event event = till_.next();
  for (int i = 0; i < 100; ++i) {
    event.notes = format(R"({{"note{}":"{}"}})", i, std::string(100, 'x'));
    receive({event});
    flush();
  }
  EXPECT_LE(number("SELECT length(notes) FROM event"), 1024);
}

TEST_F(Ingesting, KeepsWhatWasSealedToTheByte) {
  const Event event = till_.next();
  receive({event});
  flush();
  EXPECT_EQ(text("SELECT sealed FROM event"), event.sealed);
}

TEST_F(Ingesting, AcknowledgesOnlyWhatIsCommitted) {
  receive(sales(till_, 3));
  EXPECT_EQ(number("SELECT count(*) FROM event"), 0);
  const Ack ack = flush_one();
  EXPECT_EQ(number("SELECT count(*) FROM event"), 3);
  EXPECT_EQ(ack.have, ranges({{1, 3}}));
  EXPECT_EQ(ack.incarnation, till_.incarnation());
  EXPECT_EQ(ack.hub_epoch, store_->epoch());
}

TEST_F(Ingesting, IsDueWhenABatchIsFullOrHasWaited) {
  EXPECT_FALSE(ingest_->due(clock_.monotonic_now()));
  receive({till_.next()});
  EXPECT_FALSE(ingest_->due(clock_.monotonic_now()));
  clock_.advance(IngestSettings().batch_wait);
  EXPECT_TRUE(ingest_->due(clock_.monotonic_now()));
  flush();
  EXPECT_FALSE(ingest_->due(clock_.monotonic_now()));
  for (int i = 0; i < 10; ++i) receive(sales(till_, 50));
  EXPECT_TRUE(ingest_->due(clock_.monotonic_now()));
}

TEST_F(Ingesting, AnEventSentAgainIsStoredOnce) {
  const std::vector<Event> events = sales(till_, 2);
  receive(events);
  receive(events);
  EXPECT_EQ(flush_one().have, ranges({{1, 2}}));
  receive(events);
  EXPECT_EQ(flush_one().have, ranges({{1, 2}}));
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 2);
  EXPECT_EQ(ingest_->counters().stored, 2);
  EXPECT_EQ(ingest_->counters().duplicates, 4);
  EXPECT_EQ(number("SELECT duplicates FROM v_journals"), 4);
}

TEST_F(Ingesting, AnyOrderAndAnyRepetitionEndsTheSame) {
  std::mt19937 chance(11);
  std::vector<Event> sent = sales(till_, 40);
  const std::vector<Event> once = sent;
  for (int i = 0; i < 40; ++i) sent.push_back(once[chance() % once.size()]);
  std::shuffle(sent.begin(), sent.end(), chance);
  for (std::size_t i = 0; i < sent.size(); i += 7) {
    receive({sent.begin() + static_cast<long>(i),
             sent.begin() + static_cast<long>(std::min(i + 7, sent.size()))});
    if (chance() % 2 == 0) flush();
    if (chance() % 5 == 0) {
      flush();
      restart();
    }
  }
  flush();
  const JournalState state = store_->state({StoreId("S01"), TillId("T01"), till_.incarnation()});
  EXPECT_EQ(state.have, ranges({{1, 40}}));
  EXPECT_EQ(state.verified_to, 40);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 40);
  EXPECT_EQ(number("SELECT sum(gross) FROM v_invoices"), 40 * (6 * 300 + 5632499));
  EXPECT_EQ(number("SELECT count(*) FROM chain_break"), 0);
}

TEST_F(Ingesting, AGapIsSeenUntilItCloses) {
  const std::vector<Event> events = sales(till_, 5);
  receive({events[0], events[1], events[4]});
  EXPECT_EQ(flush_one().have, ranges({{1, 2}, {5, 5}}));
  ASSERT_EQ(store_->gaps().size(), 1u);
  EXPECT_EQ(store_->gaps()[0].missing, (SequenceRange{3, 4}));
  EXPECT_EQ(number("SELECT first * 100 + last FROM v_gaps"), 304);
  receive({events[3], events[2]});
  EXPECT_EQ(flush_one().have, ranges({{1, 5}}));
  EXPECT_TRUE(store_->gaps().empty());
  EXPECT_EQ(number("SELECT count(*) FROM v_gaps"), 0);
}

TEST_F(Ingesting, ATillThatConnectsIsToldWhatIsHere) {
  receive(sales(till_, 2));
  flush();
  restart();
  receive(status("online", "b", 2), kStatusOfT01);
  EXPECT_EQ(flush_one().have, ranges({{1, 2}}));
}

TEST_F(Ingesting, ATillThatIsNewIsToldThatNothingIsHere) {
  receive(status("online", "a", 9), kStatusOfT01);
  const Ack ack = flush_one();
  EXPECT_TRUE(ack.have.empty());
  EXPECT_EQ(ack.incarnation, till_.incarnation());
}

TEST_F(Ingesting, OtherBytesUnderOneIdentityAreKeptApart) {
  EventChain copied;  // the same seed: a copied disk, so the same incarnation
  receive({till_.next()});
  flush();
  const Event other = copied.next(a_sale({a_line("orange", 500)}, clock_));
  receive({other});
  receive({other});
  EXPECT_EQ(flush_one().have, ranges({{1, 1}}));
  EXPECT_EQ(ingest_->counters().conflicts, 2);
  EXPECT_EQ(number("SELECT count(*) FROM v_conflicts"), 1);
  EXPECT_EQ(text("SELECT refused FROM v_conflicts"), other.sealed);
  EXPECT_EQ(number("SELECT sum(gross) FROM v_invoices"), 6 * 300 + 5632499);
}

TEST_F(Ingesting, ABreakInTheChainIsRecordedAndTheEventsStay) {
  EventChain rewritten;
  rewritten.next(a_sale({a_line("orange", 500)}, clock_));
  receive({till_.next(), rewritten.next(), rewritten.next()});
  flush();
  EXPECT_EQ(ingest_->counters().chain_breaks, 1);
  EXPECT_EQ(number("SELECT sequence FROM chain_break"), 2);
  EXPECT_EQ(number("SELECT verified_to FROM v_journals"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 3);
}

TEST_F(Ingesting, AnotherIncarnationCountsAnew) {
  EventChain reimaged("T01", 2);
  receive(sales(till_, 2));
  receive(sales(reimaged, 1));
  const auto acks = flush();
  EXPECT_EQ(acks.size(), 2u);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM v_conflicts"), 0);
}

TEST_F(Ingesting, AVoidIsKeptWithoutANumber) {
  Invoice given_up = a_sale({a_line("orange", 500)}, clock_);
  given_up.kind = SaleKind::kVoid;
  given_up.tenders.clear();
  given_up.reason = "customer left";
  receive({till_.next(given_up)});
  flush();
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices WHERE kind = 'void' AND invoice_no IS NULL"),
            1);
}

TEST_F(Ingesting, AnEventOfALaterVersionIsKeptAndAcknowledged) {
  Event later = till_.next();
  later.type = "tillsight.cash-movement.v1";
  later.sealed.replace(later.sealed.find("\"sale\""), 6, "\"cash-movement\"");
  receive({later});
  EXPECT_EQ(flush_one().have, ranges({{1, 1}}));
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 0);
  EXPECT_EQ(text("SELECT sealed FROM event"), later.sealed);
  EXPECT_EQ(number("SELECT verified_to FROM v_journals"), 1);
}

TEST_F(Ingesting, TheWindowSharesTheBrokersQueue) {
  receive({till_.next()});
  EXPECT_EQ(flush_one().window, 50);
  for (int i = 0; i < 99; ++i) {
    const TillId other(format("X{}", i));
    receive(status("online", "a", 0), topics::status(StoreId("S01"), other));
  }
  for (const AddressedAck& ack : flush()) EXPECT_EQ(ack.ack.window, 800 / 100);
}

TEST_F(Ingesting, ShedsLoadWhenTheDatabaseDoesNotKeepUp) {
  Ingest small(*store_, clock_, {.pending_bytes_max = 4000});
  const std::string one = to_cloud_events({till_.next()});
  int taken = 0;
  Status last;
  while (taken < 100 && (last = small.receive(kEventsOfT01, one)).ok()) ++taken;
  ASSERT_FALSE(last.ok());
  EXPECT_EQ(last.error().code(), Code::kResourceExhausted);
  EXPECT_GE(taken, 1);
  EXPECT_LE(taken, 4);
  EXPECT_EQ(small.counters().shed, 1);
  ASSERT_TRUE(small.flush().ok());
  EXPECT_TRUE(small.receive(kEventsOfT01, one).ok());
}

TEST_F(Ingesting, ACommitThatFailsAcknowledgesNothingAndIsTriedAgain) {
  receive(sales(till_, 2));
  {
    auto intruder = sql::Connection::open(folder() / "hub.db").value();
    auto held = sql::Transaction::begin(intruder).value();
    const auto acks = ingest_->flush();
    ASSERT_FALSE(acks.ok());
    EXPECT_EQ(acks.error().code(), Code::kAborted);
    EXPECT_TRUE(store_->state({StoreId("S01"), TillId("T01"), till_.incarnation()}).have.empty());
  }
  EXPECT_EQ(flush_one().have, ranges({{1, 2}}));
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 2);
}

}  // namespace
}  // namespace tillsight::hub
