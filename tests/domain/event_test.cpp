// Goal: what a till sealed is read back exactly, and nothing forged or broken is ever accepted.
// Method: round trips of random sales; then the payload is damaged field by field and byte by byte.
#include "tillsight/domain/event.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <random>

#include "tests/support/sales.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

using testing::a_line;
using testing::a_sale;
using testing::EventChain;
using ::testing::HasSubstr;

std::string refusal(std::string_view payload) {
  const auto received = from_cloud_events(payload);
  if (received.size() != 1) return "not one element";
  return received[0].event.ok() ? "accepted" : received[0].event.error().message();
}

/// The payload of one sale with `change` applied to its sealed JSON.
std::string with_sealed(const std::function<void(nlohmann::json&)>& change) {
  EventChain chain;
  Event event = chain.next();
  auto sealed = nlohmann::json::parse(event.sealed);
  change(sealed);
  event.sealed = sealed.dump();
  return to_cloud_events({event});
}

TEST(Event, SaleComesBackAsItWasSealed) {
  EventChain chain;
  const Invoice sale = a_sale();
  const auto received = from_cloud_events(to_cloud_events({chain.next(sale)}));
  ASSERT_EQ(received.size(), 1u);
  ASSERT_TRUE(received[0].event.ok()) << received[0].event.error().message();
  const auto opened = open(*received[0].event);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->invoice.gross, sale.gross);
  EXPECT_EQ(opened->invoice.customer, sale.customer);
  EXPECT_EQ(opened->invoice.lines.size(), sale.lines.size());
  EXPECT_EQ(opened->invoice.lines[1].sku, sale.lines[1].sku);
  EXPECT_EQ(opened->invoice.at.utc, sale.at.utc);
  EXPECT_EQ(opened->chain.invoice_no->count, 1);
}

TEST(Event, ResealingWhatWasOpenedGivesTheSameBytes) {
  EventChain chain;
  const Event event = chain.next(a_sale({a_line("apple", 200, 3, 500)}, FakeClock()));
  const auto opened = open(event);
  ASSERT_TRUE(opened.ok());
  SeededRandom random(9);
  EXPECT_EQ(seal(opened->invoice, opened->chain, random).sealed, event.sealed);
}

TEST(Event, RemembersTheChangeSoThatAReprintIsTheReceipt) {
  EventChain chain;
  Invoice sale = a_sale();
  sale.tenders[0].change = Money::minor(501);
  const auto opened = open(chain.next(sale));
  ASSERT_TRUE(opened.ok()) << opened.error().message();
  EXPECT_EQ(opened->invoice.tenders[0].change, Money::minor(501));
  EXPECT_EQ(opened->invoice.tenders[0].amount, sale.gross);
}

TEST(Event, EachNamesTheHashOfTheOneBefore) {
  EventChain chain;
  const Event first = chain.next();
  const Event second = chain.next();
  EXPECT_EQ(open_chain(first)->previous, Digest{});
  EXPECT_EQ(open_chain(second)->previous, hash(first));
}

TEST(Event, SealedHoldsNoPersonAndSurvivesTheirErasure) {
  EventChain chain;
  Event event = chain.next();
  EXPECT_THAT(event.sealed, Not(HasSubstr("Asha")));
  EXPECT_THAT(event.sealed, Not(HasSubstr("9876543210")));
  const Digest before = hash(event);
  event.personal.clear();
  EXPECT_EQ(hash(event), before);
  ASSERT_TRUE(open(event).ok());
  EXPECT_FALSE(open(event)->invoice.customer.has_value());
}

TEST(Event, AnotherPersonThanTheSealedOneIsRefused) {
  EventChain chain;
  Event event = chain.next();
  event.personal.replace(event.personal.find("Asha"), 4, "Usha");
  EXPECT_THAT(refusal(to_cloud_events({event})), HasSubstr("not the person"));
}

TEST(Event, VoidHasNoInvoiceNumberAndTakesNoMoney) {
  EventChain chain;
  Invoice given_up = a_sale();
  given_up.kind = SaleKind::kVoid;
  given_up.tenders.clear();
  given_up.reason = "customer left";
  const auto opened = open(chain.next(given_up));
  ASSERT_TRUE(opened.ok()) << opened.error().message();
  EXPECT_FALSE(opened->chain.invoice_no.has_value());
  EXPECT_EQ(opened->invoice.reason, "customer left");
}

TEST(Event, BatchDeliversTheGoodAroundTheBad) {
  EventChain chain;
  auto batch = nlohmann::json::parse(to_cloud_events({chain.next(), chain.next(), chain.next()}));
  batch[1]["data"]["sealed"] = "{}";
  const auto received = from_cloud_events(batch.dump());
  ASSERT_EQ(received.size(), 3u);
  EXPECT_TRUE(received[0].event.ok());
  EXPECT_FALSE(received[1].event.ok());
  EXPECT_TRUE(received[2].event.ok());
}

TEST(Event, RefusesEveryWrongField) {
  EXPECT_EQ(refusal("not json"), "payload is not JSON");
  EXPECT_EQ(refusal("7"), "event is not a JSON object");
  EXPECT_THAT(refusal("{}"), HasSubstr("'specversion' is missing"));
  const auto without = [](const char* key) {
    return refusal(with_sealed([&](auto& sealed) { sealed.erase(key); }));
  };
  for (const char* key :
       {"v",          "kind",     "store",     "till",          "incarnation", "sequence",
        "invoice_no", "previous", "cashier",   "business_date", "utc",         "local_date",
        "local_time", "weekday",  "time_zone", "clock_trusted", "boot_id",     "monotonic_ms",
        "currency",   "lines",    "net",       "tax",           "gross",       "rounding",
        "tenders"}) {
    EXPECT_THAT(without(key), HasSubstr(key));
  }
  EXPECT_THAT(refusal(with_sealed([](auto& s) { s["lines"][0]["quantity"] = "six"; })),
              HasSubstr("line 1: 'quantity' is not a whole number"));
  EXPECT_THAT(refusal(with_sealed([](auto& s) { s["lines"][0]["gross"] = 1; })),
              HasSubstr("gross is not price × quantity − discount"));
  EXPECT_THAT(refusal(with_sealed([](auto& s) { s["gross"] = 1; })),
              HasSubstr("totals are not the sums of the lines"));
  EXPECT_THAT(refusal(with_sealed([](auto& s) { s["currency"] = "');"; })),
              HasSubstr("is not an ISO 4217 code"));
  EXPECT_THAT(refusal(with_sealed([](auto& s) { s["weekday"] = "Someday"; })),
              HasSubstr("'weekday'"));
  EXPECT_THAT(refusal(with_sealed([](auto& s) { s["sequence"] = 2; })),
              HasSubstr("'id' and 'source' are not those that were sealed"));
}

/// The payload of one sale with `text` instead of `was` in its sealed text.
std::string with_sealed_text(std::string_view was, std::string_view text) {
  Event event = EventChain().next();
  event.sealed.replace(event.sealed.find(was), was.size(), text);
  return to_cloud_events({event});
}

TEST(Event, RefusesWhatAKinderParserWouldTake) {
  EXPECT_THAT(refusal(with_sealed_text(R"("net":)", R"("net":1,"net":)")), "accepted");
  EXPECT_THAT(refusal(with_sealed_text(R"("aisles":)", R"("net":1,"aisles":)")), "accepted");
  EXPECT_THAT(refusal(with_sealed_text(R"("rounding":0)", R"("rounding":00)")),
              HasSubstr("JSON object"));
  EXPECT_THAT(refusal(with_sealed_text(R"("rounding":0)", R"("rounding":9223372036854775808)")),
              HasSubstr("sealed: 'rounding' is not a whole number"));
  EXPECT_THAT(
      refusal(with_sealed_text(R"("rounding":0)", R"("rounding":123456789012345678901234567890)")),
      HasSubstr("sealed: 'rounding' is not a whole number"));
  EXPECT_THAT(refusal(with_sealed_text(R"("cashier":")", R"("cashier":"\ud800)")),
              HasSubstr("sealed is not a JSON object"));
  EXPECT_THAT(refusal(with_sealed_text(R"("currency":"INR")", R"("currency":"INR\u0000")")),
              HasSubstr("has 4 bytes; at most 3 are allowed"));
}

TEST(Event, RefusesMoreThanTheLimits) {
  EXPECT_THAT(refusal(std::string(10 * 1024 * 1024, ' ')), HasSubstr("at most 131072 are allowed"));
  EXPECT_THAT(refusal(with_sealed([](auto& s) {
                const auto line = nlohmann::json{{"sku", "a"}};
                s["lines"] = std::vector<nlohmann::json>(501, line);
              })),
              HasSubstr("'lines' has 501 entries; at most 500 are allowed"));
}

TEST(Event, RefusedElementStillSaysWhoItClaimsToBe) {
  const auto received =
      from_cloud_events(with_sealed([](nlohmann::json& sealed) { sealed["gross"] = 1; }));
  ASSERT_EQ(received.size(), 1u);
  EXPECT_FALSE(received[0].event.ok());
  EXPECT_EQ(received[0].claimed, EventChain().next().identity);
  for (const char* vague : {"[]", "7", "{}", R"({"source":"/tillsight/S01","id":"1"})",
                            R"({"source":"/tillsight//T01","id":"-1"})"}) {
    for (const Received& element : from_cloud_events(vague)) EXPECT_FALSE(element.claimed) << vague;
  }
}

TEST(Event, NestingThatWouldOverflowTheStackIsRefused) {
  const std::size_t half = limits::kPayloadBytes / 2 - 1;
  EXPECT_THAT(refusal("[" + std::string(half, '[') + std::string(half, ']') + "]"),
              HasSubstr("at most 32"));
  EXPECT_THAT(refusal(R"("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[[[[[[[")"), HasSubstr("object"));
}

TEST(Event, TypeIsTheSealedOneSoThatNoSaleCanSlipOutOfTheCount) {
  EventChain chain;
  Event event = chain.next();
  event.type = "tillsight.parade.v1";
  EXPECT_THAT(refusal(to_cloud_events({event})), HasSubstr("but 'tillsight.sale.v1' was sealed"));
}

TEST(Event, TypeOfALaterVersionKeepsItsPlaceInTheChain) {
  EventChain chain;
  Event event = chain.next();
  auto sealed = nlohmann::json::parse(event.sealed);
  sealed["kind"] = "parade";
  event.sealed = sealed.dump();
  event.type = "tillsight.parade.v1";
  const auto received = from_cloud_events(to_cloud_events({event}));
  ASSERT_TRUE(received[0].event.ok()) << received[0].event.error().message();
  EXPECT_FALSE(holds_invoice(received[0].event->type));
  EXPECT_EQ(received[0].event->sealed, event.sealed);
}

TEST(Event, DamagedBytesNeverCrashAndNeverChangeASum) {
  std::mt19937 random(42);
  EventChain chain;
  const Event event = chain.next();
  const std::string payload = to_cloud_events({event});
  for (int i = 0; i < 4000; ++i) {
    std::string damaged = payload;
    const std::size_t at = random() % damaged.size();
    damaged[at] = static_cast<char>(random());
    if (random() % 4 == 0) damaged.resize(at);
    for (const Received& received : from_cloud_events(damaged)) {
      if (!received.event.ok() || !holds_invoice(received.event->type)) continue;
      const auto opened = open(*received.event);
      ASSERT_TRUE(opened.ok());
      ASSERT_TRUE(check(opened->invoice).ok());
    }
  }
}

TEST(Event, FullSaleOfOrdinaryLinesFitsTheWire) {
  EventChain chain;
  std::vector<InvoiceLine> lines(limits::kLinesPerSale, a_line("cellphone", 1999999, 2));
  const Event event = chain.next(a_sale(std::move(lines), FakeClock(), testing::asha()));
  EXPECT_LE(to_cloud_events({event}).size(), limits::kPayloadBytes);
}

TEST(ReplayNote, IsNotMisledByWhatASaleSays) {
  testing::EventChain till;
  Invoice sale = a_sale({a_line("banana", 300)}, FakeClock());
  sale.cashier = R"(x"data":{"notes":{)";
  const Event event = till.next(sale);
  const auto received = from_cloud_events(with_replay_note(to_cloud_events({event}), 3));
  ASSERT_TRUE(received.at(0).event.ok()) << received[0].event.error().message();
  EXPECT_EQ(received[0].event->notes, R"({"replay":3})");
  EXPECT_EQ(received[0].event->sealed, event.sealed);
}

TEST(ReplayNote, IsReadBackAndChangesNothingElse) {
  testing::EventChain till;
  const Event event = till.next();
  const std::string once = with_replay_note(to_cloud_events({event}), 1);
  const std::vector<Received> received = from_cloud_events(once);
  ASSERT_TRUE(received.at(0).event.ok()) << received[0].event.error().message();
  EXPECT_EQ(received[0].event->notes, R"({"replay":1})");
  EXPECT_EQ(received[0].event->sealed, event.sealed);
  EXPECT_EQ(received[0].event->personal, event.personal);
  EXPECT_EQ(hash(*received[0].event), hash(event));
}

TEST(ReplayNote, StandsBesideOtherNotes) {
  testing::EventChain till;
  Event event = till.next();
  for (const auto& [notes, with_note] :
       {std::pair(R"({"clock":"stepped"})", R"({"replay":7,"clock":"stepped"})"),
        std::pair("{}", R"({"replay":7})")}) {
    event.notes = notes;
    const auto received = from_cloud_events(with_replay_note(to_cloud_events({event}), 7));
    ASSERT_TRUE(received.at(0).event.ok()) << received[0].event.error().message();
    EXPECT_EQ(received[0].event->notes, with_note);
  }
}

TEST(ReplayNote, IsLeftOutWhereItWouldNotFit) {
  const std::string full =
      R"({"data":{"pad":")" + std::string(limits::kPayloadBytes - 20, 'x') + "\"}}";
  ASSERT_EQ(full.size(), limits::kPayloadBytes - 1);
  EXPECT_EQ(with_replay_note(full, 1), full);
}

}  // namespace
}  // namespace tillsight
