#include "exchange/csv_row.hpp"

namespace tillsight::exchange {
namespace {

std::string& next_field(std::vector<std::string>& fields, std::size_t& count) {
  if (count == fields.size()) fields.emplace_back();
  std::string& field = fields[count++];
  field.clear();
  return field;
}

/// \param at behind the opening quote; afterwards behind the closing one.
bool read_quoted(std::string_view text, std::size_t& at, std::string& field) {
  while (true) {
    const std::size_t quote = text.find('"', at);
    if (quote == text.npos) {
      field.append(text.substr(at));
      return false;
    }
    field.append(text.substr(at, quote - at));
    at = quote + 1;
    if (at == text.size() || text[at] != '"') return true;
    field += '"';
    ++at;
  }
}

}  // namespace

CsvEnd split_csv(std::string_view text, char delimiter, std::vector<std::string>& fields,
                 std::size_t& count) {
  count = 0;
  std::size_t at = 0;
  while (true) {
    std::string& field = next_field(fields, count);
    if (at < text.size() && text[at] == '"') {
      if (!read_quoted(text, ++at, field)) return CsvEnd::kOpenQuote;
      if (at == text.size()) return CsvEnd::kComplete;
      if (text[at] != delimiter) return CsvEnd::kAfterQuote;
    } else {
      const std::size_t end = text.find(delimiter, at);
      field.append(text.substr(at, end == text.npos ? text.npos : end - at));
      if (end == text.npos) return CsvEnd::kComplete;
      at = end;
    }
    ++at;
  }
}

}  // namespace tillsight::exchange
