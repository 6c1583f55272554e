// Goal: what a clerk was told is paid reaches head office once, as it was sealed, however often
// tills, broker and hub are killed.
// Method: real processes; clerks sell without a pause and write down what their tills say; a killer
// strikes at random, in the middle of a sale, of a batch and of a start. Then peace, and clerk,
// journal and hub are compared. TILLSIGHT_SEED repeats the killer's choices (not the machine's
// timing), TILLSIGHT_SOAK multiplies the kills.
#include <gmock/gmock.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "bench/figure.hpp"
#include "tests/support/audit.hpp"
#include "tests/support/clerk.hpp"
#include "tests/support/evidence_dir.hpp"
#include "tests/support/long_form.hpp"
#include "tests/support/shop.hpp"

namespace tillsight::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr int kKills = 1'000;
constexpr int kKillsOfFullProgram = 50;
constexpr milliseconds kPoll{5};              // how often a till that starts is called
constexpr milliseconds kNoSale{400};          // a killer who waits for a sale waits no longer
constexpr milliseconds kNoSaleOfFull{2'000};  // whose network has to be loaded first
constexpr seconds kStuck{60};                 // without a single sale
constexpr seconds kPeace{120};                // until everything has arrived

class Chaos : public testing::Test {
 protected:
  Chaos() : random_(seed_), shop_(folder_.path(), ShopPlan()) {
    for (const std::string& till : shop_.tills()) {
      clerks_.emplace_back(till, shop_.socket(till), folder_.path() / (till + "-sold"), random_);
    }
    killings_.open(folder_.path() / "kills");
  }

  std::string where() const { return format("seed {}, kill {}; ", seed_, kills_); }

  /// Waits for what the tills have to say, at most until `until`, and lets the clerks work.
  /// \return false when something is wrong.
  bool turn(Clock::time_point until) {
    std::vector<pollfd> fds;
    bool calling = false;
    for (Clerk& clerk : clerks_) {
      fds.push_back({clerk.fd(), POLLIN, 0});
      calling |= clerk.fd() < 0;
    }
    auto wait = std::chrono::ceil<milliseconds>(until - Clock::now());
    if (calling) wait = std::min(wait, kPoll);
    ::poll(fds.data(), fds.size(), static_cast<int>(std::max<milliseconds::rep>(0, wait.count())));
    for (Clerk& clerk : clerks_) clerk.turn();
    return all_is_well();
  }

  bool all_is_well() {
    if (const auto fallen = shop_.fallen()) ADD_FAILURE() << where() << *fallen;
    for (const Clerk& clerk : clerks_) {
      if (!clerk.trouble().empty()) ADD_FAILURE() << where() << clerk.trouble();
    }
    if (sold() != sold_before_) {
      sold_before_ = sold();
      last_sale_ = Clock::now();
    }
    if (!at_peace_ && Clock::now() > last_sale_ + kStuck) {
      ADD_FAILURE() << where() << "no till has sold anything for " << kStuck.count() << " s";
    }
    return !HasFailure();
  }

  std::size_t sold() const {
    std::size_t count = 0;
    for (const Clerk& clerk : clerks_) count += clerk.sold().size();
    return count;
  }

  milliseconds up_to(int ms) { return milliseconds(random_.next_u64() % (ms + 1)); }

  /// \return tills and hub in equal parts, the broker half as often.
  std::string a_victim() {
    std::vector<std::string> parts{"broker"};
    for (const std::string& till : shop_.tills()) parts.insert(parts.end(), 2, till);
    parts.insert(parts.end(), 2, "hub");
    return parts[random_.next_u64() % parts.size()];
  }

  bool wait_for_moment(const std::string& victim) {
    // Often at once, so that it is hit while it starts; else after somebody has been served.
    if (random_.next_u64() % 3 != 0) {
      const std::size_t before = sold();
      const auto patience = Clock::now() + (full_ == victim ? kNoSaleOfFull : kNoSale);
      while (sold() == before && Clock::now() < patience) {
        if (!turn(patience)) return false;
      }
    }
    const auto moment = Clock::now() + up_to(30);
    do {
      if (!turn(moment)) return false;
    } while (Clock::now() < moment);
    return true;
  }

  void strike(const std::string& victim) {
    ++kills_;
    if (full_ == victim) {
      ++kills_of_full_;
      full_.clear();
    }
    shop_.kill(victim);
    const bool full = full_.empty() && victim != "broker" && random_.next_u64() % 10 == 0;
    if (full) full_ = victim;
    killings_ << kills_ << ' ' << victim << (full ? " comes back as tillsight" : "") << std::endl;
    shop_.start(victim, full ? Program::kFull : Program::kLight);
  }

  /// Everything runs, nobody sells; until the hub has it all and the tills know.
  void make_peace() {
    at_peace_ = true;
    for (Clerk& clerk : clerks_) clerk.finish();
    const auto deadline = Clock::now() + kPeace;
    while (!settled()) {
      if (Clock::now() > deadline) FAIL() << where() << still_owed();
      if (!turn(Clock::now() + milliseconds(50))) return;
    }
  }

  bool settled() {
    return std::all_of(clerks_.begin(), clerks_.end(), [&](const Clerk& clerk) {
      return clerk.at_rest() &&
             owed(shop_.journal(clerk.till()), shop_.hub_data(), clerk.till()) == 0;
    });
  }

  std::string still_owed() {
    std::string text = format("after {} s of peace", kPeace.count());
    for (const std::string& till : shop_.tills()) {
      text += format(", till {} owes {} events", till,
                     owed(shop_.journal(till), shop_.hub_data(), till));
    }
    return text;
  }

  Findings audited() {
    Findings findings;
    for (const Clerk& clerk : clerks_) {
      audit(shop_.journal(clerk.till()), shop_.hub_data(), clerk, findings);
    }
    audit_hub(shop_.hub_data(), findings);
    return findings;
  }

  void print(const Findings& findings) {
    const std::string sales = format("sold:{}", sold());
    EXPECT_TRUE(bench::print({.name = "chaos.sales_lost",
                              .value = static_cast<double>(findings.lost),
                              .unit = "sales",
                              .goal = bench::Goal::kAtMost,
                              .rival = sales}));
    EXPECT_TRUE(bench::print({.name = "chaos.sales_doubled",
                              .value = static_cast<double>(findings.doubled),
                              .unit = "sales",
                              .goal = bench::Goal::kAtMost,
                              .rival = sales}));
    EXPECT_TRUE(bench::print({.name = "chaos.kills",
                              .value = static_cast<double>(kills_),
                              .unit = "kills",
                              .goal = bench::Goal::kAtLeast,
                              .bound = kKills,
                              .rival = format("of_the_full_program:{}", kills_of_full_)}));
    EXPECT_TRUE(bench::print({.name = "chaos.duplicates_absorbed",
                              .value = static_cast<double>(findings.duplicates_absorbed),
                              .unit = "events",
                              .goal = bench::Goal::kAtLeast,
                              .bound = 1}));
  }

  const std::uint64_t seed_ = seed();
  EvidenceDir folder_;
  SeededRandom random_;
  Shop shop_;
  std::vector<Clerk> clerks_;
  std::ofstream killings_;
  int kills_ = 0;
  int kills_of_full_ = 0;
  std::string full_;  // which part runs as the installed program; empty: none
  std::size_t sold_before_ = 0;
  Clock::time_point last_sale_ = Clock::now();
  bool at_peace_ = false;
};

TEST_F(Chaos, EverySaleArrivesOnceWhoeverIsKilled) {
  std::printf("TILLSIGHT_SEED=%llu\n", static_cast<unsigned long long>(seed_));
  const int kills = kKills * soak_factor();
  shop_.start_all();
  while (kills_ < kills || kills_of_full_ < kKillsOfFullProgram) {
    const std::string victim = a_victim();
    ASSERT_TRUE(wait_for_moment(victim));
    strike(victim);
  }
  ASSERT_NO_FATAL_FAILURE(make_peace());
  const Findings findings = audited();
  EXPECT_THAT(findings.wrong, testing::IsEmpty()) << where();
  print(findings);
}

}  // namespace
}  // namespace tillsight::test
