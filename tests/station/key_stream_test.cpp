// Goal: what a hand keys and what a scanner types are told apart, and nothing half said counts.
// Method: events as the kernel gives them, with their times; then any events at all.
#include "tillsight/station/key_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/input-event-codes.h>

#include "tillsight/core/random.hpp"

namespace tillsight {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Said = KeyStream::Said;

class Typist {
 public:
  explicit Typist(DeviceRole role) : stream_(role, bindings_) {}

  Typist& press(int code, milliseconds after = milliseconds(120)) {
    now_ += after;
    event(EV_KEY, code, 1);
    event(EV_SYN, SYN_REPORT, 0);
    event(EV_KEY, code, 0);
    event(EV_SYN, SYN_REPORT, 0);
    return *this;
  }
  Typist& burst(std::string_view digits, milliseconds between = milliseconds(2)) {
    for (const char digit : digits) press(digit == '0' ? KEY_0 : KEY_1 + (digit - '1'), between);
    return *this;
  }
  Typist& event(int type, int code, int value) {
    stream_.take({static_cast<std::uint16_t>(type), static_cast<std::uint16_t>(code), value, now_},
                 said_);
    return *this;
  }
  Typist& settle() {
    stream_.settle(said_);
    return *this;
  }
  std::vector<Said> said() { return std::exchange(said_, {}); }
  bool holds() const { return stream_.holds(); }

 private:
  const KeyBindings bindings_ = KeyBindings::standard();
  KeyStream stream_;
  std::chrono::microseconds now_{std::chrono::hours(1)};
  std::vector<Said> said_;
};

TEST(KeyStream, KeypadSaysEachPressAtOnceAndOnce) {
  Typist typist(DeviceRole::kKeypad);
  typist.press(KEY_KP4, milliseconds(1)).press(KEY_KPENTER, milliseconds(1)).press(KEY_A);
  typist.event(EV_KEY, KEY_KP7, 2);  // held down: the kernel repeats it
  EXPECT_THAT(typist.said(), ElementsAre(Said(Key::k4), Said(Key::kEnter)));
}

TEST(KeyStream, ScannerSaysWholeCodes) {
  Typist typist(DeviceRole::kScanner);
  typist.burst("2000000000015").press(KEY_ENTER, milliseconds(2));
  typist.event(EV_KEY, KEY_LEFTSHIFT, 1).press(KEY_B).event(EV_KEY, KEY_LEFTSHIFT, 0);
  typist.press(KEY_MINUS).press(KEY_7).press(KEY_TAB).press(KEY_ENTER);
  EXPECT_THAT(typist.said(), ElementsAre(Said(Scan{"2000000000015"}), Said(Scan{"B-7"})));
}

TEST(KeyStream, ScannerForgetsACodeThatWasCutOff) {
  Typist typist(DeviceRole::kScanner);
  typist.burst("20000");
  typist.press(KEY_9, KeyStream::kScanPause).burst("876").press(KEY_ENTER, milliseconds(2));
  EXPECT_THAT(typist.said(), ElementsAre(Said(Scan{"9876"})));
}

TEST(KeyStream, SpeedTellsAScannerFromAHand) {
  Typist typist(DeviceRole::kBoth);
  typist.burst("2000000000015").press(KEY_ENTER, milliseconds(2));
  EXPECT_THAT(typist.said(), ElementsAre(Said(Scan{"2000000000015"})));
  typist.press(KEY_KP1).press(KEY_KP2).press(KEY_KPENTER);
  EXPECT_THAT(typist.said(), ElementsAre(Said(Key::k1), Said(Key::k2), Said(Key::kEnter)));
}

TEST(KeyStream, HoldsAKeyBackOnlyUntilItIsKnownForAHands) {
  Typist typist(DeviceRole::kBoth);
  typist.press(KEY_KP5);
  EXPECT_TRUE(typist.holds());
  EXPECT_THAT(typist.said(), IsEmpty());
  EXPECT_THAT(typist.settle().said(), ElementsAre(Said(Key::k5)));
  EXPECT_FALSE(typist.holds());
}

TEST(KeyStream, KeyOfThreeZeroesIsNoScanner) {
  Typist typist(DeviceRole::kBoth);
  typist.burst("000").press(KEY_KPENTER);
  EXPECT_THAT(typist.said(),
              ElementsAre(Said(Key::k0), Said(Key::k0), Said(Key::k0), Said(Key::kEnter)));
}

TEST(KeyStream, WhatTheKernelDroppedLeavesNoHalfCode) {
  Typist typist(DeviceRole::kScanner);
  typist.burst("2000").event(EV_SYN, SYN_DROPPED, 0).press(KEY_1, milliseconds(2));
  typist.burst("77").press(KEY_ENTER, milliseconds(2));
  EXPECT_THAT(typist.said(), ElementsAre(Said(Scan{"77"})));
}

TEST(KeyStream, AnyEventsAreSurvivedAndNoCodeIsLongerThanItMayBe) {
  SeededRandom random(7);
  for (const DeviceRole role : {DeviceRole::kKeypad, DeviceRole::kScanner, DeviceRole::kBoth}) {
    Typist typist(role);
    for (int i = 0; i < 20'000; ++i) {
      const auto dice = random.next_u64();
      typist.event(dice % 8 == 0 ? EV_SYN : EV_KEY, static_cast<int>(dice >> 8) % 130,
                   static_cast<int>(dice >> 20) % 3);
      if (dice % 97 == 0) typist.settle();
    }
    for (const Said& said : typist.said()) {
      const auto* const scan = std::get_if<Scan>(&said);
      if (scan == nullptr) continue;
      EXPECT_GT(scan->code.size(), 0U);
      EXPECT_LE(scan->code.size(), KeyStream::kScanMost);
    }
  }
}

TEST(KeyBindings, AreTheKernelsNames) {
  KeyBindings bindings = KeyBindings::standard();
  EXPECT_EQ(bindings.find(KEY_KPASTERISK), Key::kTimes);
  ASSERT_TRUE(bindings.bind(Key::kTimes, {"KEY_X", "KEY_F4"}).ok());
  EXPECT_EQ(bindings.find(KEY_F4), Key::kTimes);
  EXPECT_FALSE(bindings.find(KEY_KPASTERISK));
  EXPECT_FALSE(bindings.bind(Key::kPlus, {"KEY_NO_SUCH"}).ok());
  EXPECT_FALSE(bindings.bind(Key::kPlus, {"KEY_F4"}).ok());
}

}  // namespace
}  // namespace tillsight
