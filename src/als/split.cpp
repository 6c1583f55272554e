#include "tillsight/als/split.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

namespace tillsight::als {
namespace {

constexpr std::size_t kDaysLeast = 5;

bool has(const Matrix::Row& row, std::uint32_t item) {
  return std::ranges::binary_search(row.columns, item);
}

}  // namespace

Result<Days> split_days(const Interactions& interactions, double test_share) {
  std::vector<std::int32_t> days;
  for (const Purchase& purchase : interactions.purchases) {
    if (days.empty() || days.back() != purchase.day) days.push_back(purchase.day);
  }
  if (days.size() < kDaysLeast) {
    return error(Code::kFailedPrecondition,
                 "recommend: {} customers bought on {} days; at least {} days are needed to judge "
                 "a model by what it has not seen",
                 interactions.customers.size(), days.size(), kDaysLeast);
  }
  const auto held_out = [test_share](std::size_t of) {
    const auto count = std::llround(test_share * static_cast<double>(of));
    return std::clamp(static_cast<std::size_t>(std::max(count, 1LL)), std::size_t{1}, of / 2);
  };
  const std::size_t test = days.size() - held_out(days.size());
  const std::size_t validation = test - held_out(test);
  return Days{days.front(), days[validation], days[test], days.back()};
}

std::span<const Purchase> between(const Interactions& interactions, std::int32_t from,
                                  std::int32_t to) {
  const auto& all = interactions.purchases;
  const auto first = std::ranges::lower_bound(all, from, {}, &Purchase::day);
  const auto last = std::ranges::lower_bound(all, std::max(from, to), {}, &Purchase::day);
  return std::span(all).subspan(static_cast<std::size_t>(first - all.begin()),
                                static_cast<std::size_t>(last - first));
}

Truth truth_of(const Matrix& known, std::span<const Purchase> after, Judged judged) {
  const Matrix buyers = known.transposed();
  std::map<std::uint32_t, std::set<std::uint32_t>> bought;
  std::set<std::uint32_t> strangers;
  std::set<std::pair<std::uint32_t, std::uint32_t>> new_items;
  for (const Purchase& purchase : after) {
    if (purchase.quantity <= 0) continue;
    if (known.row(purchase.customer).size() == 0) {
      strangers.insert(purchase.customer);
    } else if (buyers.row(purchase.item).size() == 0) {
      new_items.emplace(purchase.customer, purchase.item);
    } else if (judged == Judged::kAll || !has(known.row(purchase.customer), purchase.item)) {
      bought[purchase.customer].insert(purchase.item);
    }
  }
  Truth truth;
  truth.strangers = std::ssize(strangers);
  truth.new_items = std::ssize(new_items);
  for (const auto& [customer, items] : bought) {
    truth.customers.push_back(customer);
    truth.items.emplace_back(items.begin(), items.end());
  }
  return truth;
}

HeldOut leave_one_out(const Interactions& interactions, std::uint64_t seed) {
  const std::size_t customers = interactions.customers.size();
  std::vector<std::int32_t> last_day(customers, 0);
  std::vector<std::set<std::uint32_t>> items(customers);
  for (const Purchase& purchase : interactions.purchases) {
    if (purchase.quantity <= 0) continue;
    last_day[purchase.customer] = purchase.day;
    items[purchase.customer].insert(purchase.item);
  }
  std::vector<std::vector<std::uint32_t>> last(customers);
  for (const Purchase& purchase : interactions.purchases) {
    const std::uint32_t customer = purchase.customer;
    if (purchase.quantity <= 0 || purchase.day != last_day[customer]) continue;
    if (items[customer].size() > 1) last[customer].push_back(purchase.item);
  }
  std::mt19937_64 engine(seed);
  std::vector<std::uint32_t> chosen(customers, ~std::uint32_t{0});
  for (std::size_t i = 0; i < customers; ++i) {
    if (!last[i].empty()) chosen[i] = last[i][engine() % last[i].size()];
  }
  HeldOut held_out;
  for (const Purchase& purchase : interactions.purchases) {
    const bool out =
        purchase.day == last_day[purchase.customer] && purchase.item == chosen[purchase.customer];
    (out ? held_out.after : held_out.before).push_back(purchase);
  }
  return held_out;
}

}  // namespace tillsight::als
