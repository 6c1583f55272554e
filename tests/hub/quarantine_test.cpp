// Goal: what was refused is kept, bounded, offered again to a program that understands it, and goes
// only when a person says so; nothing of it ever holds a till up.
// Method: rubbish by the thousand; and events refused by an "older program", which is played by
// breaking them before they arrive and mending the stored bytes before they are replayed.
#include "tillsight/hub/quarantine.hpp"

#include <gmock/gmock.h>

#include "tests/hub/head_office.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::hub {
namespace {

using testing::EventChain;
using ::testing::HasSubstr;

const Decision kAsha{"asha", ""};

class Quarantine : public HeadOffice {
 protected:
  /// An event that this program refuses: its type is not the one that was sealed.
  std::string not_understood(const Event& event) {
    std::string payload = to_cloud_events({event});
    payload.replace(payload.find("tillsight.sale.v1"), 17, "tillsight.sale.v9");
    return payload;
  }
  /// A newer program is one that understands "v9".
  void understand() {
    auto db = sql::Connection::open(folder() / "persons.db").value();
    ASSERT_TRUE(db.execute("UPDATE quarantine SET raw = CAST(replace(CAST(raw AS TEXT), "
                           "'tillsight.sale.v9', 'tillsight.sale.v1') AS BLOB)")
                    .ok());
  }
  QuarantineList list() { return list_quarantine(folder()).value(); }

  EventChain till_;
};

TEST_F(Quarantine, IsListedWithItsReason) {
  receive(not_understood(till_.next()));
  receive("rubbish");
  receive("rubbish");
  flush();
  const QuarantineList found = list();
  ASSERT_EQ(found.rows.size(), 2u);
  EXPECT_EQ(found.rows[0].held->sequence, Sequence(1));
  EXPECT_THAT(found.rows[0].reason, HasSubstr("'type'"));
  EXPECT_FALSE(found.rows[1].held);
  EXPECT_EQ(found.rows[1].times, 2);
  EXPECT_TRUE(found.not_kept.empty());
}

TEST_F(Quarantine, WhatANewerProgramUnderstandsIsStoredAndAcknowledged) {
  receive(not_understood(till_.next()));
  receive({till_.next()});
  EXPECT_EQ(flush_one().held, ranges({{1, 1}}));
  stop();
  understand();
  start();
  const Replayed replayed = ingest_->replay({}, kAsha).value();
  EXPECT_EQ(replayed.stored, 1);
  EXPECT_EQ(replayed.still, 0);
  ASSERT_EQ(replayed.acks.size(), 1u);
  EXPECT_EQ(replayed.acks[0].ack.have, ranges({{1, 2}}));
  EXPECT_TRUE(replayed.acks[0].ack.held.empty());
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 2);
  EXPECT_EQ(number("SELECT verified_to FROM v_journals"), 2);
  EXPECT_TRUE(list().rows.empty());
  EXPECT_EQ(text("SELECT what || ' ' || who || ' ' || sequence FROM persons.quarantine_log"),
            "replayed asha 1");
}

TEST_F(Quarantine, WhatIsStillNotUnderstoodStays) {
  receive(not_understood(till_.next()));
  receive("rubbish");
  flush();
  const Replayed replayed = ingest_->replay({}, kAsha).value();
  EXPECT_EQ(replayed.stored, 0);
  EXPECT_EQ(replayed.still, 2);
  EXPECT_THAT(replayed.why, HasSubstr("number 1: "));
  EXPECT_EQ(list().rows.size(), 2u);
  EXPECT_EQ(list().rows[1].times, 1) << "it has not come again";
}

TEST_F(Quarantine, AReplayThatIsRepeatedStoresNothingTwice) {
  const Event event = till_.next();
  receive(not_understood(event));
  receive({event});
  flush();
  stop();
  understand();
  start();
  EXPECT_EQ(ingest_->replay({}, kAsha)->stored, 1);
  EXPECT_EQ(ingest_->replay({}, kAsha)->stored, 0);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 1);
  EXPECT_EQ(number("SELECT duplicates FROM v_journals"), 1);
}

TEST_F(Quarantine, OneNumberCanBeReplayedAlone) {
  receive(not_understood(till_.next()));
  receive(not_understood(till_.next()));
  flush();
  stop();
  understand();
  start();
  EXPECT_EQ(ingest_->replay(2, kAsha)->stored, 1);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 1);
  const auto none = ingest_->replay(77, kAsha);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code(), Code::kNotFound);
}

TEST_F(Quarantine, IsDroppedOnlyWithARecord) {
  receive(not_understood(till_.next()));
  flush();
  const Decision why{"asha", "a test box"};
  ASSERT_TRUE(store_->settle_dropped(1, why, clock_.utc_now()).ok());
  EXPECT_TRUE(list().rows.empty());
  EXPECT_EQ(text("SELECT what || ' ' || who || ' ' || reason FROM persons.quarantine_log"),
            "dropped asha a test box");
  EXPECT_EQ(number("SELECT held FROM v_journals"), 1) << "its number is not asked for again";
  const Status again = store_->settle_dropped(1, why, clock_.utc_now());
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code(), Code::kNotFound);
}

TEST_F(Quarantine, OneTillCannotFillTheDiskAndKeepsNobodyWaiting) {
  for (int i = 0; i < kQuarantineRowsPerSender + 300; ++i) {
    receive(format("rubbish {}", i));
    if (i % 100 == 0) flush();
  }
  const std::string of_t02 = topics::events(StoreId("S01"), TillId("T02"));
  EventChain other("T02", 2);
  receive("rubbish of another", of_t02);
  receive(to_cloud_events({other.next()}), of_t02);
  receive(not_understood(till_.next()));
  for (const AddressedAck& ack : flush()) {
    const bool flooder = ack.till == TillId("T01");
    EXPECT_EQ(ack.ack.held, flooder ? ranges({{1, 1}}) : SequenceRanges());
    EXPECT_EQ(ack.ack.have, flooder ? SequenceRanges() : ranges({{1, 1}}));
  }
  const QuarantineList found = list();
  EXPECT_EQ(std::ssize(found.rows), kQuarantineRowsPerSender + 1);
  ASSERT_EQ(found.not_kept.size(), 1u);
  EXPECT_EQ(found.not_kept[0].sender, "S01/T01");
  EXPECT_EQ(found.not_kept[0].times, 301);
}

TEST_F(Quarantine, LargeRubbishIsBoundedByItsBytes) {
  const std::string large(100'000, 'x');
  const auto fit = kQuarantineBytesPerSender / std::ssize(large);
  for (std::int64_t i = 0; i < fit + 10; ++i) {
    receive(large + std::to_string(i));
    flush();
  }
  EXPECT_LE(number("SELECT sum(length(raw)) FROM persons.quarantine"), kQuarantineBytesPerSender);
  EXPECT_GT(number("SELECT sum(length(raw)) FROM persons.quarantine"),
            kQuarantineBytesPerSender * 9 / 10);
  ASSERT_TRUE(store_->settle_dropped(1, {"asha", "rubbish"}, clock_.utc_now()).ok());
  const std::int64_t before = number("SELECT count(*) FROM persons.quarantine");
  receive("there is room again");
  flush();
  EXPECT_EQ(number("SELECT count(*) FROM persons.quarantine"), before + 1);
}

TEST_F(Quarantine, NumbersWithHolesGiveAnAcknowledgementThatFitsAMessage) {
  std::vector<Event> events = sales(till_, 6'000);
  for (std::size_t i = 0; i < events.size(); i += 2) receive({events[i]});
  const Ack ack = flush_one();
  EXPECT_LE(to_json(ack).size(), 128u * 1024);
  EXPECT_TRUE(parse_ack(to_json(ack)).ok());
  EXPECT_TRUE(ack.have.contains(Sequence(1)));
  EXPECT_TRUE(ack.have.contains(Sequence(5'999)));
}

}  // namespace
}  // namespace tillsight::hub
