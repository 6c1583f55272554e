#include "domain/invoice_json.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

Json line_json(const InvoiceLine& line) {
  Json json = {{"sku", line.sku.value()},
               {"item", line.item},
               {"aisle", line.aisle},
               {"quantity", line.quantity},
               {"list_price", line.list_price.minor_units()}};
  if (line.discount != Money()) json["discount"] = line.discount.minor_units();
  if (!line.discount_reason.empty()) json["discount_reason"] = line.discount_reason;
  if (!line.discount_by.empty()) json["discount_by"] = line.discount_by;
  json["tax_bp"] = line.tax_rate.value();
  json["net"] = line.net.minor_units();
  json["tax"] = line.tax.minor_units();
  json["gross"] = line.gross.minor_units();
  json["catalogue"] = line.catalogue;
  json["entered"] = name(line.entry);
  // Four decimals: a float's own digits would differ from machine to machine and say no more.
  if (line.confidence > 0) json["confidence"] = std::round(line.confidence * 1e4) / 1e4;
  if (!line.seen.empty()) json["seen"] = line.seen;
  if (line.of_line != 0) json["of_line"] = line.of_line;
  return json;
}

Json removal_json(const Removal& removal) {
  Json json = {{"sku", removal.sku.value()}, {"quantity", removal.quantity}};
  if (!removal.seen.empty()) json["seen"] = removal.seen;
  if (!removal.reason.empty()) json["reason"] = removal.reason;
  return json;
}

Entry read_entry(JsonReader& reader) {
  const std::string_view text = reader.view("entered");
  for (const Entry entry : {Entry::kCamera, Entry::kKeypad, Entry::kScanner}) {
    if (name(entry) == text) return entry;
  }
  reader.reject("entered", "is not camera, keypad or scanner");
  return Entry::kKeypad;
}

InvoiceLine read_line(const JsonValue& json, std::size_t number, JsonReader& invoice) {
  if (!json.is_object()) {
    invoice.reject("lines", format("entry {} is not an object", number));
    return {};
  }
  JsonReader reader(json, format("line {}", number));
  InvoiceLine line;
  line.sku = reader.take("sku", parse_sku(reader.view("sku")));
  line.item = reader.text("item", limits::kNameBytes);
  line.aisle = reader.text("aisle", limits::kNameBytes);
  line.quantity = reader.small_integer("quantity", 1, limits::kQuantityMax);
  line.list_price = reader.money("list_price");
  if (reader.has("discount")) line.discount = reader.money("discount");
  line.tax_rate = TaxRate(reader.small_integer("tax_bp", 0, 10'000));
  line.net = reader.money("net");
  line.tax = reader.money("tax");
  line.gross = reader.money("gross");
  line.catalogue = reader.text("catalogue", 64);
  line.entry = read_entry(reader);
  if (reader.has("confidence")) {
    line.confidence = static_cast<float>(reader.number("confidence", 0, 1));
  }
  line.seen = reader.optional_text("seen", limits::kNameBytes);
  line.discount_reason = reader.optional_text("discount_reason", limits::kNameBytes);
  line.discount_by = reader.optional_text("discount_by", limits::kNameBytes);
  line.of_line = reader.optional_integer("of_line", 0, 1, static_cast<int>(limits::kLinesPerSale));
  invoice.adopt(reader.finish());
  return line;
}

Removal read_removal(const JsonValue& json, JsonReader& invoice) {
  if (!json.is_object()) {
    invoice.reject("removed", "holds an entry that is not an object");
    return {};
  }
  JsonReader reader(json, "removed");
  Removal removal;
  const std::string sku = reader.text("sku", 64);
  if (!sku.empty()) removal.sku = reader.take("sku", parse_sku(sku));
  removal.quantity = reader.small_integer("quantity", 1, limits::kQuantityMax);
  removal.seen = reader.optional_text("seen", limits::kNameBytes);
  removal.reason = reader.optional_text("reason", limits::kNameBytes);
  invoice.adopt(reader.finish());
  return removal;
}

/// What only a refund says.
void read_refund(JsonReader& reader, Invoice& invoice) {
  if (reader.has("refund_of")) {
    invoice.refund_of = reader.take("refund_of", parse_invoice_number(reader.text("refund_of")));
  }
  if (reader.has("unlinked")) invoice.unlinked = reader.boolean("unlinked");
  invoice.approver = reader.optional_text("approver", limits::kNameBytes);
}

Tender read_tender(const JsonValue& json, JsonReader& invoice) {
  if (!json.is_object()) {
    invoice.reject("tenders", "holds an entry that is not an object");
    return {};
  }
  JsonReader reader(json, "tender");
  Tender tender{reader.text("type", 32), reader.money("amount")};
  if (reader.has("change")) tender.change = reader.money("change");
  invoice.adopt(reader.finish());
  return tender;
}

SaleKind read_kind(JsonReader& reader) {
  const std::string_view text = reader.view("kind");
  for (const SaleKind kind : {SaleKind::kSale, SaleKind::kVoid, SaleKind::kRefund}) {
    if (name(kind) == text) return kind;
  }
  reader.reject("kind", "is not sale, void or refund");
  return SaleKind::kSale;
}

Result<std::chrono::seconds> parse_time_of_day(std::string_view text) {
  std::array<int, 3> part{};
  bool shaped = text.size() == 8 && text[2] == ':' && text[5] == ':';
  for (std::size_t i = 0; shaped && i < part.size(); ++i) {
    const char* begin = text.data() + 3 * i;
    const auto [end, failure] = std::from_chars(begin, begin + 2, part[i]);
    shaped =
        failure == std::errc() && end == begin + 2 && part[i] >= 0 && part[i] < (i == 0 ? 24 : 60);
  }
  if (shaped) return std::chrono::seconds(part[0] * 3600 + part[1] * 60 + part[2]);
  return error(Code::kInvalidArgument, "'{}' is not a time such as 09:30:00", text);
}

}  // namespace

Result<UtcTime> parse_iso8601(std::string_view text) {
  int ms = 0;
  const auto wrong = [&] {
    return error(Code::kInvalidArgument, "'{}' is not a time such as 2026-11-23T05:46:32.123Z",
                 text);
  };
  if (text.size() != 24 || text[10] != 'T' || text[19] != '.' || text[23] != 'Z') return wrong();
  const auto date = parse_date(text.substr(0, 10));
  const auto time = parse_time_of_day(text.substr(11, 8));
  const auto [end, failure] = std::from_chars(text.data() + 20, text.data() + 23, ms);
  if (!date.ok() || !time.ok() || failure != std::errc() || end != text.data() + 23 || ms < 0) {
    return wrong();
  }
  return UtcTime(std::chrono::sys_days(*date)) + *time + std::chrono::milliseconds(ms);
}

void write_moment(Json& sealed, const Moment& at) {
  sealed["utc"] = to_iso8601(at.utc);
  sealed["local_date"] = to_string(at.local.date);
  sealed["local_time"] = time_of_day_text(at.local.time_of_day);
  sealed["weekday"] = weekday_name(at.local.weekday);
  sealed["time_zone"] = at.time_zone;
  sealed["clock_trusted"] = at.clock_trusted;
  sealed["boot_id"] = at.boot_id;
  sealed["monotonic_ms"] = at.monotonic.count();
}

Moment read_moment(JsonReader& reader) {
  Moment at;
  at.utc = reader.take("utc", parse_iso8601(reader.view("utc")));
  at.local.date = reader.take("local_date", parse_date(reader.view("local_date")));
  at.local.time_of_day = reader.take("local_time", parse_time_of_day(reader.view("local_time")));
  at.local.weekday = std::chrono::weekday(std::chrono::sys_days(at.local.date));
  if (reader.view("weekday") != weekday_name(at.local.weekday)) {
    reader.reject("weekday", "is not the weekday of local_date");
  }
  at.time_zone = reader.text("time_zone", 64);
  at.clock_trusted = reader.boolean("clock_trusted");
  at.boot_id = reader.text("boot_id", 64);
  at.monotonic = std::chrono::milliseconds(reader.integer("monotonic_ms", 0));
  return at;
}

void write_invoice(Json& sealed, const Invoice& invoice) {
  sealed["cashier"] = invoice.cashier;
  sealed["business_date"] = to_string(invoice.business_date);
  write_moment(sealed, invoice.at);
  sealed["currency"] = invoice.currency;
  sealed["lines"] = Json::array();
  for (const InvoiceLine& line : invoice.lines) sealed["lines"].push_back(line_json(line));
  sealed["aisles"] = aisles_visited(invoice);
  sealed["net"] = invoice.net.minor_units();
  sealed["tax"] = invoice.tax.minor_units();
  sealed["gross"] = invoice.gross.minor_units();
  sealed["rounding"] = invoice.rounding.minor_units();
  sealed["tenders"] = Json::array();
  for (const Tender& tender : invoice.tenders) {
    Json json = {{"type", tender.type}, {"amount", tender.amount.minor_units()}};
    if (tender.change != Money()) json["change"] = tender.change.minor_units();
    sealed["tenders"].push_back(std::move(json));
  }
  if (!invoice.reason.empty()) sealed["reason"] = invoice.reason;
  for (const Removal& removal : invoice.removed) {
    sealed["removed"].push_back(removal_json(removal));
  }
  if (invoice.refund_of) sealed["refund_of"] = to_string(*invoice.refund_of);
  if (invoice.unlinked) sealed["unlinked"] = true;
  if (!invoice.approver.empty()) sealed["approver"] = invoice.approver;
}

Invoice read_invoice(JsonReader& reader) {
  Invoice invoice;
  invoice.kind = read_kind(reader);
  invoice.cashier = reader.text("cashier", limits::kNameBytes);
  invoice.business_date = reader.take("business_date", parse_date(reader.view("business_date")));
  invoice.at = read_moment(reader);
  invoice.currency = reader.text("currency", 3);
  std::size_t number = 0;
  for (const JsonValue& line : reader.array("lines", limits::kLinesPerSale)) {
    invoice.lines.push_back(read_line(line, ++number, reader));
  }
  invoice.net = reader.money("net");
  invoice.tax = reader.money("tax");
  invoice.gross = reader.money("gross");
  invoice.rounding = reader.money("rounding");
  for (const JsonValue& tender : reader.array("tenders", 16)) {
    invoice.tenders.push_back(read_tender(tender, reader));
  }
  invoice.reason = reader.optional_text("reason", limits::kNameBytes);
  if (reader.has("removed")) {
    for (const JsonValue& removal : reader.array("removed", limits::kRemovalsPerSale)) {
      invoice.removed.push_back(read_removal(removal, reader));
    }
  }
  if (invoice.kind == SaleKind::kRefund) read_refund(reader, invoice);
  return invoice;
}

}  // namespace tillsight
