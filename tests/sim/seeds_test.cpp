// Goal: no seed breaks a promise, and a broken promise would be seen.
// Method: thousands of simulations in two processes; then the same with mistakes planted, each of
// which must be found within a thousand seeds. A seed that fails is named; it is played again, with
// everything that happens, by
//     TILLSIGHT_SEED=N ctest --preset dev -V -R sim_seeds/Seeds.Play
// TILLSIGHT_SOAK=N plays N minutes, of seeds that were not played before.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <optional>

#include "bench/figure.hpp"
#include "tests/support/long_form.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/sim/simulation.hpp"

namespace tillsight::sim {
namespace {

using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr int kProcesses = 2;
constexpr int kSeeds = 1'000;
constexpr seconds kPlayFor{55};
constexpr int kSeedsToFindABug = 1'000;

/// What one simulation came to, as it goes through a pipe.
struct Played {
  std::uint64_t seed = 0;
  int sales = 0;
  int faults = 0;
  std::int64_t duplicates = 0;
  int violations = 0;
  std::array<char, 160> first_violation{};
};
static_assert(sizeof(Played) <= 512, "a write to a pipe is not torn");

Played play(std::uint64_t seed, PlantedBug bug) {
  const TempDir folder;
  const Outcome outcome = simulate({.seed = seed, .bug = bug}, folder.path());
  Played played{seed,
                outcome.sales,
                outcome.faults,
                outcome.duplicates,
                static_cast<int>(outcome.violations.size()),
                {}};
  if (!outcome.violations.empty()) {
    std::strncpy(played.first_violation.data(), outcome.violations.front().c_str(),
                 played.first_violation.size() - 1);
  }
  return played;
}

/// Plays seeds from `first` on, in processes that share nothing, until `enough` of what was played.
void play_many(std::uint64_t first, PlantedBug bug,
               const std::function<bool(const Played&)>& enough) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  std::array<pid_t, kProcesses> players{};
  for (int player = 0; player < kProcesses; ++player) {
    const pid_t child = ::fork();
    if (child != 0) {
      players.at(static_cast<std::size_t>(player)) = child;
      continue;
    }
    ::close(ends[0]);
    ::dup2(::open("/dev/null", O_WRONLY), STDERR_FILENO);  // boxes that suffer log a lot
    for (std::uint64_t seed = first + static_cast<std::uint64_t>(player);; seed += kProcesses) {
      const Played played = play(seed, bug);
      if (::write(ends[1], &played, sizeof played) != sizeof played) ::_exit(0);
    }
  }
  ::close(ends[1]);
  Played played;
  while (::read(ends[0], &played, sizeof played) == sizeof played && !enough(played)) {
  }
  ::close(ends[0]);
  for (const pid_t player : players) {
    ::kill(player, SIGKILL);
    ::waitpid(player, nullptr, 0);
  }
}

TEST(Seeds, Play) {
  const char* wanted = std::getenv("TILLSIGHT_SEED");
  if (wanted == nullptr) GTEST_SKIP() << "TILLSIGHT_SEED names none";
  const TempDir folder;
  Plan plan{.seed = std::strtoull(wanted, nullptr, 10)};
  plan.trace = [](std::chrono::milliseconds at, std::string_view what) {
    std::cout << format("{:9.3f} s  {}\n", static_cast<double>(at.count()) / 1000, what);
  };
  const Outcome outcome = simulate(plan, folder.path());
  for (const std::string& violation : outcome.violations) ADD_FAILURE() << violation;
}

TEST(Seeds, BreakNoPromise) {
  const int wanted = std::min(kSeeds, test::scaled(kSeeds));
  const auto play_for = kPlayFor * test::soak_factor();
  const std::uint64_t first = test::soak_factor() <= 1 ? 1 : test::seed() >> 1U;
  const auto begin = Clock::now();
  int seeds = 0;
  int violations = 0;
  Played total;
  play_many(first, PlantedBug::kNone, [&](const Played& played) {
    ++seeds;
    total.sales += played.sales;
    total.faults += played.faults;
    total.duplicates += played.duplicates;
    EXPECT_GE(played.sales, 200);
    EXPECT_GE(played.faults, 20);
    if (played.violations > 0) {
      ++violations;
      ADD_FAILURE() << "seed " << played.seed << ": " << played.first_violation.data();
    }
    return seeds >= wanted && Clock::now() - begin >= play_for;
  });
  const double minutes = std::chrono::duration<double>(Clock::now() - begin).count() / 60;
  EXPECT_GT(total.duplicates, 0);
  EXPECT_TRUE(bench::print({.name = "sim.violations",
                            .value = static_cast<double>(violations),
                            .unit = "seeds",
                            .goal = bench::Goal::kAtMost,
                            .bound = 0,
                            .rival = format("seeds:{},sales:{},faults:{},duplicates:{}", seeds,
                                            total.sales, total.faults, total.duplicates)}));
  bench::print({.name = "sim.seeds_per_minute",
                .value = seeds / minutes,
                .unit = "seeds/min",
                .goal = bench::Goal::kAtLeast,
                .bound = kSeeds,
                .rival = format("processes:{}", kProcesses)});
}

TEST(Seeds, FindEveryPlantedBug) {
  for (const PlantedBug bug : kPlantedBugs) {
    int seeds = 0;
    std::optional<Played> found;
    play_many(1, bug, [&](const Played& played) {
      ++seeds;
      if (played.violations > 0) found = played;
      return found.has_value() || seeds == kSeedsToFindABug;
    });
    ASSERT_TRUE(found) << name(bug);
    std::cout << name(bug) << ", seed " << found->seed << ": " << found->first_violation.data()
              << '\n';
    bench::print({.name = format("sim.seeds_to_find_{}", name(bug)),
                  .value = static_cast<double>(seeds),
                  .unit = "seeds",
                  .goal = bench::Goal::kAtMost,
                  .bound = kSeedsToFindABug});
  }
}

}  // namespace
}  // namespace tillsight::sim
