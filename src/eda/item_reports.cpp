#include <algorithm>
#include <array>
#include <map>

#include "eda/baskets.hpp"
#include "eda/sheet.hpp"

namespace tillsight::eda {
namespace {

using columns::Amount;
using columns::Dimension;
using columns::Reckoning;

constexpr int kTopItems = 20;

struct Item {
  std::string sku, item, aisle;
  std::int64_t lines = 0;   ///< of sales
  std::int64_t pieces = 0;  ///< sold less returned
  std::map<std::string, std::int64_t> revenue{};
};
using Items = std::map<std::string, Item>;  // by SKU

/// Every product that was ever sold, with nothing sold of it yet.
Result<Items> products(const Reading& reading) {
  TILLSIGHT_ASSIGN(auto rows, reading.db.prepare("SELECT sku, item, aisle FROM product"));
  Items items;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return items;
    const std::string sku(rows.text(0));
    items[sku] = {sku, std::string(rows.text(1)), std::string(rows.text(2))};
  }
}

/// One day's sums are kept; those of other ranges are not.
bool is_one_day(const Reading& reading) {
  return reading.request.till.empty() && reading.from() == reading.to();
}

Status add_kept(const Reading& reading, Items& items) {
  TILLSIGHT_ASSIGN(auto rows,
                   reading.db.prepare("SELECT sku, currency, lines, pieces, sold - refunded FROM "
                                      "day_item WHERE date = ? AND (?2 = '' OR store = ?2)"));
  rows.bind(reading.from(), reading.request.store);
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return {};
    Item& item = items[std::string(rows.text(0))];
    item.lines += rows.integer(2);
    item.pieces += rows.integer(3);
    item.revenue[std::string(rows.text(1))] += rows.integer(4);
  }
}

Status add_lines(const Reading& reading, Items& items) {
  TILLSIGHT_ASSIGN(const columns::Answer answer,
                   reading.ask({{Dimension::kSku, Dimension::kCurrency},
                                {{Reckoning::kLines},
                                 {Reckoning::kSum, Amount::kQuantity},
                                 {Reckoning::kSum, Amount::kGross}},
                                reading.filter()}));
  for (const auto& row : answer.rows) {
    Item& item = items[word(row[0])];
    item.lines += number(row[2]);
    item.pieces += number(row[3]);
    item.revenue[word(row[1])] += number(row[4]);
  }
  return {};
}

Result<std::vector<Item>> items_of(const Reading& reading) {
  TILLSIGHT_ASSIGN(Items items, products(reading));
  TILLSIGHT_TRY(is_one_day(reading) ? add_kept(reading, items) : add_lines(reading, items));
  std::vector<Item> all;
  for (auto& [sku, item] : items) all.push_back(std::move(item));
  return all;
}

Result<Report> items_sheet(const Reading& reading, const std::vector<Item>& items,
                           std::string_view name, std::string_view title) {
  Sheet sheet({text("sku"), text("item"), text("aisle"), integer("lines"), integer("pieces")},
              {"revenue"});
  for (const Item& item : items) {
    if (static_cast<int>(sheet.size()) == reading.limit(kTopItems)) break;
    sheet.add_row(item.sku, {item.sku, item.item, item.aisle, item.lines, item.pieces});
    for (const auto& [currency, amount] : item.revenue) {
      sheet.add_amount(item.sku, 0, currency, amount);
    }
  }
  return sheet.finish(std::string(name), std::string(title) + range_text(reading.request));
}

Result<Report> top_items(const Reading& reading) {
  TILLSIGHT_ASSIGN(std::vector<Item> items, items_of(reading));
  std::erase_if(items, [](const Item& item) { return item.lines == 0; });
  std::ranges::stable_sort(items, std::ranges::greater(), &Item::pieces);
  return items_sheet(reading, items, "top-items", "Top items");
}

Result<Report> slow_items(const Reading& reading) {
  TILLSIGHT_ASSIGN(std::vector<Item> items, items_of(reading));
  std::ranges::stable_sort(items, {}, &Item::pieces);
  return items_sheet(reading, items, "slow-items", "Slow items");
}

Result<Report> aisles(const Reading& reading) {
  TILLSIGHT_ASSIGN(
      const columns::Answer counts,
      reading.ask(
          {{Dimension::kAisle},
           {{Reckoning::kInvoices}, {Reckoning::kLines}, {Reckoning::kSum, Amount::kQuantity}},
           reading.filter(),
           {{"lines", true}}}));
  Sheet sheet({text("aisle"), integer("invoices"), integer("lines"), integer("pieces")},
              {"revenue"});
  for (const auto& row : counts.rows) {
    sheet.add_row(word(row[0]), {word(row[0]), number(row[1]), number(row[2]), number(row[3])});
  }
  TILLSIGHT_ASSIGN(const columns::Answer money,
                   reading.ask({{Dimension::kAisle, Dimension::kCurrency},
                                {{Reckoning::kSum, Amount::kGross}},
                                reading.filter()}));
  for (const auto& row : money.rows) {
    sheet.add_amount(word(row[0]), 0, word(row[1]), number(row[2]));
  }
  return sheet.finish("aisles", "Aisles" + range_text(reading.request));
}

constexpr std::array<Kind, 6> kKinds = {{
    {{"top-items", "what is sold most, by pieces",
      "Pieces and revenue are what was sold less what came back; lines are of sales. Item and "
      "aisle as "
      "they were named last.",
      kTopItems},
     top_items},
    {{"slow-items", "what is sold least, of everything that was ever sold",
      "Items that sold nothing in the range come first.", kTopItems},
     slow_items},
    {{"aisles", "what each aisle sells",
      "Lines under the aisle that the price list gave them then; an invoice counts in each of its "
      "aisles.",
      0},
     aisles},
    {{"basket-sizes", "how many pieces invoices have",
      "Sales, by the sum of their lines' quantities.", 0},
     basket_sizes},
    {{"basket-values", "what invoices come to",
      "Sales, by gross; each step is from `from` up to, but not including, `to`.", 0},
     basket_values},
    {{"bought-together", "pairs of items on the same invoice",
      "Sales, each item once an invoice. `support` is the share of all invoices that have both; "
      "`if_first` the share of those with the first that have the second, `if_second` the other "
      "way; "
      "`lift` how much oftener than by chance. Pairs on fewer than 5 invoices, or than one in "
      "10,000, are left out, and so is every item but the 4,000 that are on most invoices.",
      20},
     bought_together},
}};

}  // namespace

std::span<const Kind> item_reports() {
  return kKinds;
}

}  // namespace tillsight::eda
