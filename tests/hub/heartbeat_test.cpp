// Goal: head office knows which tills are there and what they have that is not here, since when; no
// late word of an old connection makes it believe otherwise.
// Method: heartbeats and wills arrive in every awkward order; the views are asked.
#include <gtest/gtest.h>

#include "tests/hub/head_office.hpp"

namespace tillsight::hub {
namespace {

using std::chrono::minutes;
using testing::EventChain;

class Heartbeats : public HeadOffice {
 protected:
  std::string status(std::string_view state, std::string_view session, std::int64_t committed) {
    TillStatus status;
    status.state = state;
    status.session = session;
    status.incarnation = till_.incarnation();
    status.last_committed = committed;
    return to_json(status);
  }
  void hear(std::string_view state, std::string_view session, std::int64_t committed = 0) {
    receive(status(state, session, committed), kStatusOfT01);
    flush();
  }
  std::string state() { return text("SELECT state FROM v_tills"); }
  std::string now() { return to_iso8601(clock_.utc_now()); }

  EventChain till_;
};

TEST_F(Heartbeats, AHeartbeatShowsALostTail) {
  receive(sales(till_, 2));
  receive(status("online", "a", 4), kStatusOfT01);
  flush();
  ASSERT_EQ(store_->gaps().size(), 1u);
  EXPECT_EQ(store_->gaps()[0].missing, (SequenceRange{3, 4}));
  EXPECT_EQ(number("SELECT first * 100 + last FROM v_gaps"), 304);
}

TEST_F(Heartbeats, TheWillOfAnEndedSessionIsIgnored) {
  receive(status("online", "a", 1), kStatusOfT01);
  receive(status("online", "b", 2), kStatusOfT01);
  receive(status("offline", "a", 1), kStatusOfT01);
  flush();
  EXPECT_EQ(text("SELECT state FROM v_tills"), "online");
  receive(status("offline", "b", 1), kStatusOfT01);
  flush();
  EXPECT_EQ(text("SELECT state FROM v_tills"), "offline");
  EXPECT_EQ(number("SELECT last_committed FROM v_journals"), 2);
}

TEST_F(Heartbeats, HowOftenNobodyHadToCorrectStaysWhenATillGoes) {
  TillStatus working = *parse_till_status(status("online", "a", 1));
  working.figures = TillFigures{.sales = 5, .camera_sales = 4, .no_touch_sales = 3};
  receive(to_json(working), kStatusOfT01);
  hear("offline", "a");
  EXPECT_EQ(number("SELECT sales * 100 + camera_sales * 10 + no_touch_sales FROM v_tills"), 543);
}

TEST_F(Heartbeats, TakingARetiredTillOffTheBrokerIsNoError) {
  receive("", kStatusOfT01);
  EXPECT_TRUE(ingest_->empty());
}

TEST_F(Heartbeats, NoWillOfAnyOldSessionTakesANewOneDown) {
  for (const char* session : {"a", "b", "c", "d"}) hear("online", session);
  for (const char* session : {"b", "a", "c"}) {
    hear("offline", session);
    EXPECT_EQ(state(), "online") << session;
  }
  restart();
  hear("offline", "a");
  EXPECT_EQ(state(), "online");
  hear("offline", "d");
  EXPECT_EQ(state(), "offline");
}

TEST_F(Heartbeats, TheWillOfASessionWhoseBirthWasLostCounts) {
  hear("online", "a");
  hear("offline", "b");
  EXPECT_EQ(state(), "offline");
}

TEST_F(Heartbeats, ThousandsOfSessionsLeaveAFew) {
  for (int session = 0; session < 2'000; ++session) {
    receive(status("online", format("s{}", session), 0), kStatusOfT01);
  }
  flush();
  EXPECT_EQ(number("SELECT count(*) FROM till_session"), 64);
  hear("offline", "s1990");
  EXPECT_EQ(state(), "online");
}

TEST_F(Heartbeats, AWillThatIsBehindTakesNoNumberBack) {
  hear("online", "a", 9);
  hear("offline", "a", 3);
  EXPECT_EQ(number("SELECT last_committed FROM v_journals"), 9);
  EXPECT_EQ(number("SELECT missing FROM v_tills"), 9);
}

TEST_F(Heartbeats, ALostTailIsMissingSinceItWasFirstToldOf) {
  receive(sales(till_, 2));
  hear("online", "a", 2);
  EXPECT_EQ(number("SELECT missing FROM v_tills"), 0);
  EXPECT_EQ(number("SELECT missing_since IS NULL FROM v_tills"), 1);
  clock_.advance(minutes(1));
  const std::string first_told = now();
  hear("online", "a", 4);
  clock_.advance(minutes(60));
  hear("online", "a", 5);
  restart();
  EXPECT_EQ(number("SELECT missing FROM v_tills"), 3);
  EXPECT_EQ(text("SELECT missing_since FROM v_tills"), first_told);
  EXPECT_EQ(text("SELECT missing_since FROM v_journals"), first_told);
  EXPECT_EQ(text("SELECT since FROM v_gaps"), first_told);
}

TEST_F(Heartbeats, AGapThatShrinksKeepsItsAge) {
  const std::vector<Event> events = sales(till_, 9);
  receive({events[0], events[8]});
  flush();
  const std::string before = now();
  clock_.advance(minutes(5));
  receive({events[4]});
  flush();
  EXPECT_EQ(number("SELECT count(*) FROM v_gaps"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM v_gaps WHERE since <> '" + before + "'"), 0);
  receive({events[1], events[2], events[3]});
  clock_.advance(minutes(5));
  hear("online", "a", 12);
  EXPECT_EQ(number("SELECT count(*) FROM v_gaps WHERE first = 10 AND last = 12 AND since = '" +
                   now() + "'"),
            1);
  receive({events[5], events[6], events[7]});
  flush();
  EXPECT_EQ(number("SELECT count(*) FROM v_gaps"), 1);
}

}  // namespace
}  // namespace tillsight::hub
