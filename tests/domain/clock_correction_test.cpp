// Goal: a clock correction survives its way unchanged, chained like every event, and one that
// contradicts itself is refused.
// Method: there and back; one changed field each.
#include "tillsight/domain/clock_correction.hpp"

#include <gmock/gmock.h>

#include "tests/support/sales.hpp"

namespace tillsight {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::HasSubstr;

class Correction : public ::testing::Test {
 protected:
  Event sealed() const { return seal(correction_, chain_); }
  /// Why the event is refused after `from` has become `to` in what was sealed.
  std::string refusal(std::string_view from, std::string_view to) const {
    Event event = sealed();
    const auto at = event.sealed.find(from);
    if (at == std::string::npos) return "there is no such field";
    event.sealed.replace(at, from.size(), to);
    const auto received = from_cloud_events(to_cloud_events({event}));
    return received.at(0).event.ok() ? "accepted" : received[0].event.error().message();
  }

  static FakeClock& three_hours_on(FakeClock& clock) {
    clock.advance(hours(3));
    return clock;
  }

  FakeClock clock_;
  const Chain chain_{
      {StoreId("S01"), TillId("T01"), Incarnation(std::string(32, 'a')), Sequence(7)},
      {},
      sha256("the one before")};
  const ClockCorrection correction_{UtcTime(seconds(86'400)), read(three_hours_on(clock_))};
};

TEST_F(Correction, TravelsAndComesBackAsItWas) {
  const auto received = from_cloud_events(to_cloud_events({sealed()}));
  ASSERT_EQ(received.size(), 1U);
  ASSERT_TRUE(received[0].event.ok()) << received[0].event.error().message();
  const Event& event = *received[0].event;
  EXPECT_EQ(event.sealed, sealed().sealed);
  EXPECT_EQ(event.type, kClockCorrectionType);
  EXPECT_EQ(event.time, to_iso8601(clock_.utc_now()));
  EXPECT_FALSE(holds_invoice(event.type));
  EXPECT_EQ(*open_clock_correction(event), correction_);
  EXPECT_EQ(open_chain(event)->identity, chain_.identity);
  EXPECT_EQ(open_chain(event)->previous, chain_.previous);
}

TEST_F(Correction, ThatContradictsItselfIsRefused) {
  EXPECT_THAT(refusal("\"utc_before\":\"1970", "\"utc_before\":\"late"), HasSubstr("utc_before"));
  EXPECT_THAT(refusal("\"utc\":\"2026", "\"utc\":\"2025"), HasSubstr("time"));
  EXPECT_THAT(refusal("\"clock_trusted\":true", "\"clock_trusted\":1"), HasSubstr("clock_trusted"));
  EXPECT_THAT(refusal("\"monotonic_ms\":", "\"monotonic_ms\":-"), HasSubstr("monotonic_ms"));
  EXPECT_THAT(refusal("\"kind\":\"clock_correction\"", "\"kind\":\"sale\""), HasSubstr("type"));
}

TEST_F(Correction, ClockIsReadFromEveryKindOfEvent) {
  EXPECT_EQ(*clock_of(sealed()), read(clock_));
  testing::EventChain till;
  const Event sale = till.next(testing::a_sale({testing::a_line("apple", 200)}, clock_));
  EXPECT_EQ(*clock_of(sale), read(clock_));
  Event later = sealed();
  later.type = "tillsight.day_close.v1";
  EXPECT_EQ(clock_of(later).error().code(), Code::kNotFound);
}

}  // namespace
}  // namespace tillsight
