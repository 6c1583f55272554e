#include "tillsight/core/csv.hpp"
#include "tillsight/core/format.hpp"
#include "tillsight/exchange/export.hpp"

namespace tillsight::exchange {
namespace {

std::string plain(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return format("{}", *number);
  if (const auto* real = std::get_if<double>(&value)) return format("{}", *real);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return "";
}

}  // namespace

void append_csv(std::string& text, std::span<const std::string> columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) text += ',';
    text += csv_field(columns[i]);
  }
  text += "\n";
}

void append_csv(std::string& text, const Row& row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) text += ',';
    text += csv_field(plain(row[i]));
  }
  text += "\n";
}

void append_json(std::string& text, std::span<const std::string> columns, const Row& row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    text += i == 0 ? "{" : ",";
    text += json_text(columns[i]);
    text += ':';
    if (std::holds_alternative<std::monostate>(row[i])) {
      text += "null";
    } else if (std::holds_alternative<std::string>(row[i])) {
      text += json_text(std::get<std::string>(row[i]));
    } else {
      text += plain(row[i]);
    }
  }
  text += '}';
}

std::string json_text(std::string_view value) {
  std::string json = "\"";
  for (const char c : value) {
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

}  // namespace tillsight::exchange
