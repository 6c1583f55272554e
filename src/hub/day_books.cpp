#include "hub/day_books.hpp"

#include "tillsight/domain/day.hpp"

namespace tillsight::hub {
namespace {

/// What an opening and a movement of cash have in common.
struct CashRow {
  BookEntry entry;
  std::string_view kind;
  std::int64_t amount = 0;
  std::string reason;
};

Result<CashRow> cash_row(const Event& event) {
  if (event.type == kDayOpenType) {
    TILLSIGHT_ASSIGN(DayOpening opening, open_day_opening(event));
    return CashRow{std::move(opening.entry), "float", opening.opening_float.minor_units(), ""};
  }
  TILLSIGHT_ASSIGN(CashMovement movement, open_cash_movement(event));
  return CashRow{std::move(movement.entry), movement.in ? "in" : "out",
                 movement.amount.minor_units(), std::move(movement.reason)};
}

Status insert_cash(sql::Connection& db, std::int64_t event_row, const Event& event) {
  TILLSIGHT_ASSIGN(const CashRow row, cash_row(event));
  TILLSIGHT_ASSIGN(
      auto insert,
      db.prepare("INSERT INTO cash (event_id, kind, business_date, date, time, cashier, "
                 "currency, amount, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  return insert
      .bind(event_row, row.kind, to_string(row.entry.business_date),
            to_string(row.entry.at.local.date), time_of_day_text(row.entry.at.local.time_of_day),
            row.entry.cashier, row.entry.currency, row.amount, row.reason)
      .run();
}

Status insert_z(sql::Connection& db, std::int64_t event_row, const Event& event) {
  TILLSIGHT_ASSIGN(const ZReport z, open_z(event));
  const BookEntry& entry = z.closing.entry;
  const DaySums& sums = z.sums;
  const auto cash = z.closing.counted.find(std::string(kCashTender));
  TILLSIGHT_ASSIGN(
      auto insert,
      db.prepare(
          "INSERT INTO z (event_id, number, first, last, business_date, date, time, cashier, "
          "currency, sales, refunds, voids, corrections, discounts, discount_total, "
          "void_total, sold_net, sold_tax, sold_gross, refunded_net, refunded_tax, "
          "refunded_gross, rounding, first_invoice, last_invoice, float, cash_in, cash_out, "
          "expected_cash, counted_cash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
          "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  return insert
      .bind(event_row, z.number, sums.first, sums.last, to_string(entry.business_date),
            to_string(entry.at.local.date), time_of_day_text(entry.at.local.time_of_day),
            entry.cashier, entry.currency, sums.sales, sums.refunds, sums.voids, sums.corrections,
            sums.discounts, sums.discount_total, sums.void_total, sums.sold.net, sums.sold.tax,
            sums.sold.gross, sums.refunded.net, sums.refunded.tax, sums.refunded.gross,
            sums.rounding, sums.first_invoice, sums.last_invoice, sums.opening_float, sums.cash_in,
            sums.cash_out, sums.expected_cash(),
            cash == z.closing.counted.end() ? std::nullopt
                                            : std::optional(cash->second.minor_units()))
      .run();
}

/// One text for the columns and one for what was sealed.
Result<std::string> sealed_text(const Event& event) {
  if (event.type == kZType) {
    TILLSIGHT_ASSIGN(const ZReport z, open_z(event));
    return format("Z {}: {} to {}, {} {} {} {} {}", z.number, z.sums.first, z.sums.last,
                  z.sums.sales, z.sums.sold.gross, z.sums.refunded.gross, z.sums.sold.tax,
                  z.sums.expected_cash());
  }
  TILLSIGHT_ASSIGN(const CashRow row, cash_row(event));
  return format("{} {}", row.kind, row.amount);
}

Result<std::string> column_text(sql::Connection& db, std::int64_t event_row, bool is_z) {
  TILLSIGHT_ASSIGN(
      auto find,
      db.prepare(is_z
                     ? "SELECT printf('Z %d: %d to %d, %d %d %d %d %d', number, first, last, sales,"
                       " sold_gross, refunded_gross, sold_tax, expected_cash) FROM z"
                       " WHERE event_id = ?"
                     : "SELECT kind || ' ' || amount FROM cash WHERE event_id = ?"));
  TILLSIGHT_ASSIGN(const bool found, find.bind(event_row).step());
  return found ? std::string(find.text(0)) : "nothing";
}

bool is_day_book(const Event& event) {
  return event.type == kZType || event.type == kCashType || event.type == kDayOpenType;
}

}  // namespace

Status insert_day_book(sql::Connection& db, std::int64_t event_row, const Event& event) {
  if (!is_day_book(event)) return {};
  return event.type == kZType ? insert_z(db, event_row, event) : insert_cash(db, event_row, event);
}

Result<std::string> wrong_day_book(sql::Connection& db, std::int64_t event_row,
                                   const Event& event) {
  if (!is_day_book(event)) return std::string();
  const auto sealed = sealed_text(event);
  if (!sealed.ok()) return std::string();  // which is reported where it is opened
  TILLSIGHT_ASSIGN(const std::string columns, column_text(db, event_row, event.type == kZType));
  if (columns == *sealed) return std::string();
  return format("its columns say '{}', but '{}' was sealed", columns, *sealed);
}

}  // namespace tillsight::hub
