// Goal: what a clerk was told is paid reaches head office once, as it was sealed, however often
// tills, broker and hub are killed.
// Method: real processes; clerks sell without a pause and write down what their tills say; a killer
// strikes at random, in the middle of a sale, of a batch and of a start. Then peace, and clerk,
// journal and hub are compared. TILLSIGHT_SOAK multiplies the kills.
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "bench/figure.hpp"
#include "tests/faults/trading_day.hpp"
#include "tillsight/core/format.hpp"

namespace tillsight::test {
namespace {

using std::chrono::seconds;

constexpr int kKills = 1'000;
constexpr int kKillsOfFullProgram = 50;
constexpr std::chrono::milliseconds kNoSale{400};          // a killer waits no longer for a sale;
constexpr std::chrono::milliseconds kNoSaleOfFull{2'000};  // the network has to be loaded first
constexpr seconds kStuck{60};                              // without a single sale
constexpr seconds kPeace{120};                             // until everything has arrived

class Chaos : public TradingDay {
 protected:
  Chaos() : killings_(folder_.path() / "kills") {}

  /// \return tills and hub in equal parts, the broker half as often.
  std::string a_victim() {
    std::vector<std::string> parts{"broker"};
    for (const std::string& till : shop_->tills()) parts.insert(parts.end(), 2, till);
    parts.insert(parts.end(), 2, "hub");
    return parts[random_.next_u64() % parts.size()];
  }

  /// Often at once, so that the victim is hit while it starts; else after somebody has been served.
  void wait_for_moment(const std::string& victim) {
    if (random_.next_u64() % 3 != 0) {
      const std::size_t before = sold();
      work_until([&] { return sold() > before; }, full_ == victim ? kNoSaleOfFull : kNoSale);
      if (sold() > before) last_sale_ = Clock::now();
      if (Clock::now() > last_sale_ + kStuck) ADD_FAILURE() << where() << "nobody sells any more";
    }
    work_for(up_to(30));
  }

  void strike(const std::string& victim) {
    ++kills_;
    if (full_ == victim) {
      ++kills_of_full_;
      full_.clear();
    }
    shop_->kill(victim);
    const bool full = full_.empty() && victim != "broker" && random_.next_u64() % 10 == 0;
    if (full) full_ = victim;
    shop_->start(victim, full ? Program::kFull : Program::kLight);
    step(format("kill {}, of {}{}", kills_, victim, full ? ", back as tillsight" : ""));
    killings_ << where() << std::endl;
  }

  void print(const Findings& findings) const {
    const std::string sales = format("sold:{}", sold());
    bench::print({.name = "chaos.sales_lost",
                  .value = static_cast<double>(findings.lost),
                  .unit = "sales",
                  .goal = bench::Goal::kAtMost,
                  .rival = sales});
    bench::print({.name = "chaos.sales_doubled",
                  .value = static_cast<double>(findings.doubled),
                  .unit = "sales",
                  .goal = bench::Goal::kAtMost,
                  .rival = sales});
    bench::print({.name = "chaos.kills",
                  .value = static_cast<double>(kills_),
                  .unit = "kills",
                  .goal = bench::Goal::kAtLeast,
                  .bound = kKills,
                  .rival = format("of_the_full_program:{}", kills_of_full_)});
    // None would mean that nothing was ever hit between commit and acknowledgement.
    EXPECT_TRUE(bench::print({.name = "chaos.duplicates_absorbed",
                              .value = static_cast<double>(findings.duplicates_absorbed),
                              .unit = "events",
                              .goal = bench::Goal::kAtLeast,
                              .bound = 1}));
  }

  std::ofstream killings_;
  int kills_ = 0;
  int kills_of_full_ = 0;
  std::string full_;  // which part runs as the installed program; empty: none
  Clock::time_point last_sale_ = Clock::now();
};

TEST_F(Chaos, EverySaleArrivesOnceWhoeverIsKilled) {
  open_shop(ShopPlan());
  while (kills_ < scaled(kKills) || kills_of_full_ < kKillsOfFullProgram) {
    const std::string victim = a_victim();
    wait_for_moment(victim);
    ASSERT_FALSE(HasFailure());
    strike(victim);
  }
  settle(kPeace);
  print(audited());
}

}  // namespace
}  // namespace tillsight::test
