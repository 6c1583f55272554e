/// \file
/// A report as a value: named, typed columns, rows, and the totals that belong under them; and its
/// three forms for a person, a spreadsheet and a program.
///
/// **Threads** thread-compatible; the functions are thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tillsight/domain/money.hpp"

namespace tillsight::eda {

enum class ColumnType {
  kText,
  kDate,
  kInteger,
  kMoney,
  kDecimal,  ///< a ratio or a mean, shown with two decimals
  kPercent,  ///< 12.5 is 12.5 %; one decimal
};

struct Column {
  std::string name;  ///< the same in all three forms: "first_name", "revenue_INR"
  ColumnType type = ColumnType::kText;
  std::optional<Currency> currency;  ///< of a kMoney column, else empty
};

/// kText and kDate hold a string, kInteger an integer, kMoney an amount, kDecimal and kPercent a
/// double; an empty cell (this group sold nothing in this currency) holds nothing.
using Cell = std::variant<std::monostate, std::string, std::int64_t, Money, double>;

/// One figure under the table, such as the number of all invoices that the report looked at.
struct Total {
  Column column;
  Cell value;
};

struct Report {
  std::string name;   ///< "busiest-days"
  std::string title;  ///< "Busiest days from 2026-01-01 to 2026-03-31"
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;  ///< every row has a cell for every column
  std::vector<Total> totals;            ///< over everything counted, also what a limit cut off
};

/// For a terminal: aligned by what each letter takes on the screen, numbers to the right, control
/// characters shown as '?'. A report without rows says "(none)".
std::string to_table(const Report& report);

/// RFC 4180: a header line and the rows; the totals are left out, so that a column can be added up.
/// Money is a plain decimal ("249.99").
std::string to_csv(const Report& report);

/// One object: `report`, `title`, `columns` (name, type, currency), `rows` (an array of objects by
/// column name) and `totals`. Money is a string of decimals, so that no reader rounds it; an empty
/// cell is null.
std::string to_json(const Report& report);

}  // namespace tillsight::eda
