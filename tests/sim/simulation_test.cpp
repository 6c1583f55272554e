// Goal: the simulator does what its plan says, and the same every time.
// Method: a few seeds; tests/sim/seeds_test.cpp has the thousands.
#include "tillsight/sim/simulation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace tillsight::sim {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Outcome play(const Plan& plan) {
  const TempDir folder;
  return simulate(plan, folder.path());
}

TEST(Simulation, HasEnoughSalesAndFaultsAndEndsWell) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Outcome outcome = play({.seed = seed});
    EXPECT_GE(outcome.sales, 200);
    EXPECT_GE(outcome.faults, 20);
    EXPECT_GE(outcome.reopened, 2);
    EXPECT_THAT(outcome.violations, IsEmpty()) << "seed " << seed;
  }
}

TEST(Simulation, IsTheSameForTheSameSeed) {
  const Outcome first = play({.seed = 7, .sales = 60});
  const Outcome second = play({.seed = 7, .sales = 60});
  EXPECT_EQ(first.fingerprint, second.fingerprint);
  EXPECT_EQ(first.sales, second.sales);
  EXPECT_NE(first.fingerprint, play({.seed = 8, .sales = 60}).fingerprint);
}

TEST(Simulation, TellsWhatHappens) {
  std::string told;
  Plan plan{.seed = 7, .sales = 20};
  plan.trace = [&](std::chrono::milliseconds, std::string_view what) {
    told.append(what).append("\n");
  };
  play(plan);
  EXPECT_THAT(told, HasSubstr("sale 1 is confirmed"));
  EXPECT_THAT(told, HasSubstr("fault: "));
  EXPECT_THAT(told, HasSubstr("peace, after"));
}

}  // namespace
}  // namespace tillsight::sim
