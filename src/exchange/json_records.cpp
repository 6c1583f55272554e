#include <simdjson.h>

#include <deque>

#include "exchange/letters.hpp"
#include "exchange/physical_lines.hpp"
#include "exchange/records.hpp"

namespace tillsight::exchange {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t kLinesMax = 10'000;

/// JSON Lines: an object is a flat line of an invoice, or an invoice with an array of its lines, or
/// one with an object from item to quantity.
class JsonRecords final : public Records {
 public:
  JsonRecords(const Mapping& mapping, PhysicalLines lines, Letters letters)
      : mapping_(mapping), lines_(std::move(lines)), letters_(std::move(letters)) {}

  Result<bool> next(Record& record) override;
  double done() const override { return lines_.done(); }

 private:
  void read(Record& record, std::string_view json);
  void read_object(Record& record, const object& invoice);
  void read_lines(Record& record, const element& lines);
  void read_items(Record& record, const object& invoice, const element& items);
  void read_cells(const object& from, Cells& into);
  std::string_view text_of(const element& value);

  const Mapping& mapping_;
  PhysicalLines lines_;
  const Letters letters_;
  PhysicalLine line_;
  std::string space_;
  simdjson::dom::parser parser_;
  std::deque<std::string> texts_;  ///< numbers as text, of the newest record
};

std::string_view JsonRecords::text_of(const element& value) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) return text;
  if (value.is_null()) return {};
  return texts_.emplace_back(simdjson::minify(value));
}

void JsonRecords::read_cells(const object& from, Cells& into) {
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (mapping_.columns[i].empty()) continue;
    element value;
    if (from.at_key(mapping_.columns[i]).get(value) == simdjson::SUCCESS) {
      into.values[i] = text_of(value);
    }
  }
}

void JsonRecords::read_lines(Record& record, const element& lines) {
  const Cells invoice = record.cells[0];
  record.cells.clear();
  simdjson::dom::array array;
  if (lines.get_array().get(array) == simdjson::SUCCESS) {
    for (const element line : array) {
      object fields;
      if (line.get_object().get(fields) != simdjson::SUCCESS) break;
      read_cells(fields, record.cells.emplace_back(invoice));
      if (record.cells.size() > kLinesMax) break;
    }
    if (!record.cells.empty() && record.cells.size() == array.size()) return;
  }
  record.damage = format("{} is no array of 1 to {} objects", mapping_.lines, kLinesMax);
  record.cells.assign(1, invoice);
}

void JsonRecords::read_items(Record& record, const object& invoice, const element& items) {
  const Cells shared = record.cells[0];
  record.cells.clear();
  object quantities;
  object totals;
  const bool has_totals =
      !mapping_.line_totals.empty() &&
      invoice.at_key(mapping_.line_totals).get_object().get(totals) == simdjson::SUCCESS;
  if (items.get_object().get(quantities) != simdjson::SUCCESS || !has_totals) {
    record.damage = format("{} and {} are not two objects", mapping_.items, mapping_.line_totals);
  } else {
    for (const auto& [item, quantity] : quantities) {
      Cells& cells = record.cells.emplace_back(shared);
      cells[Column::kItem] = item;
      cells[Column::kQuantity] = text_of(quantity);
      element total;
      if (totals.at_key(item).get(total) == simdjson::SUCCESS) {
        cells[Column::kLineTotal] = text_of(total);
      }
      if (record.cells.size() > kLinesMax) break;
    }
    if (record.cells.size() > kLinesMax)
      record.damage = format("has more than {} items", kLinesMax);
  }
  if (record.cells.empty() && record.damage.empty()) {
    record.damage = format("{} is empty", mapping_.items);
  }
  if (record.cells.empty()) record.cells.assign(1, shared);
}

void JsonRecords::read_object(Record& record, const object& invoice) {
  record.cells.assign(1, {});
  read_cells(invoice, record.cells[0]);
  element nested;
  if (!mapping_.items.empty()) {
    if (invoice.at_key(mapping_.items).get(nested) == simdjson::SUCCESS) {
      read_items(record, invoice, nested);
    } else {
      record.damage = format("has no {}", mapping_.items);
    }
  } else if (!mapping_.lines.empty() &&
             invoice.at_key(mapping_.lines).get(nested) == simdjson::SUCCESS) {
    read_lines(record, nested);
  }
}

void JsonRecords::read(Record& record, std::string_view json) {
  element root;
  object invoice;
  const auto failure = parser_.parse(json.data(), json.size()).get(root);
  if (failure != simdjson::SUCCESS) {
    record.damage = format("is no JSON ({})", simdjson::error_message(failure));
  } else if (root.get_object().get(invoice) != simdjson::SUCCESS) {
    record.damage = "is no JSON object";
  } else {
    read_object(record, invoice);
  }
}

Result<bool> JsonRecords::next(Record& record) {
  do {
    TILLSIGHT_ASSIGN(const bool more, lines_.next(line_));
    if (!more) return false;
  } while (line_.text.find_first_not_of(" \t\r") == std::string::npos);
  texts_.clear();
  record.line = line_.number;
  record.raw.swap(line_.text);
  record.damage.clear();
  record.cells.clear();
  if (line_.too_long) {
    record.damage = format("is longer than {} KiB", kRowBytesMax / 1024);
    return true;
  }
  const auto json = letters_.to_utf8(record.raw, space_);
  if (json.ok()) {
    read(record, *json);
  } else {
    record.damage = json.error().message();
  }
  return true;
}

}  // namespace

Result<std::unique_ptr<Records>> open_json_records(const std::filesystem::path& file,
                                                   const Mapping& mapping) {
  TILLSIGHT_ASSIGN(PhysicalLines lines, PhysicalLines::open(file));
  TILLSIGHT_ASSIGN(Letters letters, Letters::open(mapping.encoding));
  auto records = std::make_unique<JsonRecords>(mapping, std::move(lines), std::move(letters));
  return std::unique_ptr<Records>(std::move(records));
}

}  // namespace tillsight::exchange
