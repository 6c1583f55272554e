// Goal: a PIN lets in who has it, guessing is slow, and neither a restart nor a right PIN in
// between makes it faster.
// Method: a book on disk, a clock that the test turns.
#include "tillsight/journal/pin_desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;

class Desk : public ::testing::Test {
 protected:
  Desk() {
    CashierBook book(random_);
    EXPECT_TRUE(book.add("Meera", Role::kClerk, "4711").ok());
    EXPECT_TRUE(book.add("Farah", Role::kSupervisor, "471147").ok());
    EXPECT_TRUE(save_cashiers(file_, book).ok());
  }
  /// \return the name, or the id of the refusal.
  static std::string who(PinDesk& desk, std::string_view pin, std::string_view name = "") {
    const auto member = desk.check(pin, name);
    return member.ok() ? member->name : member.error().id();
  }
  void type_wrong(PinDesk& desk, int times) {
    for (int i = 0; i < times; ++i) EXPECT_EQ(who(desk, "0000"), "pin.wrong");
  }

  TempDir dir_;
  const std::filesystem::path file_ = cashiers_file(dir_ / "journal.db");
  FakeClock clock_;
  SeededRandom random_{5};
};

TEST_F(Desk, KnowsWhosePinItIs) {
  PinDesk desk(file_, clock_);
  EXPECT_EQ(who(desk, "4711"), "Meera");
  EXPECT_EQ(desk.check("471147", "")->role, Role::kSupervisor);
  EXPECT_EQ(who(desk, "4711", "Farah"), "pin.wrong") << "a PIN of somebody else";
}

TEST_F(Desk, ClosesAfterFiveWrongPinsForLongerEachTime) {
  PinDesk desk(file_, clock_);
  type_wrong(desk, PinDesk::kFree + 1);
  EXPECT_EQ(who(desk, "4711"), "pin.locked") << "not even the right one";
  clock_.advance(seconds(31));
  EXPECT_EQ(who(desk, "4711"), "Meera");
  type_wrong(desk, 1);
  clock_.advance(seconds(31));
  EXPECT_EQ(who(desk, "4711"), "pin.locked");
  clock_.advance(seconds(30));
  EXPECT_EQ(who(desk, "4711"), "Meera");
}

TEST_F(Desk, ARightPinForgetsNoWrongOne) {
  PinDesk desk(file_, clock_);
  type_wrong(desk, PinDesk::kFree);
  EXPECT_EQ(who(desk, "4711"), "Meera");
  type_wrong(desk, 1);
  EXPECT_EQ(who(desk, "4711"), "pin.locked");
}

TEST_F(Desk, ARestartForgetsNothing) {
  {
    PinDesk desk(file_, clock_);
    type_wrong(desk, PinDesk::kFree + 1);
    clock_.advance(seconds(20));
  }
  PinDesk again(file_, clock_);
  EXPECT_EQ(who(again, "4711"), "pin.locked");
  clock_.advance(seconds(20));
  EXPECT_EQ(who(again, "4711"), "pin.locked") << "closed from the start for as long as it was";
  clock_.advance(seconds(11));
  EXPECT_EQ(who(again, "4711"), "Meera");
}

TEST_F(Desk, AWrongPinIsForgottenWithTime) {
  PinDesk desk(file_, clock_);
  type_wrong(desk, PinDesk::kFree);
  clock_.advance(2 * PinDesk::kForgotten);
  type_wrong(desk, 2);
  EXPECT_EQ(who(desk, "4711"), "Meera");
  type_wrong(desk, 1);
  EXPECT_EQ(who(desk, "4711"), "pin.locked");
}

TEST_F(Desk, ReadsTheBookAgainWhenItHasChanged) {
  PinDesk desk(file_, clock_);
  EXPECT_EQ(desk.news()->members.size(), 2u);
  EXPECT_FALSE(desk.news()) << "told once";
  CashierBook book = load_cashiers(file_).value();
  ASSERT_TRUE(book.disable("Meera").ok());
  ASSERT_TRUE(save_cashiers(file_, book).ok());
  EXPECT_EQ(desk.news()->members.size(), 1u);
  EXPECT_EQ(who(desk, "4711"), "pin.wrong");
  std::filesystem::remove(file_);
  EXPECT_FALSE(desk.news()->asked);
  EXPECT_EQ(who(desk, "4711"), "needs.cashiers");
}

TEST_F(Desk, ABrokenBookLetsNobodyInAndDoesNotOpenTheTill) {
  PinDesk desk(file_, clock_);
  ASSERT_TRUE(write_file_atomically(file_, "{}").ok());
  const auto roster = desk.news();
  ASSERT_TRUE(roster);
  EXPECT_TRUE(roster->asked);
  EXPECT_TRUE(roster->members.empty());
  EXPECT_EQ(who(desk, "4711"), "needs.cashiers");
}

TEST_F(Desk, ABookThatOthersMayReadIsNotUsed) {
  std::filesystem::permissions(file_, std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  EXPECT_EQ(load_cashiers(file_).error().code(), Code::kFailedPrecondition);
}

TEST(CashierBook, HoldsNoPinAndNoTwoTheSame) {
  SeededRandom random(5);
  CashierBook book(random);
  EXPECT_EQ(book.add("Meera", Role::kClerk, "471").error().code(), Code::kInvalidArgument);
  EXPECT_EQ(book.add("Meera", Role::kClerk, "47a1").error().code(), Code::kInvalidArgument);
  EXPECT_EQ(book.add("Farah", Role::kSupervisor, "4711").error().code(), Code::kInvalidArgument);
  EXPECT_EQ(book.add(" ", Role::kClerk, "4711").error().code(), Code::kInvalidArgument);
  ASSERT_TRUE(book.add("Meera", Role::kClerk, "47119").ok());
  EXPECT_EQ(book.add("Ravi", Role::kClerk, "47119").error().code(), Code::kAlreadyExists);
  EXPECT_EQ(book.add("Meera", Role::kClerk, "4712").error().code(), Code::kAlreadyExists);
  EXPECT_THAT(book.to_json(), Not(HasSubstr("47119")));
  const auto again = CashierBook::parse(book.to_json());
  ASSERT_TRUE(again.ok()) << again.error().message();
  EXPECT_EQ(again->who("47119")->name, "Meera");
  EXPECT_EQ(again->who("4711"), nullptr);
  ASSERT_TRUE(book.set_pin("Meera", "4712").ok());
  EXPECT_EQ(book.who("47119"), nullptr);
  ASSERT_TRUE(book.disable("Meera").ok());
  EXPECT_EQ(book.who("4712"), nullptr);
  EXPECT_EQ(book.set_pin("Meera", "4713").error().code(), Code::kNotFound);
  EXPECT_TRUE(book.add("Meera", Role::kClerk, "4712").ok()) << "and comes back";
}

}  // namespace
}  // namespace tillsight
