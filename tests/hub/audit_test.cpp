// Goal: the audit proves what is whole, and names the exact place of everything that is not.
// Method: one thing after the other is broken behind the hub's back; both sides of the same sales
// are compared.
#include "tillsight/hub/audit.hpp"

#include <gmock/gmock.h>

#include "tests/hub/head_office.hpp"

namespace tillsight::hub {
namespace {

using testing::a_line;
using testing::a_sale;
using ::testing::ElementsAre;
using testing::EventChain;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Audits : public HeadOffice {
 protected:
  Audit audit() {
    Audit found;
    const Status done = audit_hub(folder(), clock_, found, [](double) {});
    EXPECT_TRUE(done.ok()) << done.error().message();
    return found;
  }
  /// What somebody with a shell does.
  void tamper(std::string_view sql) {
    auto db = sql::Connection::open(folder() / "hub.db").value();
    const Status done = db.execute(sql);
    ASSERT_TRUE(done.ok()) << done.error().message();
  }
  void hear_of(std::int64_t last_committed) {
    TillStatus status;
    status.state = "online";
    status.session = "a";
    status.incarnation = till_.incarnation();
    status.last_committed = last_committed;
    receive(to_json(status), kStatusOfT01);
    flush();
  }
  std::string place(int sequence) const {
    return format("event S01/T01/{}/{}", till_.incarnation().value(), sequence);
  }

  EventChain till_;
};

TEST_F(Audits, ProveAWholeDatabaseAndAddItUp) {
  Invoice given_up = a_sale({a_line("orange", 500)}, clock_);
  given_up.kind = SaleKind::kVoid;
  given_up.tenders.clear();
  receive({till_.next(), till_.next(given_up), till_.next()});
  flush();
  const Audit found = audit();
  EXPECT_THAT(found.problems, IsEmpty());
  ASSERT_EQ(found.journals.size(), 1u);
  EXPECT_EQ(found.journals[0].events, 3);
  ASSERT_EQ(found.periods.size(), 1u);
  const auto& [key, sums] = *found.periods.begin();
  EXPECT_EQ(key.business_date, "2026-01-05");
  EXPECT_EQ(sums.sales, 2);
  EXPECT_EQ(sums.voids, 1);
  EXPECT_EQ(sums.sold.gross, 2 * (6 * 300 + 5632499));
  EXPECT_EQ(sums.by_tax_bp.at(0).gross, 2 * 6 * 300);
  EXPECT_EQ(sums.by_tax_bp.at(1800).net + sums.by_tax_bp.at(1800).tax, 2 * 5632499);
}

TEST_F(Audits, DaysTillsAndJournalsAreApart) {
  EventChain other("T02", 2);
  receive({till_.next()});
  Invoice tomorrow = a_sale();
  tomorrow.business_date = *parse_date("2026-01-06");
  receive({till_.next(tomorrow)});
  receive(to_cloud_events({other.next()}), topics::events(StoreId("S01"), TillId("T02")));
  flush();
  EXPECT_EQ(audit().periods.size(), 3u);
  EXPECT_EQ(audit().journals.size(), 2u);
}

TEST_F(Audits, WhatIsOnItsWayIsNoProblemAndWhatStaysAwayIsOne) {
  receive(sales(till_, 2));
  hear_of(4);
  EXPECT_THAT(audit().problems, IsEmpty());
  EXPECT_EQ(audit().remarks.size(), 1u);
  const std::string since = to_iso8601(clock_.utc_now());
  clock_.advance(std::chrono::minutes(2));
  EXPECT_THAT(audit().problems,
              ElementsAre(place(3) + ": is missing, and all up to 4, since " + since));
}

TEST_F(Audits, ChangedBytesAreFound) {
  receive(sales(till_, 3));
  flush();
  tamper("UPDATE event SET sealed = replace(sealed, '\"cash\"', '\"CASH\"') WHERE sequence = 2");
  const Audit found = audit();
  ASSERT_FALSE(found.problems.empty());
  EXPECT_THAT(found.problems[0], HasSubstr(place(2) + ": is not what was sealed"));
}

TEST_F(Audits, BytesThatWereChangedWithTheirHashBreakTheChain) {
  receive(sales(till_, 3));
  flush();
  EventChain forged;
  forged.next(a_sale({a_line("orange", 500)}, clock_));
  const Event other = forged.next();
  auto db = sql::Connection::open(folder() / "hub.db").value();
  auto update = db.prepare("UPDATE event SET sealed = ?, hash = ? WHERE sequence = 2").value();
  const Digest digest = hash(other);
  ASSERT_TRUE(update.bind(other.sealed, std::span(digest)).run().ok());
  const Audit found = audit();
  EXPECT_THAT(found.problems, ElementsAre(place(2) + ": does not continue the one before it",
                                          place(3) + ": does not continue the one before it"));
}

TEST_F(Audits, ChangedColumnsAreFound) {
  receive(sales(till_, 3));
  flush();
  tamper("UPDATE invoice SET gross = gross - 100 WHERE event_id = 2");
  tamper("UPDATE line SET quantity = 1 WHERE event_id = 3 AND line = 1");
  const Audit found = audit();
  ASSERT_EQ(found.problems.size(), 2u);
  EXPECT_THAT(found.problems[0], HasSubstr(place(2) + ": its columns say"));
  EXPECT_THAT(found.problems[1], HasSubstr(place(3) + ": its columns say"));
}

TEST_F(Audits, ASaleThatWasTakenOutIsFound) {
  receive(sales(till_, 3));
  flush();
  tamper(
      "PRAGMA foreign_keys = OFF; DELETE FROM line WHERE event_id = 2; DELETE FROM tender WHERE "
      "event_id = 2; DELETE FROM invoice WHERE event_id = 2; DELETE FROM event WHERE id = 2");
  EXPECT_THAT(audit().problems,
              ElementsAre(place(2) + ": was acknowledged and is not here, and so with all up to 2; "
                                     "restore a backup"));
}

TEST_F(Audits, QuarantineAndConflictsAreProblems) {
  EventChain copied;
  receive({till_.next()});
  receive({copied.next(a_sale({a_line("orange", 500)}, clock_))});
  std::string broken = to_cloud_events({till_.next()});
  broken.replace(broken.find("sale.v1"), 7, "sale.v9");
  receive(broken);
  flush();
  const Audit found = audit();
  ASSERT_EQ(found.problems.size(), 2u);
  EXPECT_THAT(found.problems[0], HasSubstr(place(2) + ": is in quarantine"));
  EXPECT_THAT(found.problems[1], HasSubstr(place(1) + ": has other bytes under the same number"));
}

TEST_F(Audits, TwoSidesOfTheSameSalesAreEqualAndOneSaleLessIsNot) {
  const std::vector<Event> events = sales(till_, 3);
  receive(events);
  flush();
  const Audit here = audit();
  Audit there;
  JournalAuditor auditor(there, StoreId("S01"), TillId("T01"), till_.incarnation());
  for (const Event& event : events) auditor.take(event, hash(event));
  EXPECT_THAT(differences(here, "hub", there, "till"), IsEmpty());
  auditor.take(till_.next(), Digest{});
  const auto found = differences(here, "hub", there, "till");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0], HasSubstr("2026-01-05 INR: hub has 3 events"));
  EXPECT_THAT(found[0], HasSubstr("till has 4 events"));
  EXPECT_THAT(differences(here, "hub", Audit(), "nobody"),
              ElementsAre("hub and nobody have no journal in common"));
}

}  // namespace
}  // namespace tillsight::hub
