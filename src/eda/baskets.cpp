#include "eda/baskets.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include "eda/sheet.hpp"
#include "tillsight/columns/baskets.hpp"

namespace tillsight::eda {
namespace {

using columns::Baskets;
using columns::Columns;
using columns::Field;

/// The question's filter, for sales alone.
columns::Filter sales_of(const Reading& reading) {
  columns::Filter filter = reading.filter();
  filter.where.push_back({columns::Dimension::kKind, columns::Compare::kEqual, {"sale"}});
  return filter;
}

std::size_t workers() {
  return static_cast<std::size_t>(columns::default_threads());
}

}  // namespace

// --- how much ---

namespace {

constexpr std::array<std::int64_t, 11> kSizes = {1, 2, 3, 4, 5, 6, 11, 21, 51, 101, 1001};

std::string size_text(std::size_t step) {
  const std::int64_t from = kSizes.at(step);
  if (step + 1 == kSizes.size()) return format("{} and more", from);
  const std::int64_t to = kSizes.at(step + 1) - 1;
  return from == to ? format("{}", from) : format("{} to {}", from, to);
}

/// The last step that does not begin above `value`; the first for what is below all.
std::size_t step_of(std::span<const std::int64_t> steps, std::int64_t value) {
  const auto above = std::ranges::upper_bound(steps, value);
  return above == steps.begin() ? 0 : static_cast<std::size_t>(above - steps.begin()) - 1;
}

struct Step {
  std::int64_t invoices = 0;
  std::map<std::int64_t, std::int64_t> gross{};  ///< by the currency's code
};

}  // namespace

Result<Report> basket_sizes(const Reading& reading) {
  TILLSIGHT_ASSIGN(const auto copy, reading.columns());
  std::vector<std::vector<Step>> found(workers(), std::vector<Step>(kSizes.size()));
  constexpr std::array kFields = {Field::kSumQuantity, Field::kSumGross, Field::kCurrency};
  TILLSIGHT_TRY(columns::each(*copy, sales_of(reading), kFields, [&](const Baskets& baskets) {
    auto& steps = found[static_cast<std::size_t>(baskets.worker)];
    for (std::size_t i = 0; i < baskets.invoices; ++i) {
      Step& step = steps[step_of(kSizes, baskets.values[0][i])];
      ++step.invoices;
      step.gross[baskets.values[2][i]] += baskets.values[1][i];
    }
  }));
  std::int64_t all = 0;
  for (const auto& steps : found) {
    for (const Step& step : steps) all += step.invoices;
  }
  Sheet sheet({text("pieces"), integer("invoices"), percent("share")}, {"revenue"});
  for (std::size_t i = 0; i < kSizes.size(); ++i) {
    std::int64_t invoices = 0;
    for (const auto& steps : found) invoices += steps[i].invoices;
    if (invoices == 0) continue;
    const std::string key = size_text(i);
    sheet.add_row(key,
                  {key, invoices, share(static_cast<double>(invoices), static_cast<double>(all))});
    for (const auto& steps : found) {
      for (const auto& [code, gross] : steps[i].gross) {
        const auto currency = static_cast<std::uint32_t>(code);
        sheet.add_amount(key, 0, std::string(copy->text(Field::kCurrency, currency)), gross);
      }
    }
  }
  return sheet.finish("basket-sizes", "Basket sizes" + range_text(reading.request));
}

namespace {

/// 0, then 1, 2, 5, 10, … in major units: a scale for any currency.
std::vector<std::int64_t> value_steps(const Currency& currency) {
  std::int64_t unit = 1;
  for (int i = 0; i < currency.decimals(); ++i) unit *= 10;
  std::vector<std::int64_t> steps = {0};
  for (int power = 0; power < 9; ++power, unit *= 10) {
    for (const int factor : {1, 2, 5}) steps.push_back(unit * factor);
  }
  return steps;
}

Status add_values(const Reading& reading, const Columns& copy, const std::string& code,
                  Sheet& sheet) {
  TILLSIGHT_ASSIGN(const Currency currency, Currency::parse(code));
  const std::vector<std::int64_t> steps = value_steps(currency);
  struct Sum {
    std::int64_t invoices = 0, gross = 0;
  };
  std::vector<std::vector<Sum>> found(workers(), std::vector<Sum>(steps.size()));
  columns::Filter filter = sales_of(reading);
  filter.where.push_back({columns::Dimension::kCurrency, columns::Compare::kEqual, {code}});
  constexpr std::array kFields = {Field::kSumGross};
  TILLSIGHT_TRY(columns::each(copy, filter, kFields, [&](const Baskets& baskets) {
    auto& own = found[static_cast<std::size_t>(baskets.worker)];
    for (std::size_t i = 0; i < baskets.invoices; ++i) {
      Sum& sum = own[step_of(steps, baskets.values[0][i])];
      ++sum.invoices;
      sum.gross += baskets.values[0][i];
    }
  }));
  std::int64_t all = 0;
  for (std::size_t worker = 0; worker < found.size(); ++worker) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      all += found[worker][i].invoices;
      if (worker == 0) continue;
      found[0][i].invoices += found[worker][i].invoices;
      found[0][i].gross += found[worker][i].gross;
    }
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Sum& sum = found[0][i];
    if (sum.invoices == 0) continue;
    const std::string key = format("{} {}", code, i);
    sheet.add_row(
        key, {sum.invoices, share(static_cast<double>(sum.invoices), static_cast<double>(all))});
    sheet.add_amount(key, 0, code, steps[i]);
    if (i + 1 < steps.size()) sheet.add_amount(key, 1, code, steps[i + 1]);
    sheet.add_amount(key, 2, code, sum.gross);
  }
  return {};
}

}  // namespace

Result<Report> basket_values(const Reading& reading) {
  TILLSIGHT_ASSIGN(const auto copy, reading.columns());
  Sheet sheet({integer("invoices"), percent("share")}, {"from", "to", "revenue"});
  for (std::uint32_t code = 0; code < copy->codes(Field::kCurrency); ++code) {
    const std::string currency(copy->text(Field::kCurrency, code));
    if (!currency.empty()) TILLSIGHT_TRY(add_values(reading, *copy, currency, sheet));
  }
  return sheet.finish("basket-values", "Basket values" + range_text(reading.request));
}

// --- what goes with what ---

namespace {

constexpr int kTopPairs = 20;
constexpr std::size_t kItemsMax = 4000;  // 8 million pairs of 4 bytes

/// Counts each pair of two different numbers below `size`.
class PairCounts {
 public:
  explicit PairCounts(std::size_t size) : counts_(size * (size + 1) / 2) {}
  std::uint32_t& at(std::size_t high, std::size_t low) {
    return counts_[high * (high + 1) / 2 + low];
  }
  void add(const PairCounts& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  }

 private:
  std::vector<std::uint32_t> counts_;
};

/// The lines of one invoice as their items' numbers, each once, sorted.
void distinct(std::span<const std::int64_t> codes, std::span<const std::uint32_t> numbers,
              std::vector<std::uint32_t>& items) {
  items.clear();
  for (const std::int64_t code : codes) {
    const std::uint32_t number = numbers[static_cast<std::size_t>(code)];
    if (number != UINT32_MAX) items.push_back(number);
  }
  std::ranges::sort(items);
  const auto again = std::ranges::unique(items);
  items.erase(again.begin(), again.end());
}

struct ItemCounts {
  std::int64_t invoices = 0;           ///< of all
  std::vector<std::uint32_t> of_item;  ///< on how many it is, by code
};

Result<ItemCounts> count_items(const Reading& reading, const Columns& copy) {
  const std::size_t codes = copy.codes(Field::kSku);
  std::vector<std::uint32_t> numbers(codes);
  std::iota(numbers.begin(), numbers.end(), 0U);
  std::vector<ItemCounts> found(workers());
  for (ItemCounts& counts : found) counts.of_item.resize(codes);
  constexpr std::array kFields = {Field::kSku};
  TILLSIGHT_TRY(columns::each(copy, sales_of(reading), kFields, [&](const Baskets& baskets) {
    ItemCounts& counts = found[static_cast<std::size_t>(baskets.worker)];
    std::vector<std::uint32_t> items;
    counts.invoices += static_cast<std::int64_t>(baskets.invoices);
    for (std::size_t i = 0; i < baskets.invoices; ++i) {
      const std::uint32_t first = baskets.first_line[i];
      distinct(baskets.values[0].subspan(first, baskets.first_line[i + 1] - first), numbers, items);
      for (const std::uint32_t item : items) ++counts.of_item[item];
    }
  }));
  for (std::size_t worker = 1; worker < found.size(); ++worker) {
    found[0].invoices += found[worker].invoices;
    for (std::size_t i = 0; i < codes; ++i) found[0].of_item[i] += found[worker].of_item[i];
  }
  return std::move(found[0]);
}

/// The codes of the items that are on enough invoices, most first.
std::vector<std::uint32_t> frequent_items(const ItemCounts& counts, std::int64_t enough) {
  std::vector<std::uint32_t> items;
  for (std::uint32_t code = 0; code < counts.of_item.size(); ++code) {
    if (counts.of_item[code] >= enough) items.push_back(code);
  }
  std::ranges::stable_sort(items, std::ranges::greater(),
                           [&](std::uint32_t code) { return counts.of_item[code]; });
  items.resize(std::min(items.size(), kItemsMax));
  return items;
}

Result<PairCounts> count_pairs(const Reading& reading, const Columns& copy,
                               const std::vector<std::uint32_t>& items) {
  std::vector<std::uint32_t> numbers(copy.codes(Field::kSku), UINT32_MAX);
  for (std::uint32_t i = 0; i < items.size(); ++i) numbers[items[i]] = i;
  std::vector<PairCounts> found(workers(), PairCounts(items.size()));
  constexpr std::array kFields = {Field::kSku};
  TILLSIGHT_TRY(columns::each(copy, sales_of(reading), kFields, [&](const Baskets& baskets) {
    PairCounts& pairs = found[static_cast<std::size_t>(baskets.worker)];
    std::vector<std::uint32_t> own;
    for (std::size_t i = 0; i < baskets.invoices; ++i) {
      const std::uint32_t first = baskets.first_line[i];
      distinct(baskets.values[0].subspan(first, baskets.first_line[i + 1] - first), numbers, own);
      for (std::size_t high = 1; high < own.size(); ++high) {
        for (std::size_t low = 0; low < high; ++low) ++pairs.at(own[high], own[low]);
      }
    }
  }));
  for (std::size_t worker = 1; worker < found.size(); ++worker) found[0].add(found[worker]);
  return std::move(found[0]);
}

struct Pair {
  std::uint32_t first = 0, second = 0;  ///< codes; the first is on more invoices
  std::int64_t invoices = 0;
};

std::vector<Pair> best_pairs(PairCounts& counts, const std::vector<std::uint32_t>& items,
                             std::int64_t enough, int limit) {
  std::vector<Pair> pairs;
  for (std::uint32_t high = 1; high < items.size(); ++high) {
    for (std::uint32_t low = 0; low < high; ++low) {
      const std::int64_t invoices = counts.at(high, low);
      if (invoices >= enough) pairs.push_back({items[low], items[high], invoices});
    }
  }
  std::ranges::stable_sort(pairs, std::ranges::greater(), &Pair::invoices);
  pairs.resize(std::min(pairs.size(), static_cast<std::size_t>(limit)));
  return pairs;
}

Result<std::map<std::string, std::string>> item_names(const Reading& reading) {
  TILLSIGHT_ASSIGN(auto rows, reading.db.prepare("SELECT sku, item FROM product"));
  std::map<std::string, std::string> names;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return names;
    names.emplace(rows.text(0), rows.text(1));
  }
}

}  // namespace

Result<Report> bought_together(const Reading& reading) {
  TILLSIGHT_ASSIGN(const auto copy, reading.columns());
  TILLSIGHT_ASSIGN(const ItemCounts counts, count_items(reading, *copy));
  const std::int64_t enough = std::max<std::int64_t>(5, counts.invoices / 10'000);
  const std::vector<std::uint32_t> items = frequent_items(counts, enough);
  TILLSIGHT_ASSIGN(PairCounts pairs, count_pairs(reading, *copy, items));
  TILLSIGHT_ASSIGN(const auto names, item_names(reading));
  Report report{"bought-together", "Bought together" + range_text(reading.request), {}, {}, {}};
  report.columns = {text("first"),      text("second"),      integer("invoices"),
                    percent("support"), percent("if_first"), percent("if_second"),
                    decimal("lift")};
  const auto all = static_cast<double>(counts.invoices);
  const auto name_of = [&](std::uint32_t code) {
    std::string sku(copy->text(Field::kSku, code));
    const auto found = names.find(sku);
    return found == names.end() ? std::move(sku) : found->second;
  };
  for (const Pair& pair : best_pairs(pairs, items, enough, reading.limit(kTopPairs))) {
    const auto both = static_cast<double>(pair.invoices);
    const double first = counts.of_item[pair.first], second = counts.of_item[pair.second];
    report.rows.push_back({name_of(pair.first), name_of(pair.second), pair.invoices,
                           share(both, all), share(both, first), share(both, second),
                           both * all / (first * second)});
  }
  return report;
}

}  // namespace tillsight::eda
