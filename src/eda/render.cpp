#include <algorithm>

#include "eda/cell_text.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/core/csv.hpp"
#include "tillsight/domain/text.hpp"
#include "tillsight/eda/report.hpp"

namespace tillsight::eda {
namespace {

constexpr int kTextColumnsMax = 40;

bool is_number(const Column& column) {
  return column.type != ColumnType::kText && column.type != ColumnType::kDate;
}

/// A name must not be able to steer the terminal that shows it: control characters, also those
/// from U+0080 to U+009F (bytes C2 80 to C2 9F), become '?'.
std::string harmless(std::string_view text) {
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : ' ');
    if (byte == 0xC2 && next >= 0x80 && next <= 0x9F) {
      shown += '?';
      ++i;
    } else {
      shown += byte < ' ' || byte == 0x7F ? '?' : text[i];
    }
  }
  return shown;
}

std::string for_terminal(const Cell& cell, const Column& column) {
  const std::string text = harmless(cell_text(cell, column));
  return is_number(column) ? text : cut_to_width(text, kTextColumnsMax);
}

std::string padded(const std::string& text, int width, bool right) {
  const std::string blanks(static_cast<std::size_t>(std::max(0, width - display_width(text))), ' ');
  return right ? blanks + text : text + blanks;
}

using Texts = std::vector<std::string>;

std::string table_line(const Texts& cells, const std::vector<Column>& columns,
                       const std::vector<int>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += "  ";
    line += padded(cells[i], widths[i], is_number(columns[i]));
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string totals_line(const std::vector<Total>& totals) {
  std::string line;
  for (const Total& total : totals) {
    line += format("{}{} {}", line.empty() ? "In all: " : ", ", total.column.name,
                   cell_text(total.value, total.column));
  }
  return line.empty() ? line : "\n" + line + "\n";
}

}  // namespace

std::string cell_text(const Cell& cell, const Column& column) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
  if (const auto* money = std::get_if<Money>(&cell)) {
    TILLSIGHT_CHECK(column.currency.has_value(), "a money column has no currency");
    return to_string(*money, *column.currency);
  }
  if (const auto* real = std::get_if<double>(&cell)) {
    return column.type == ColumnType::kPercent ? format("{:.1f}", *real) : format("{:.2f}", *real);
  }
  return "";
}

std::string to_table(const Report& report) {
  Texts heads;
  Texts rules;
  std::vector<int> widths;
  for (const Column& column : report.columns) {
    heads.push_back(column.name);
    widths.push_back(display_width(column.name));
  }
  std::vector<Texts> rows;
  for (const auto& row : report.rows) {
    Texts& texts = rows.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      texts.push_back(for_terminal(row[i], report.columns[i]));
      widths[i] = std::max(widths[i], display_width(texts.back()));
    }
  }
  for (const int width : widths) rules.emplace_back(static_cast<std::size_t>(width), '-');

  std::string table = report.title + "\n\n" + table_line(heads, report.columns, widths) +
                      table_line(rules, report.columns, widths);
  for (const Texts& row : rows) table += table_line(row, report.columns, widths);
  if (rows.empty()) table += "(none)\n";
  return table + totals_line(report.totals);
}

std::string to_csv(const Report& report) {
  std::string csv;
  for (std::size_t i = 0; i < report.columns.size(); ++i) {
    csv += (i > 0 ? "," : "") + csv_field(report.columns[i].name);
  }
  csv += "\n";
  for (const auto& row : report.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      csv += (i > 0 ? "," : "") + csv_field(cell_text(row[i], report.columns[i]));
    }
    csv += "\n";
  }
  return csv;
}

}  // namespace tillsight::eda
