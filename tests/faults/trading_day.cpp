#include "tests/faults/trading_day.hpp"

#include <gmock/gmock.h>
#include <poll.h>

#include <algorithm>
#include <cstdio>

#include "tillsight/core/format.hpp"

namespace tillsight::test {
namespace {

constexpr std::chrono::milliseconds kCall{5};   // how often a till that starts is called
constexpr std::chrono::milliseconds kLook{20};  // how often somebody looks into the databases

}  // namespace

TradingDay::TradingDay() : random_(seed_) {
  std::printf("TILLSIGHT_SEED=%llu\n", static_cast<unsigned long long>(seed_));
}

void TradingDay::open_shop(ShopPlan plan) {
  shop_.emplace(folder_.path(), std::move(plan));
  for (const std::string& till : shop_->tills()) {
    clerks_.emplace_back(till, shop_->socket(till), folder_.path() / (till + "-sold"), random_);
  }
  shop_->start_all();
}

std::string TradingDay::where() const {
  return format("seed {}, {}: ", seed_, step_);
}

bool TradingDay::turn(Clock::time_point until) {
  std::vector<pollfd> fds;
  bool calling = false;
  for (const Clerk& clerk : clerks_) {
    fds.push_back({clerk.fd(), POLLIN, 0});
    calling |= clerk.fd() < 0;
  }
  auto wait = std::chrono::ceil<Ms>(until - Clock::now());
  if (calling) wait = std::min(wait, kCall);
  ::poll(fds.data(), fds.size(), static_cast<int>(std::max<Ms::rep>(0, wait.count())));
  for (Clerk& clerk : clerks_) clerk.turn();
  return all_is_well();
}

bool TradingDay::all_is_well() {
  if (const auto fallen = shop_->fallen()) ADD_FAILURE() << where() << *fallen;
  for (const Clerk& clerk : clerks_) {
    if (!clerk.trouble().empty()) ADD_FAILURE() << where() << clerk.trouble();
  }
  return !HasFailure();
}

bool TradingDay::work_until(const std::function<bool()>& done, Ms patience) {
  const auto deadline = Clock::now() + patience;
  while (!done()) {
    if (Clock::now() > deadline || !turn(std::min(deadline, Clock::now() + kLook))) return false;
  }
  return true;
}

void TradingDay::work_for(Ms time) {
  const auto end = Clock::now() + time;
  while (Clock::now() < end && turn(end)) {
  }
}

bool TradingDay::sell(int sales, Ms period) {
  for (int sale = 0; sale < sales; ++sale) {
    const auto next = Clock::now() + period;
    for (Clerk& clerk : clerks_) clerk.sell_up_to(clerk.sold().size() + 1);
    const auto served = [&] {
      return std::all_of(clerks_.begin(), clerks_.end(),
                         [](const Clerk& c) { return c.at_rest(); });
    };
    if (!work_until(served, std::chrono::seconds(30))) {
      ADD_FAILURE() << where() << "a till does not sell";
      return false;
    }
    work_for(std::chrono::ceil<Ms>(next - Clock::now()));
  }
  return !HasFailure();
}

bool TradingDay::settle(Ms patience) {
  for (Clerk& clerk : clerks_) clerk.sell_up_to(clerk.sold().size());
  if (work_until([&] { return settled(); }, patience)) return true;
  ADD_FAILURE() << where() << still_owed() << " after " << patience.count() / 1000 << " s of peace";
  return false;
}

bool TradingDay::settled() {
  return std::all_of(clerks_.begin(), clerks_.end(), [&](const Clerk& clerk) {
    return clerk.at_rest() &&
           owed(shop_->journal(clerk.till()), shop_->hub_data(), clerk.till()) == 0;
  });
}

std::size_t TradingDay::sold() const {
  std::size_t count = 0;
  for (const Clerk& clerk : clerks_) count += clerk.sold().size();
  return count;
}

std::string TradingDay::still_owed() {
  std::string text;
  for (const Clerk& clerk : clerks_) {
    text += format("till {} owes {} events{}, ", clerk.till(),
                   owed(shop_->journal(clerk.till()), shop_->hub_data(), clerk.till()),
                   clerk.at_rest() ? "" : " and does not answer its clerk");
  }
  return text;
}

Findings TradingDay::audited() {
  Findings findings;
  for (const Clerk& clerk : clerks_) {
    audit(shop_->journal(clerk.till()), shop_->hub_data(), clerk, findings);
  }
  audit_hub(shop_->hub_data(), findings);
  EXPECT_THAT(findings.wrong, testing::IsEmpty()) << where();
  return findings;
}

}  // namespace tillsight::test
