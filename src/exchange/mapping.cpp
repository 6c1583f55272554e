#include "tillsight/exchange/mapping.hpp"

#include <algorithm>

#include "exchange/letters.hpp"
#include "tillsight/core/config.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/domain/ids.hpp"
#include "tillsight/domain/money.hpp"

namespace tillsight::exchange {
namespace {

constexpr std::size_t kSourceBytes = 40;

/// A key that holds one character, or none.
void read_character(ConfigReader& reader, std::string_view key, char& out) {
  std::string text(out == '\0' ? 0 : 1, out);
  reader.optional(key, text);
  if (text == "\\t" || text == "tab") text = "\t";
  if (text.size() > 1) reader.reject(key, "is one character, or empty");
  out = text.empty() ? '\0' : text.front();
}

void read_file_form(ConfigReader& reader, Mapping& mapping) {
  std::string form = "csv";
  reader.optional("form", form);
  if (form != "csv" && form != "jsonl") reader.reject("form", "is csv or jsonl");
  mapping.form = form == "jsonl" ? Form::kJsonLines : Form::kCsv;
  read_character(reader, "delimiter", mapping.delimiter);
  if (mapping.delimiter == '\0' || mapping.delimiter == '"') {
    reader.reject("delimiter", "is one character, and no quote");
  }
  reader.optional("encoding", mapping.encoding);
  if (const auto letters = Letters::open(mapping.encoding); !letters.ok()) {
    reader.reject("encoding", letters.error().message());
  }
}

void read_columns(ConfigReader& reader, Mapping& mapping) {
  for (std::size_t i = 0; i < kColumns; ++i) {
    const std::string key = format("columns.{}", name(static_cast<Column>(i)));
    reader.optional(key, mapping.columns[i]);
  }
  reader.optional("columns.lines", mapping.lines);
  reader.optional("columns.items", mapping.items);
  reader.optional("columns.line_totals", mapping.line_totals);
  const auto must = [&](bool there, std::string_view key, std::string_view why) {
    if (!there) reader.reject(key, why);
  };
  must(!mapping[Column::kInvoiceNo].empty(), "columns.invoice_no", "must name a column");
  must(!mapping[Column::kDate].empty(), "columns.date", "must name a column");
  if (!mapping.items.empty()) return;
  must(!mapping[Column::kQuantity].empty(), "columns.quantity", "must name a column");
  must(!mapping[Column::kUnitPrice].empty() || !mapping[Column::kLineTotal].empty(),
       "columns.unit_price", "or columns.line_total must name a column");
  must(!mapping[Column::kSku].empty() || !mapping[Column::kItem].empty(), "columns.sku",
       "or columns.item must name a column");
}

void read_constants(ConfigReader& reader, Mapping& mapping) {
  const auto constant = [&](std::string_view key, Column column, std::string& out, auto parse) {
    if (mapping[column].empty()) {
      reader.require(key, out);
    } else {
      reader.optional(key, out);
    }
    if (out.empty()) return;
    if (const auto parsed = parse(out); !parsed.ok()) reader.reject(key, parsed.error().message());
  };
  constant("store", Column::kStore, mapping.store, parse_store_id);
  constant("till", Column::kTill, mapping.till, parse_till_id);
  constant("currency", Column::kCurrency, mapping.currency, Currency::parse);
  constant("time_zone", Column::kTimeZone, mapping.time_zone, TimeZone::find);
  reader.optional("region", mapping.region);
  reader.optional("tender", mapping.tender);
  reader.optional("catalogue", mapping.catalogue);
}

void read_values(ConfigReader& reader, Mapping& mapping) {
  reader.optional("date.formats", mapping.date_formats);
  reader.optional("date.time_formats", mapping.time_formats);
  if (mapping.date_formats.empty()) reader.reject("date.formats", "has none");
  if (mapping.time_formats.empty()) reader.reject("date.time_formats", "has none");
  read_character(reader, "numbers.decimal", mapping.decimal);
  read_character(reader, "numbers.thousands", mapping.thousands);
  if (mapping.decimal != '.' && mapping.decimal != ',')
    reader.reject("numbers.decimal", "is . or ,");
  if (mapping.decimal == mapping.thousands) {
    reader.reject("numbers.thousands", "is the decimal sign too");
  }
  reader.optional("refunds.prefix", mapping.refund_prefix);
  reader.optional("customer.suffix", mapping.customer_suffix);
}

}  // namespace

std::string_view name(Column column) {
  static constexpr std::array<std::string_view, kColumns> kNames = {
      "invoice_no", "store",     "till",       "origin",   "kind",       "date",
      "time",       "time_zone", "currency",   "cashier",  "customer",   "first_name",
      "last_name",  "phone",     "tender",     "total",    "sku",        "item",
      "aisle",      "quantity",  "unit_price", "discount", "line_total", "tax_percent"};
  return kNames[static_cast<std::size_t>(column)];
}

Mapping own_mapping(Form form) {
  Mapping mapping;
  mapping.form = form;
  for (std::size_t i = 0; i < kColumns; ++i) mapping.columns[i] = name(static_cast<Column>(i));
  mapping.lines = "lines";
  return mapping;
}

Result<Mapping> load_mapping(const std::filesystem::path& file) {
  TILLSIGHT_ASSIGN(ConfigReader reader, ConfigReader::load(file));
  Mapping mapping;
  reader.require("source", mapping.source);
  if (const Status named = check_source(mapping.source); !named.ok()) {
    reader.reject("source", named.error().message());
  }
  read_file_form(reader, mapping);
  read_columns(reader, mapping);
  read_constants(reader, mapping);
  read_values(reader, mapping);
  TILLSIGHT_TRY(reader.finish());
  return mapping;
}

Form form_of(const std::filesystem::path& file) {
  const std::string extension = file.extension().string();
  const bool json = extension == ".jsonl" || extension == ".ndjson" || extension == ".json";
  return json ? Form::kJsonLines : Form::kCsv;
}

Status check_source(std::string_view source) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  if (!source.empty() && source.size() <= kSourceBytes && std::ranges::all_of(source, allowed)) {
    return {};
  }
  return error(Code::kInvalidArgument,
               "'{}' is no name of a source: 1 to {} of a-z, 0-9 and '-', such as online-retail",
               source, kSourceBytes);
}

}  // namespace tillsight::exchange
