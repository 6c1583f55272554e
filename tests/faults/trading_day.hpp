/// \file
/// A day at a shop of real processes: clerks who sell as told while a test does harm, then peace,
/// and the comparison of what clerks, journals and head office say.
///
/// A failure names the seed (TILLSIGHT_SEED repeats a test's choices, not the machine's timing) and
/// the step, and keeps the folder with databases, logs and the clerks' ledgers.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/audit.hpp"
#include "tests/support/clerk.hpp"
#include "tests/support/evidence_dir.hpp"
#include "tests/support/long_form.hpp"
#include "tests/support/shop.hpp"

namespace tillsight::test {

class TradingDay : public testing::Test {
 protected:
  using Clock = std::chrono::steady_clock;
  using Ms = std::chrono::milliseconds;

  TradingDay();

  /// Sets the shop up and starts all of it; the clerks sell without a pause.
  void open_shop(ShopPlan plan);

  /// What the test is doing, for the message of a failure.
  void step(std::string what) { step_ = std::move(what); }
  std::string where() const;

  /// Waits until `until` or until a till has said something, and lets the clerks work.
  /// \return false when something is wrong.
  bool turn(Clock::time_point until);
  /// Lets the clerks work until `done()`. \return false when something is wrong or `patience` ends.
  bool work_until(const std::function<bool()>& done, Ms patience);
  void work_for(Ms time);
  /// Each clerk makes `sales` more, one every `period`.
  /// \return whether they could.
  bool sell(int sales, Ms period = Ms(0));
  /// Until the hub has everything and the tills know it.
  bool settle(Ms patience);

  std::size_t sold() const;
  /// \return whether all is at head office, and the clerks rest.
  bool settled();
  Ms up_to(int ms) { return Ms(random_.next_u64() % static_cast<std::uint64_t>(ms + 1)); }

  /// Compares clerks, journals and hub; whatever is not as it must be is a failure.
  Findings audited();

  const std::uint64_t seed_ = seed();
  EvidenceDir folder_;
  SeededRandom random_;
  std::optional<Shop> shop_;
  std::vector<Clerk> clerks_;

 private:
  bool all_is_well();
  std::string still_owed();

  std::string step_ = "start";
};

}  // namespace tillsight::test
