// Goal: whatever is pressed, nothing breaks, nobody is stuck, and nothing is sold by accident.
// Method: random keys, codes and camera against a real counter, many seeds; the laws hold after
// every step.
#include <gtest/gtest.h>

#include <set>

#include "tests/station/keyed_till.hpp"

namespace tillsight {
namespace {

using testing::KeyedTill;

constexpr int kSeeds = 40;
constexpr int kSteps = 600;

class Monkey {
 public:
  explicit Monkey(std::uint64_t seed) : random_(seed) {}

  void step(KeyedTill& till) {
    switch (pick(20)) {
      case 0: move_things(till); break;
      case 1: till.scan(pick(2) == 0 ? "2000000000015" : "4711"); break;
      case 2: till.keys("2000000000015 enter"); break;
      case 4: till.keys("slash 2"); break;
      case 3: till.dialog.forget_typed(); break;
      default: press(till, static_cast<Key>(pick(kKeys))); break;
    }
  }

 private:
  void move_things(KeyedTill& till) {
    static constexpr const char* kLabels[] = {"apple", "banana", "bottle"};
    if (pick(3) == 0) {
      till.top.clear();
    } else {
      till.top.put(kLabels[pick(3)], pick(4) != 0);
    }
    till.look();
  }

  /// A sale needs its screen, its sum on it, and enter.
  static void press(KeyedTill& till, Key key) {
    const std::size_t sold = till.invoices.size();
    const SaleView before = till.view();
    const std::string step = till.step();
    const std::string title = till.prompt().title;
    till.press(key);
    if (till.invoices.size() == sold || till.invoices.back().kind == SaleKind::kVoid) return;
    EXPECT_EQ(key, Key::kEnter);
    EXPECT_TRUE(step == "amount" || step == "confirm") << step;
    EXPECT_NE(title.find(to_string(till.invoices.back().gross, till.inr)), std::string::npos);
    EXPECT_EQ(before.asks, 0);
  }

  int pick(int of) { return static_cast<int>(random_.next_u64() % static_cast<unsigned>(of)); }

  SeededRandom random_;
};

TEST(DialogLaws, RandomKeysBreakNothingAndSellNothingByAccident) {
  std::size_t sales = 0;
  std::set<std::string> steps;
  for (int seed = 0; seed < kSeeds; ++seed) {
    KeyedTill till;
    Monkey monkey(static_cast<std::uint64_t>(seed));
    for (int i = 0; i < kSteps; ++i) {
      monkey.step(till);
      const Prompt prompt = till.prompt();
      ASSERT_FALSE(prompt.step.empty());
      ASSERT_LE(prompt.typed.size(), Dialog::kTypedMost * std::string_view("•").size());
      ASSERT_LE(prompt.options.size(), 10U);
      ASSERT_FALSE(prompt.keys.empty());
      steps.insert(prompt.step);
      if (::testing::Test::HasFailure()) FAIL() << "seed " << seed << ", step " << i;
    }
    for (const Invoice& invoice : till.invoices) ASSERT_TRUE(check(invoice).ok());
    sales += till.invoices.size();
  }
  EXPECT_GT(sales, 25U) << "the monkey must get somewhere, or it proves nothing";
  for (const char* const step :
       {"items", "paid", "choose", "code", "quantity", "remove", "tender", "amount", "confirm",
        "menu", "customer", "held", "void", "help", "discount", "refund", "reprint", "day"}) {
    EXPECT_TRUE(steps.contains(step)) << step << " was never reached";
  }
}

TEST(DialogLaws, MinusLeadsHomeFromEverywhere) {
  for (int seed = 0; seed < kSeeds; ++seed) {
    KeyedTill till;
    Monkey monkey(static_cast<std::uint64_t>(1000 + seed));
    for (int i = 0; i < kSteps / 4; ++i) {
      monkey.step(till);
      bool home = false;
      for (int presses = 0; presses < Dialog::kMinusHome && !home; ++presses) {
        till.press(Key::kMinus);
        const Prompt prompt = till.prompt();
        home = (prompt.step == "items" || prompt.step == "paid") && prompt.typed.empty();
      }
      ASSERT_TRUE(home) << "seed " << seed << ", step " << i << ": " << till.step();
      // And on, so that the next round begins somewhere else.
      for (int more = 0; more < 4; ++more) monkey.step(till);
    }
  }
}

TEST(DialogLaws, BackNeverTakesALineOut) {
  KeyedTill till;
  till.keys("2000000000015 enter");
  for (int i = 0; i < 2 * Dialog::kMinusHome; ++i) till.press(Key::kBack);
  EXPECT_EQ(till.view().lines.size(), 1U);
  EXPECT_EQ(till.step(), "items");
}

}  // namespace
}  // namespace tillsight
