#include "eda/cell_text.hpp"
#include "tillsight/core/format.hpp"
#include "tillsight/eda/report.hpp"

namespace tillsight::eda {
namespace {

/// \pre `text` is UTF-8: everything in the database passed the decoder of events.
std::string in_quotes(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (c >= 0 && c < ' ') {
      json += format("\\u{:04x}", static_cast<int>(c));
    } else {
      json += c;
    }
  }
  return json + '"';
}

std::string_view type_name(ColumnType type) {
  switch (type) {
    case ColumnType::kText: return "text";
    case ColumnType::kDate: return "date";
    case ColumnType::kInteger: return "integer";
    case ColumnType::kMoney: return "money";
    case ColumnType::kDecimal: return "decimal";
    case ColumnType::kPercent: return "percent";
  }
  return "text";
}

std::string value_json(const Cell& cell, const Column& column) {
  if (std::holds_alternative<std::monostate>(cell)) return "null";
  const std::string text = cell_text(cell, column);
  const bool exact = column.type == ColumnType::kMoney;
  return column.type == ColumnType::kText || column.type == ColumnType::kDate || exact
             ? in_quotes(text)
             : text;
}

/// Joins what `each` makes of the items with commas.
template <typename Items, typename Each>
std::string joined(const Items& items, std::string_view between, Each each) {
  std::string text;
  for (const auto& item : items) {
    if (!text.empty()) text += between;
    text += each(item);
  }
  return text;
}

std::string column_json(const Column& column) {
  std::string json =
      format("{{\"name\":{},\"type\":\"{}\"", in_quotes(column.name), type_name(column.type));
  if (column.currency) json += format(",\"currency\":{}", in_quotes(column.currency->code()));
  return json + "}";
}

std::string row_json(const std::vector<Cell>& row, const std::vector<Column>& columns) {
  std::size_t i = 0;
  return "{" +
         joined(row, ",",
                [&](const Cell& cell) {
                  const Column& column = columns[i++];
                  return in_quotes(column.name) + ":" + value_json(cell, column);
                }) +
         "}";
}

}  // namespace

std::string to_json(const Report& report) {
  const std::string columns = joined(report.columns, ",", column_json);
  const std::string rows = joined(report.rows, ",\n", [&](const std::vector<Cell>& row) {
    return row_json(row, report.columns);
  });
  const std::string totals = joined(report.totals, ",", [](const Total& total) {
    return in_quotes(total.column.name) + ":" + value_json(total.value, total.column);
  });
  return format(
      "{{\"report\":{},\"title\":{},\n\"columns\":[{}],\n\"rows\":[{}{}],\n"
      "\"totals\":{{{}}}}}\n",
      in_quotes(report.name), in_quotes(report.title), columns, rows.empty() ? "" : "\n", rows,
      totals);
}

}  // namespace tillsight::eda
