// Goal: no bytes from the network stop the hub, spoil what is stored beside them, or make it store
// a sum that is not the sum of its lines.
// Method: known kinds of rubbish one by one; then properties: every field of a valid event replaced
// by every wrong type, and valid payloads damaged at random places. The laws are checked in SQL.
#include <gmock/gmock.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <random>

#include "tests/hub/head_office.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight::hub {
namespace {

using testing::a_line;
using testing::a_sale;
using testing::EventChain;
using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

class Hostile : public HeadOffice {
 protected:
  /// One element of a batch whose sealed text went through `change`.
  std::string changed(const Event& event, const std::function<void(Json&)>& change) {
    Json element = Json::parse(to_cloud_events({event}));
    Json sealed = Json::parse(event.sealed);
    change(sealed);
    element["data"]["sealed"] = sealed.dump();
    return element.dump();
  }

  void expect_lawful() {
    EXPECT_EQ(number("SELECT count(*) FROM invoice WHERE net + tax <> gross OR gross <> "
                     "(SELECT sum(gross) FROM line WHERE line.event_id = invoice.event_id)"),
              0);
    EXPECT_EQ(number("SELECT count(*) FROM line WHERE gross <> list_price * quantity - discount "
                     "OR net + tax <> gross OR quantity NOT BETWEEN 1 AND 999"),
              0);
    EXPECT_EQ(number("SELECT count(*) FROM invoice WHERE kind = 'sale' AND gross + rounding <> "
                     "(SELECT sum(amount) FROM tender WHERE tender.event_id = invoice.event_id)"),
              0);
  }

  std::int64_t quarantined() const { return number("SELECT count(*) FROM persons.quarantine"); }
  std::string reason() const {
    return text("SELECT reason FROM persons.quarantine ORDER BY id DESC LIMIT 1");
  }

  EventChain till_;
};

TEST_F(Hostile, AnInvalidEventIsHeldAndItsNeighboursGoOn) {
  const std::vector<Event> events = sales(till_, 3);
  receive("[" + to_cloud_events({events[0]}) + "," +
          changed(events[1], [](Json& sealed) { sealed["gross"] = 1; }) + "," +
          to_cloud_events({events[2]}) + "]");
  const Ack ack = flush_one();
  EXPECT_EQ(ack.have, ranges({{1, 1}, {3, 3}}));
  EXPECT_EQ(ack.held, ranges({{2, 2}}));
  EXPECT_EQ(ingest_->counters().quarantined, 1);
  EXPECT_EQ(number("SELECT sequence FROM persons.quarantine"), 2);
  EXPECT_THAT(reason(), HasSubstr("sums of the lines"));
  EXPECT_TRUE(store_->gaps().empty()) << "what is held is not missing";
  restart();
  EXPECT_EQ(store_->state({StoreId("S01"), TillId("T01"), till_.incarnation()}).held,
            ranges({{2, 2}}));
}

TEST_F(Hostile, AHeldEventThatComesWholeIsHeldNoLonger) {
  const Event event = till_.next();
  receive(changed(event, [](Json& sealed) { sealed["gross"] = 1; }));
  EXPECT_EQ(flush_one().held, ranges({{1, 1}}));
  receive({event});
  const Ack ack = flush_one();
  EXPECT_EQ(ack.have, ranges({{1, 1}}));
  EXPECT_TRUE(ack.held.empty());
}

TEST_F(Hostile, WhatIsStoredIsNeverHeldAgain) {
  const Event event = till_.next();
  receive({event});
  receive(changed(event, [](Json& sealed) { sealed["gross"] = 1; }));
  const Ack ack = flush_one();
  EXPECT_EQ(ack.have, ranges({{1, 1}}));
  EXPECT_TRUE(ack.held.empty());
}

TEST_F(Hostile, TheSameRubbishAgainIsCountedNotStored) {
  for (int i = 0; i < 3; ++i) receive("Asha Rao +919876543210 apple,orange");
  flush();
  EXPECT_EQ(quarantined(), 1);
  EXPECT_EQ(number("SELECT times FROM persons.quarantine"), 3);
}

TEST_F(Hostile, ATillCannotSpeakForAnother) {
  receive(to_cloud_events({till_.next()}), topics::events(StoreId("S01"), TillId("T02")));
  EXPECT_TRUE(flush().empty()) << "nobody is told that this event is kept";
  EXPECT_EQ(ingest_->counters().misaddressed, 1);
  EXPECT_EQ(number("SELECT count(*) FROM event"), 0);
  EXPECT_THAT(reason(), HasSubstr("another till's topic"));
}

TEST_F(Hostile, ATillCannotHoldAnothersNumber) {
  receive(changed(till_.next(), [](Json& sealed) { sealed["gross"] = 1; }),
          topics::events(StoreId("S01"), TillId("T02")));
  EXPECT_TRUE(flush().empty());
  EXPECT_EQ(quarantined(), 1);
}

TEST_F(Hostile, TenMegabytesAreRefusedAndOnlyTheirBeginningIsKept) {
  receive(std::string(10'000'000, '['));
  receive({till_.next()});
  EXPECT_EQ(flush_one().have, ranges({{1, 1}}));
  EXPECT_EQ(number("SELECT length(raw) FROM persons.quarantine"), 1024);
  EXPECT_THAT(reason(), HasSubstr("10000000 bytes"));
}

TEST_F(Hostile, NestingDeeperThanTheStackIsRefused) {
  const std::size_t half = limits::kPayloadBytes / 2 - 2;
  receive("[" + std::string(half, '[') + std::string(half, ']') + "]");
  flush();
  EXPECT_EQ(quarantined(), 1);
  EXPECT_THAT(reason(), HasSubstr("deep"));
}

TEST_F(Hostile, A501stLineIsHeld) {
  Invoice sale = a_sale({a_line("a", 1)}, clock_);
  const InvoiceLine line = sale.lines[0];
  sale.lines.assign(limits::kLinesPerSale + 1, line);
  for (InvoiceLine& one : sale.lines) one.item = one.aisle = one.catalogue = "";
  total_up(sale);
  sale.tenders = {{"cash", sale.gross}};
  receive({till_.next(sale)});
  EXPECT_EQ(flush_one().held, ranges({{1, 1}}));
  EXPECT_THAT(reason(), HasSubstr("500"));
}

TEST_F(Hostile, AnotherPersonThanTheSealedOneIsHeld) {
  Event event = till_.next();
  event.personal.replace(event.personal.find("Asha"), 4, "Usha");
  receive({event});
  EXPECT_EQ(flush_one().held, ranges({{1, 1}}));
  EXPECT_EQ(number("SELECT count(*) FROM persons.person"), 0);
}

TEST_F(Hostile, BytesThatAreNoTextAreKeptAsTheyCame) {
  const std::string raw("\xff\xfe\0{", 4);
  receive(raw);
  receive("[]]", kStatusOfT01);
  receive("{}", "tillsight/v1/till/s01/T01/events");
  flush();
  EXPECT_EQ(quarantined(), 3);
  EXPECT_EQ(text("SELECT hex(raw) FROM persons.quarantine WHERE id = 1"), "FFFE007B");
}

TEST_F(Hostile, SequenceNumbersBeyondCountingAreRefused) {
  const Event event = till_.next();
  for (const std::string number : {"0", "-1", "9007199254740992", "9223372036854775807"}) {
    std::string payload = to_cloud_events({event});
    const std::string id = event.identity.incarnation.value() + "-";
    payload.replace(payload.find(id + "1"), id.size() + 1, id + number);
    const std::string sealed = "\\\"sequence\\\":";
    payload.replace(payload.find(sealed + "1"), sealed.size() + 1, sealed + number);
    receive(payload);
  }
  EXPECT_TRUE(flush().empty());
  EXPECT_EQ(quarantined(), 4);
}

TEST_F(Hostile, TheLargestAmountsDoNotOverflow) {
  receive(changed(till_.next(), [](Json& sealed) {
    for (Json& line : sealed["lines"]) {
      line["list_price"] = line["gross"] = line["net"] = 10'000'000'000'000;
      line["quantity"] = 999;
      line["tax_bp"] = 10'000;
    }
  }));
  EXPECT_EQ(flush_one().held, ranges({{1, 1}}));
}

/// Every place in a JSON tree, as pointers from the root.
void collect(const Json& json, const Json::json_pointer& here,
             std::vector<Json::json_pointer>& out) {
  if (!here.empty()) out.push_back(here);
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) collect(value, here / key, out);
  } else if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i) collect(json[i], here / i, out);
  }
}

TEST_F(Hostile, WrongTypesInEveryFieldNeverMakeAWrongSum) {
  const Event event = till_.next();
  const Json sealed = Json::parse(event.sealed);
  const Json element = Json::parse(to_cloud_events({event}));
  const std::vector<Json> wrong = {nullptr,
                                   true,
                                   -1,
                                   0,
                                   1.5,
                                   1e300,
                                   "",
                                   "x",
                                   18446744073709551615U,
                                   INT64_MIN,
                                   Json::array(),
                                   Json::object(),
                                   Json::array({Json::array()})};
  std::vector<Json::json_pointer> places;
  collect(sealed, Json::json_pointer(), places);
  ASSERT_GT(places.size(), 40u);
  for (const auto& place : places) {
    for (const Json& value : wrong) {
      receive(changed(event, [&](Json& json) { json[place] = value; }));
    }
  }
  places.clear();
  collect(element, Json::json_pointer(), places);
  for (const auto& place : places) {
    for (const Json& value : wrong) {
      Json other = element;
      other[place] = value;
      receive(other.dump());
    }
  }
  flush();
  expect_lawful();
  EXPECT_GT(quarantined(), 500);
  receive({till_.next()});
  EXPECT_TRUE(flush_one().have.contains(Sequence(2)));
}

TEST_F(Hostile, DamageAtRandomPlacesNeverMakesAWrongSum) {
  std::mt19937 chance(5);
  std::int64_t sent = 0;
  for (int round = 0; round < 60; ++round) {
    EventChain till("T01", static_cast<std::uint64_t>(round) + 100);
    const std::string valid = to_cloud_events(sales(till, 2));
    for (int i = 0; i < 20; ++i, ++sent) {
      std::string payload = valid;
      const std::size_t at = chance() % payload.size();
      switch (chance() % 4) {
        case 0: payload[at] = static_cast<char>(chance()); break;
        case 1: payload.erase(at, 1 + chance() % 20); break;
        case 2: payload.insert(at, payload.substr(chance() % payload.size(), 20)); break;
        default: payload[at] = "0123456789-\"{}[],"[chance() % 17]; break;
      }
      receive(payload);
    }
    flush();
  }
  expect_lawful();
  EXPECT_EQ(ingest_->counters().received, sent);
  EXPECT_GT(quarantined(), sent / 2);
}

}  // namespace
}  // namespace tillsight::hub
