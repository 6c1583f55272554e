#include "columns/rows.hpp"

#include <chrono>
#include <cmath>

#include "tillsight/core/time_zone.hpp"

namespace tillsight::columns {
namespace {

// An invoice without lines has one row, with NULL in the line's columns.
constexpr std::string_view kRows =
    "SELECT invoice.event_id, store, till, customer, cashier, currency, kind, origin, date, "
    "business_date, time, line, sku, item, aisle, entry, catalogue, quantity, list_price, "
    "discount, line.net, line.tax, line.gross, confidence "
    "FROM invoice LEFT JOIN line USING (event_id) WHERE invoice.event_id > ? "
    "ORDER BY invoice.event_id, line.line";

struct TextColumn {
  Field field;
  int column;
};
constexpr std::array<TextColumn, 7> kInvoiceTexts = {{
    {Field::kStore, 1},
    {Field::kTill, 2},
    {Field::kCustomer, 3},
    {Field::kCashier, 4},
    {Field::kCurrency, 5},
    {Field::kKind, 6},
    {Field::kOrigin, 7},
}};
constexpr int kReceiptDateColumn = 8;
constexpr int kDateColumn = 9;
constexpr int kTimeColumn = 10;
constexpr int kLineColumn = 11;
constexpr std::array<TextColumn, 5> kLineTexts = {{
    {Field::kSku, 12},
    {Field::kItem, 13},
    {Field::kAisle, 14},
    {Field::kEntry, 15},
    {Field::kCatalogue, 16},
}};
constexpr int kFirstAmountColumn = 17;
constexpr std::array kLineAmounts = {Field::kQuantity, Field::kListPrice, Field::kDiscount,
                                     Field::kNet,      Field::kTax,       Field::kGross};
constexpr int kConfidenceColumn = 23;

Result<std::chrono::sys_days> day_of(std::string_view text, std::int64_t cursor) {
  const auto date = parse_date(text);
  if (date.ok()) return std::chrono::sys_days(*date);
  return error(Code::kDataLoss,
               "hub.db: invoice {} has the date '{}'; run 'tillsight audit', and restore a backup",
               cursor, text);
}

std::int64_t minute_of(std::string_view time) {
  const auto digit = [&](std::size_t at) { return at < time.size() ? time[at] - '0' : 0; };
  return 60 * (10 * digit(0) + digit(1)) + 10 * digit(3) + digit(4);
}

int month_of(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return 12 * static_cast<int>(date.year()) + static_cast<int>(static_cast<unsigned>(date.month()));
}

Result<Row> read_invoice(const sql::Statement& row, OpenDictionaries& dictionaries) {
  Row invoice{};
  const std::int64_t cursor = row.integer(0);
  for (const auto& [field, column] : kInvoiceTexts) {
    invoice[index(field)] = dictionaries[index(field)].code_of(row.text(column));
  }
  TILLSIGHT_ASSIGN(const auto date, day_of(row.text(kDateColumn), cursor));
  TILLSIGHT_ASSIGN(const auto receipt_date, day_of(row.text(kReceiptDateColumn), cursor));
  invoice[index(Field::kCursor)] = cursor;
  invoice[index(Field::kDate)] = date.time_since_epoch().count();
  invoice[index(Field::kReceiptDate)] = receipt_date.time_since_epoch().count();
  invoice[index(Field::kMinute)] = minute_of(row.text(kTimeColumn));
  return invoice;
}

Row read_line(const sql::Statement& row, OpenDictionaries& dictionaries) {
  Row line{};
  for (const auto& [field, column] : kLineTexts) {
    line[index(field)] = dictionaries[index(field)].code_of(row.text(column));
  }
  int column = kFirstAmountColumn;
  for (const Field field : kLineAmounts) line[index(field)] = row.integer(column++);
  line[index(Field::kConfidence)] = std::llround(row.real(kConfidenceColumn) * 1e4);
  return line;
}

Partition partition_of(const Row& invoice) {
  const std::chrono::days date(invoice[index(Field::kDate)]);
  return {month_of(std::chrono::sys_days(date)), invoice[index(Field::kKind)],
          invoice[index(Field::kCurrency)]};
}

/// \return the code under which the customer of this invoice stands; 0: not in these segments.
Result<std::uint32_t> customer_at(const Segments& segments, std::int64_t cursor) {
  for (const auto& segment : segments) {
    const Stored& cursors = segment->stored(Field::kCursor);
    if (cursor < cursors.least || cursor > cursors.greatest) continue;
    TILLSIGHT_TRY(segment->verify(Field::kCursor));
    const auto row = segment->find(cursor);
    if (!row) continue;
    TILLSIGHT_TRY(segment->verify(Field::kCustomer));
    return static_cast<std::uint32_t>(segment->value(Field::kCustomer, *row));
  }
  return 0U;
}

}  // namespace

Partition partition_of(const Segment& segment) {
  const std::chrono::days date(segment.stored(Field::kDate).least);
  return {month_of(std::chrono::sys_days(date)), segment.stored(Field::kKind).least,
          segment.stored(Field::kCurrency).least};
}

Result<HubState> read_state(sql::Connection& db) {
  TILLSIGHT_ASSIGN(auto find, db.prepare("SELECT hub_epoch, (SELECT coalesce(max(event_id), 0) "
                                         "FROM invoice) FROM meta"));
  TILLSIGHT_ASSIGN(const bool found, find.step());
  if (!found) return HubState{};
  return HubState{std::string(find.text(0)), find.integer(1)};
}

Result<Slice> read_slice(sql::Connection& db, std::int64_t after, std::int64_t lines_max,
                         OpenDictionaries& dictionaries) {
  TILLSIGHT_ASSIGN(auto rows, db.prepare(kRows));
  rows.bind(after);
  Slice slice;
  slice.cursor = after;
  SegmentBuilder* builder = nullptr;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return slice;
    if (rows.integer(0) != slice.cursor) {
      if (slice.lines >= lines_max) return slice;
      TILLSIGHT_ASSIGN(const Row invoice, read_invoice(rows, dictionaries));
      builder = &slice.builders[partition_of(invoice)];
      builder->add_invoice(invoice);
      slice.cursor = rows.integer(0);
      ++slice.invoices;
    }
    if (rows.is_null(kLineColumn)) continue;
    builder->add_line(read_line(rows, dictionaries));
    ++slice.lines;
  }
}

Status follow_changes(sql::Connection& db, const Segments& segments, OpenDictionaries& dictionaries,
                      std::int64_t& changes, bool& any) {
  TILLSIGHT_ASSIGN(auto rows,
                   db.prepare("SELECT id, customer, (SELECT min(event_id) FROM invoice WHERE "
                              "invoice.customer = customer_change.customer) FROM customer_change "
                              "WHERE id > ? ORDER BY id"));
  rows.bind(changes);
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return {};
    changes = rows.integer(0);
    TILLSIGHT_ASSIGN(const std::uint32_t code, customer_at(segments, rows.integer(2)));
    if (code == 0) continue;
    dictionaries[index(Field::kCustomer)].rename(code, rows.text(1));
    any = true;
  }
}

}  // namespace tillsight::columns
