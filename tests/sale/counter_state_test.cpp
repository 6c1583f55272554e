// Goal: what a restart needs is read back exactly; whatever else is found in its place is refused
// with the field that is wrong, and never crashes the till.
// Method: decode(encode(x)) = x, hand-made mistakes, and random damage to a good text.
#include "tillsight/domain/counter_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/basket/counter_top.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/sale/counter.hpp"

namespace tillsight {
namespace {

using ::testing::HasSubstr;

Piece piece(PieceState state, std::string label, float score, Entry entry, bool decided) {
  Piece p;
  p.state = state;
  p.label = std::move(label);
  p.score = score;
  p.entry = entry;
  p.kept = p.decided = decided;
  return p;
}

CounterState full_state() {
  BasketLine apples;
  apples.id = LineId(1);
  apples.sku = Sku("apple");
  apples.seen = "orange";
  apples.quantity_set = true;
  apples.pieces = {piece(PieceState::kSeen, "orange", 0.5F, Entry::kCamera, true),
                   piece(PieceState::kUnseen, "", 0, Entry::kKeypad, true),
                   piece(PieceState::kUnseen, "", 0, Entry::kKeypad, true)};
  BasketLine asks;
  asks.id = LineId(3);
  asks.question = Question::kWhich;
  asks.choices = {Sku("water"), Sku("steel")};
  asks.pieces = {piece(PieceState::kLeft, "bottle", 0.75F, Entry::kCamera, false)};

  CounterState state;
  state.basket = {{{apples, asks}, 4}, false, {"apple"}, {"banana", "banana"}, {}};
  state.customer = Customer{"Zoë \"Z\"", "O'Neil", "+919876543210"};
  state.cashier = "Meera";
  state.held = {{{{asks}, 9}, std::nullopt}, {{{apples}, 2}, Customer{"", "", "+911"}}};
  state.paid = PaidSale{"T1-1-000001-7", "cash", Money::minor(400), Money::minor(100)};
  const FakeClock clock;
  state.day = BusinessDay{moment(clock, *TimeZone::find("Asia/Kolkata")).local.date, read(clock)};
  return state;
}

TEST(CounterStateJson, IsReadBackAsItWas) {
  const auto again = parse_counter_state(to_json(full_state()));
  ASSERT_TRUE(again.ok()) << again.error().message();
  EXPECT_EQ(*again, full_state());
  EXPECT_EQ(*parse_counter_state(to_json(CounterState())), CounterState());
}

TEST(CounterStateJson, LineOfFullQuantityIsShort) {
  CounterState state = full_state();
  state.basket.content.lines[0].pieces.assign(999, state.basket.content.lines[0].pieces[1]);
  EXPECT_LT(to_json(state).size(), 2500u);
  EXPECT_EQ(parse_counter_state(to_json(state))->basket.content.lines[0].quantity(), 999);
}

struct Mistake {
  std::string from, to, named;
};

TEST(CounterStateJson, NamesTheFieldThatIsWrong) {
  const std::string good = to_json(full_state());
  for (const Mistake& mistake :
       std::vector<Mistake>{{R"("version":2)", R"("version":3)", "version"},
                            {R"("sku":"apple")", R"("sku":"ap ple")", "sku"},
                            {R"("n":2)", R"("n":1000)", "'n'"},
                            {R"("n":2)", R"("n":-1)", "'n'"},
                            {R"("state":"seen")", R"("state":"gone")", "'state'"},
                            {R"("score":0.5)", R"("score":"much")", "'score'"},
                            {R"("question":"which")", R"("question":"why")", "'question'"},
                            {R"("choices":["water","steel"])", R"("choices":[])", "'choices'"},
                            {R"("line":3)", R"("line":1)", "'line'"},
                            {R"("next_line":4)", R"("next_line":3)", "'line'"},
                            {R"("closed":false)", R"("closed":true)", "'closed'"},
                            {R"("removed":["apple"])", R"("removed":[7])", "'removed'"},
                            {R"("cashier":"Meera")", R"("cashier":null)", "'cashier'"},
                            {R"("held":[)", R"("held":[1,)", "'held'"}}) {
    std::string bad = good;
    const std::size_t at = bad.find(mistake.from);
    ASSERT_NE(at, std::string::npos) << mistake.from;
    bad.replace(at, mistake.from.size(), mistake.to);
    const auto result = parse_counter_state(bad);
    ASSERT_FALSE(result.ok()) << mistake.to;
    EXPECT_EQ(result.error().code(), Code::kInvalidArgument);
    EXPECT_THAT(result.error().message(), HasSubstr(mistake.named)) << mistake.to;
  }
}

TEST(CounterStateJson, DamagedTextIsRefusedOrHarmless) {
  const std::string good = to_json(full_state());
  const Catalogue catalogue = testing::fruit_shop();
  const FakeClock clock;
  const TimeZone zone = *TimeZone::find("UTC");
  std::mt19937 random(3);
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string bad = good.substr(0, i % 3 == 0 ? random() % good.size() : good.size());
    for (unsigned n = random() % 4; n > 0 && !bad.empty(); --n) {
      bad[random() % bad.size()] = static_cast<char>(random() % 256);
    }
    Counter counter(catalogue, {*Currency::parse("INR")}, clock, zone);
    if (!counter.restore(bad).ok()) ++refused;
    EXPECT_FALSE(to_json(counter.view(), *Currency::parse("INR")).empty());
  }
  EXPECT_GT(refused, 1000);
}

TEST(CounterRestore, LeavesOutProductsThatAreNoLongerSoldAndSaysSo) {
  CounterState state = full_state();
  state.basket.content.lines[0].sku = Sku("caviar");
  const Catalogue catalogue = testing::fruit_shop();
  const FakeClock clock;
  const TimeZone zone = *TimeZone::find("UTC");
  Counter counter(catalogue, {*Currency::parse("INR")}, clock, zone);
  ASSERT_TRUE(counter.restore(to_json(state)).ok());
  EXPECT_THAT(counter.view().message, HasSubstr("caviar"));
  EXPECT_EQ(counter.view().lines.size(), 1u);
}

TEST(CounterRestore, RefusedTextChangesNothing) {
  const Catalogue catalogue = testing::fruit_shop();
  const FakeClock clock;
  const TimeZone zone = *TimeZone::find("UTC");
  Counter counter(catalogue, {*Currency::parse("INR")}, clock, zone);
  ASSERT_TRUE(counter.act(action::Add{"rice", 2}).ok());
  const std::string before = counter.state_json();
  EXPECT_EQ(counter.restore("{}").error().code(), Code::kInvalidArgument);
  EXPECT_EQ(counter.state_json(), before);
}

}  // namespace
}  // namespace tillsight
