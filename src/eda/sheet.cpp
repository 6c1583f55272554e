#include "eda/sheet.hpp"

#include <utility>

#include "tillsight/core/check.hpp"

namespace tillsight::eda {

Column text(std::string name) {
  return {std::move(name), ColumnType::kText, {}};
}
Column date(std::string name) {
  return {std::move(name), ColumnType::kDate, {}};
}
Column integer(std::string name) {
  return {std::move(name), ColumnType::kInteger, {}};
}
Column decimal(std::string name) {
  return {std::move(name), ColumnType::kDecimal, {}};
}
Column percent(std::string name) {
  return {std::move(name), ColumnType::kPercent, {}};
}
Column money(std::string_view name, const Currency& currency) {
  return {format("{}_{}", name, currency.code()), ColumnType::kMoney, currency};
}

Cell share(double part, double whole) {
  if (whole == 0) return {};
  return 100 * part / whole;
}

Sheet::Sheet(std::vector<Column> columns, std::vector<std::string> amounts)
    : columns_(std::move(columns)), amounts_(std::move(amounts)) {}

void Sheet::add_row(const std::string& key, std::vector<Cell> cells) {
  TILLSIGHT_CHECK(cells.size() == columns_.size(), "a row has another number of cells");
  TILLSIGHT_CHECK(rows_by_key_.emplace(key, rows_.size()).second, "a row is there already");
  rows_.push_back(std::move(cells));
}

void Sheet::add_amount(const std::string& key, std::size_t amount, const std::string& currency,
                       std::int64_t minor) {
  const auto found = rows_by_key_.find(key);
  if (found == rows_by_key_.end()) return;
  auto& rows = money_[currency];
  rows.resize(std::max(rows.size(), found->second + 1));
  auto& cells = rows[found->second];
  cells.resize(amounts_.size());
  Cell& cell = cells[amount];
  if (const auto* before = std::get_if<Money>(&cell)) minor += before->minor_units();
  cell = Money::minor(minor);
}

Result<Report> Sheet::finish(std::string name, std::string title) const {
  Report report{std::move(name), std::move(title), columns_, rows_, {}};
  for (const auto& [code, rows] : money_) {
    TILLSIGHT_ASSIGN(const Currency currency, Currency::parse(code));
    for (const std::string& amount : amounts_) report.columns.push_back(money(amount, currency));
    for (std::size_t i = 0; i < report.rows.size(); ++i) {
      const bool any = i < rows.size() && !rows[i].empty();
      for (std::size_t amount = 0; amount < amounts_.size(); ++amount) {
        report.rows[i].push_back(any ? rows[i][amount] : Cell());
      }
    }
  }
  return report;
}

}  // namespace tillsight::eda
