#include "tillsight/als/interactions.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <unordered_map>

#include "tillsight/columns/baskets.hpp"

namespace tillsight::als {
namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

bool before(const Purchase& a, const Purchase& b) {
  return std::tie(a.day, a.customer, a.item) < std::tie(b.day, b.customer, b.item);
}

/// Brings what was bought several times on one day together.
void put_in_order(std::vector<Purchase>& purchases) {
  std::ranges::sort(purchases, before);
  std::size_t kept = 0;
  for (const Purchase& purchase : purchases) {
    const bool again = kept > 0 && !before(purchases[kept - 1], purchase);
    if (again) {
      purchases[kept - 1].quantity += purchase.quantity;
    } else {
      purchases[kept++] = purchase;
    }
  }
  purchases.resize(kept);
}

/// What the walk over the invoices finds, still under the codes of the columns.
struct Found {
  std::vector<Purchase> purchases;
  std::int64_t lines = 0;
  std::int64_t anonymous_lines = 0;
  struct Newest {
    std::int64_t cursor = 0;
    std::uint32_t name = 0;
    std::uint32_t aisle = 0;
  };
  /// Of each SKU: the newest invoice that has it, and what it is called there.
  std::unordered_map<std::uint32_t, Newest> names;
};

void collect(const columns::Baskets& baskets, Found& found) {
  const auto& customer = baskets.values[0];
  const auto& date = baskets.values[1];
  const auto& cursor = baskets.values[2];
  for (std::size_t i = 0; i < baskets.invoices; ++i) {
    const auto code = static_cast<std::uint32_t>(customer[i]);
    for (auto line = baskets.first_line[i]; line < baskets.first_line[i + 1]; ++line) {
      ++found.lines;
      const auto sku = static_cast<std::uint32_t>(baskets.values[3][line]);
      if (code == 0 || sku == 0) {
        ++found.anonymous_lines;
        continue;
      }
      Found::Newest& newest = found.names[sku];
      if (cursor[i] >= newest.cursor) {
        newest = {cursor[i], static_cast<std::uint32_t>(baskets.values[4][line]),
                  static_cast<std::uint32_t>(baskets.values[6][line])};
      }
      found.purchases.push_back(
          {code, sku, static_cast<std::int32_t>(date[i]), baskets.sign * baskets.values[5][line]});
    }
  }
}

/// How many different `others` each number has.
template <typename Of, typename Other>
std::unordered_map<std::uint32_t, std::int32_t> partners(const std::vector<Purchase>& purchases,
                                                         Of of, Other other) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  pairs.reserve(purchases.size());
  for (const Purchase& purchase : purchases) pairs.emplace_back(of(purchase), other(purchase));
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  std::unordered_map<std::uint32_t, std::int32_t> counts;
  for (const auto& [number, partner] : pairs) ++counts[number];
  return counts;
}

/// \return how many were dropped.
std::int64_t drop_rare(std::vector<Purchase>& purchases, const Support& support) {
  const auto customer = [](const Purchase& purchase) { return purchase.customer; };
  const auto item = [](const Purchase& purchase) { return purchase.item; };
  auto buyers = partners(purchases, item, customer);
  auto dropped = std::erase_if(purchases, [&](const Purchase& purchase) {
    return buyers[purchase.item] < support.customers_of_item;
  });
  auto bought = partners(purchases, customer, item);
  dropped += std::erase_if(purchases, [&](const Purchase& purchase) {
    return bought[purchase.customer] < support.items_of_customer;
  });
  return static_cast<std::int64_t>(dropped);
}

/// Gives codes numbers without gaps, in order of the texts: the same sales, the same numbers,
/// however the columns were built.
std::vector<std::uint32_t> renumber(const columns::Columns& columns, columns::Field field,
                                    std::vector<Purchase>& purchases,
                                    std::uint32_t Purchase::*what) {
  std::vector<std::uint32_t> used;
  std::vector<std::uint32_t> number_of(columns.codes(field), kNone);
  for (const Purchase& purchase : purchases) {
    if (std::exchange(number_of[purchase.*what], 0) == kNone) used.push_back(purchase.*what);
  }
  std::ranges::sort(
      used, {}, [&](std::uint32_t code) { return std::string_view(columns.text(field, code)); });
  for (std::uint32_t i = 0; i < used.size(); ++i) number_of[used[i]] = i;
  for (Purchase& purchase : purchases) purchase.*what = number_of[purchase.*what];
  return used;
}

}  // namespace

Result<Interactions> read_interactions(const std::filesystem::path& hub_folder,
                                       const Support& support) {
  using columns::Field;
  TILLSIGHT_ASSIGN(const auto columns, columns::Columns::open(hub_folder));
  Found found;
  constexpr Field kFields[] = {Field::kCustomer, Field::kDate,     Field::kCursor, Field::kSku,
                               Field::kItem,     Field::kQuantity, Field::kAisle};
  TILLSIGHT_TRY(columns::each(
      *columns, {}, kFields, [&found](const columns::Baskets& baskets) { collect(baskets, found); },
      1));
  Interactions read;
  read.lines = found.lines;
  read.anonymous_lines = found.anonymous_lines;
  read.cursor = columns->cursor();
  read.purchases = std::move(found.purchases);
  read.rare_lines = drop_rare(read.purchases, support);
  for (const auto code :
       renumber(*columns, Field::kCustomer, read.purchases, &Purchase::customer)) {
    read.customers.emplace_back(columns->text(Field::kCustomer, code));
  }
  for (const auto code : renumber(*columns, Field::kSku, read.purchases, &Purchase::item)) {
    const Found::Newest& newest = found.names[code];
    read.items.push_back({std::string(columns->text(Field::kSku, code)),
                          std::string(columns->text(Field::kItem, newest.name)),
                          std::string(columns->text(Field::kAisle, newest.aisle))});
  }
  put_in_order(read.purchases);
  return read;
}

Result<Matrix> weigh(const Interactions& interactions, std::span<const Purchase> purchases,
                     const Weighing& weighing, std::int32_t today) {
  if (!(weighing.half_life_days >= 0) || std::isinf(weighing.half_life_days)) {
    return error(Code::kInvalidArgument, "half-life: {} days; it is 0 or more",
                 weighing.half_life_days);
  }
  struct Sum {
    std::int64_t pieces = 0;
    double weight = 0;
  };
  std::map<std::pair<std::uint32_t, std::uint32_t>, Sum> pairs;
  for (const Purchase& purchase : purchases) {
    Sum& sum = pairs[{purchase.customer, purchase.item}];
    sum.pieces += purchase.quantity;
    const double age = std::max(0, today - purchase.day);
    const double share =
        weighing.half_life_days > 0 ? std::exp2(-age / weighing.half_life_days) : 1;
    const bool by_pieces = weighing.weight == Weight::kQuantity;
    if (by_pieces) sum.weight += share * static_cast<double>(purchase.quantity);
    if (!by_pieces && purchase.quantity > 0) sum.weight += share;
  }
  std::vector<Rating> ratings;
  ratings.reserve(pairs.size());
  for (const auto& [pair, sum] : pairs) {
    if (sum.pieces <= 0 || sum.weight <= 0) continue;
    const bool bare = weighing.weight == Weight::kBought && weighing.half_life_days == 0;
    ratings.push_back({pair.first, pair.second, bare ? 1.0F : static_cast<float>(sum.weight)});
  }
  return Matrix::from(ratings, static_cast<std::uint32_t>(interactions.customers.size()),
                      static_cast<std::uint32_t>(interactions.items.size()));
}

}  // namespace tillsight::als
