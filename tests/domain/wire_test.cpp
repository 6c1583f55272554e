// Goal: till and hub understand each other exactly, and a stranger's message is refused by field.
// Method: round trips and one damage each.
#include "tillsight/domain/wire.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tillsight {
namespace {

using ::testing::HasSubstr;

const Incarnation kIncarnation("0123456789abcdef0123456789abcdef");

TEST(Topics, NameTheTillAndNothingElse) {
  const std::string topic = topics::events(StoreId("S01"), TillId("T03"));
  EXPECT_EQ(topic, "tillsight/v1/till/S01/T03/events");
  const auto address = topics::parse(topic);
  ASSERT_TRUE(address.ok());
  EXPECT_EQ(address->store, StoreId("S01"));
  EXPECT_EQ(address->till, TillId("T03"));
  EXPECT_EQ(address->leaf, "events");
  for (const char* wrong : {"", "tillsight/v1/till/S01", "tillsight/v1/till/S01/T03",
                            "tillsight/v1/till/s01/T03/events", "other/v1/till/S01/T03/events",
                            "tillsight/v1/till//T03/events"}) {
    EXPECT_FALSE(topics::parse(wrong).ok()) << wrong;
  }
}

TEST(Ack, ComesBackAsItWasSent) {
  Ack ack{"epoch", kIncarnation, {}, {}, 50};
  ack.have.insert({1, 40});
  ack.have.insert({42, 42});
  ack.held.insert({41, 41});
  const auto parsed = parse_ack(to_json(ack));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message();
  EXPECT_EQ(parsed->have, ack.have);
  EXPECT_EQ(parsed->held, ack.held);
  EXPECT_EQ(parsed->window, 50);
}

TEST(Ack, RefusesWhatWouldMislead) {
  const auto mistake = [](std::string_view have, std::string_view window) {
    const auto ack = parse_ack(
        format(R"({{"hub_epoch":"e","incarnation":"{}","have":{},"held":[],"window":{}}})",
               kIncarnation.value(), have, window));
    return ack.ok() ? "accepted" : ack.error().message();
  };
  EXPECT_EQ(mistake("[[1,2]]", "10"), "accepted");
  for (const char* have : {"[[2,1]]", "[[0,1]]", "[[1]]", "[1]", "7", "[[1,\"2\"]]",
                           "[[1,9223372036854775807]]", "[[1,1.5]]", "[[-1,5]]"}) {
    EXPECT_THAT(mistake(have, "10"), HasSubstr("'have'")) << have;
  }
  EXPECT_THAT(mistake("[]", "0"), HasSubstr("'window'"));
  EXPECT_THAT(mistake("[]", "51"), HasSubstr("'window'"));
}

TEST(TillStatus, ComesBackAsItWasSent) {
  const TillStatus status{
      "online", "s1",      "0.1.0", kIncarnation, 42, 3, "2026-01-05T09:00:00.000Z", "ok",
      "ok",     "trusted", {}};
  const auto parsed = parse_till_status(to_json(status));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message();
  EXPECT_EQ(parsed->last_committed, 42);
  EXPECT_EQ(parsed->unsynced, 3);
  EXPECT_EQ(parsed->session, "s1");
  EXPECT_EQ(parsed->figures, std::nullopt);
  EXPECT_FALSE(parse_till_status(R"({"state":"asleep"})").ok());
}

TEST(TillStatus, SaysHowOftenNobodyHadToCorrect) {
  TillStatus status{"online", "s1", "0.1.0", kIncarnation, 0, 0, "", "ok", "ok", "trusted", {}};
  status.figures = TillFigures{9, 8, 7, 30, 2, 81.5, 6.25};
  const auto parsed = parse_till_status(to_json(status));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message();
  EXPECT_EQ(parsed->figures, status.figures);
  std::string wrong = to_json(status);
  wrong.replace(wrong.find(R"("sales":9)"), 9, R"("sales":-9)");
  EXPECT_THAT(parse_till_status(wrong).error().message(), HasSubstr("'sales'"));
}

TEST(HubState, ComesBackAsItWasSent) {
  EXPECT_EQ(parse_hub_state(to_json(HubState{true, "e7"}))->hub_epoch, "e7");
  EXPECT_EQ(parse_hub_state(to_json(HubState{true, "e7"}))->trouble, "");
  EXPECT_EQ(parse_hub_state(to_json(HubState{true, "e7", "disk full"}))->trouble, "disk full");
  EXPECT_FALSE(parse_hub_state("[]").ok());
}

}  // namespace
}  // namespace tillsight
