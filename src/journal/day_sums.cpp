#include "journal/day_sums.hpp"

#include <algorithm>

#include "journal/schema.hpp"

namespace tillsight::journal {
namespace {

constexpr std::string_view kSaleType = "tillsight.sale.v1";
constexpr std::string_view kVoidType = "tillsight.void.v1";

/// Runs `query` over the range and hands every row to `take`.
template <typename Take>
Status each(sql::Connection& db, const DaySums& range, std::string_view query, Take take) {
  TILLSIGHT_ASSIGN(sql::Statement rows, db.prepare(query));
  rows.bind(range.first, range.last);
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return {};
    take(rows);
  }
}

Status add_invoices(sql::Connection& db, DaySums& sums) {
  constexpr std::string_view kQuery =
      "SELECT type, count(*), sum(json_extract(sealed, '$.net')),"
      " sum(json_extract(sealed, '$.tax')), sum(json_extract(sealed, '$.gross')),"
      " sum(json_extract(sealed, '$.rounding')),"
      " sum(coalesce(json_array_length(sealed, '$.removed'), 0)) FROM event"
      " WHERE sequence BETWEEN ?1 AND ?2 AND type IN"
      " ('tillsight.sale.v1', 'tillsight.void.v1', 'tillsight.refund.v1') GROUP BY type";
  return each(db, sums, kQuery, [&](const sql::Statement& row) {
    const Amounts amounts{row.integer(2), row.integer(3), row.integer(4)};
    if (row.text(0) == kVoidType) {
      sums.voids = row.integer(1);
      sums.void_total = amounts.gross;
    } else if (row.text(0) == kSaleType) {
      sums.sales = row.integer(1);
      sums.sold = amounts;
      sums.rounding += row.integer(5);
      sums.corrections += row.integer(6);
    } else {
      sums.refunds = row.integer(1);
      sums.refunded = amounts;
      sums.rounding -= row.integer(5);
    }
  });
}

Status add_lines(sql::Connection& db, DaySums& sums) {
  constexpr std::string_view kQuery =
      "SELECT event.type, json_extract(line.value, '$.tax_bp'), sum(json_extract(line.value, "
      "'$.net')),"
      " sum(json_extract(line.value, '$.tax')), sum(json_extract(line.value, '$.gross')),"
      " sum(coalesce(json_extract(line.value, '$.discount'), 0)),"
      " count(json_extract(line.value, '$.discount')), count(json_extract(line.value, '$.seen'))"
      " FROM event, json_each(event.sealed, '$.lines') AS line"
      " WHERE sequence BETWEEN ?1 AND ?2 AND event.type IN"
      " ('tillsight.sale.v1', 'tillsight.refund.v1') GROUP BY 1, 2";
  return each(db, sums, kQuery, [&](const sql::Statement& row) {
    const bool sold = row.text(0) == kSaleType;
    const std::int64_t sign = sold ? 1 : -1;
    sums.takings_by_tax_bp[static_cast<int>(row.integer(1))] +=
        Amounts{sign * row.integer(2), sign * row.integer(3), sign * row.integer(4)};
    if (!sold) return;
    sums.discount_total += row.integer(5);
    sums.discounts += row.integer(6);
    sums.corrections += row.integer(7);
  });
}

Status add_tenders(sql::Connection& db, DaySums& sums) {
  constexpr std::string_view kQuery =
      "SELECT event.type, json_extract(tender.value, '$.type'),"
      " sum(json_extract(tender.value, '$.amount'))"
      " FROM event, json_each(event.sealed, '$.tenders') AS tender"
      " WHERE sequence BETWEEN ?1 AND ?2 AND event.type IN"
      " ('tillsight.sale.v1', 'tillsight.refund.v1') GROUP BY 1, 2";
  return each(db, sums, kQuery, [&](const sql::Statement& row) {
    const std::int64_t sign = row.text(0) == kSaleType ? 1 : -1;
    sums.takings_by_tender[std::string(row.text(1))] += sign * row.integer(2);
  });
}

Status add_cash(sql::Connection& db, DaySums& sums) {
  constexpr std::string_view kQuery =
      "SELECT coalesce(sum(json_extract(sealed, '$.float')), 0),"
      " coalesce(sum(iif(json_extract(sealed, '$.way') = 'in',"
      "  json_extract(sealed, '$.amount'), 0)), 0),"
      " coalesce(sum(iif(json_extract(sealed, '$.way') = 'out',"
      "  json_extract(sealed, '$.amount'), 0)), 0) FROM event"
      " WHERE sequence BETWEEN ?1 AND ?2 AND type IN"
      " ('tillsight.day_open.v1', 'tillsight.cash.v1')";
  return each(db, sums, kQuery, [&](const sql::Statement& row) {
    sums.opening_float = row.integer(0);
    sums.cash_in = row.integer(1);
    sums.cash_out = row.integer(2);
  });
}

Status add_invoice_numbers(sql::Connection& db, DaySums& sums) {
  const auto with = [](std::string_view end) {
    return format(
        "SELECT json_extract(sealed, '$.invoice_no') FROM event WHERE sequence ="
        " (SELECT {}(sequence) FROM event WHERE sequence BETWEEN ?1 AND ?2 AND"
        "  type = 'tillsight.sale.v1')",
        end);
  };
  TILLSIGHT_TRY(each(db, sums, with("min"),
                     [&](const sql::Statement& row) { sums.first_invoice = row.text(0); }));
  return each(db, sums, with("max"),
              [&](const sql::Statement& row) { sums.last_invoice = row.text(0); });
}

}  // namespace

Result<LastZ> read_last_z(sql::Connection& db) {
  TILLSIGHT_ASSIGN(sql::Statement find, db.prepare("SELECT number, sequence FROM last_z"));
  TILLSIGHT_ASSIGN(const bool found, find.step());
  return found ? LastZ{find.integer(0), Sequence(find.integer(1))} : LastZ{};
}

Result<DaySums> read_day_sums(sql::Connection& db, Sequence last) {
  TILLSIGHT_ASSIGN(const LastZ z, read_last_z(db));
  TILLSIGHT_ASSIGN(const Base base, read_base(db));
  DaySums sums;
  sums.first = std::max(z.sequence.value(), base.sequence.value()) + 1;
  sums.last = last.value();
  TILLSIGHT_TRY(add_invoices(db, sums));
  TILLSIGHT_TRY(add_lines(db, sums));
  TILLSIGHT_TRY(add_tenders(db, sums));
  TILLSIGHT_TRY(add_cash(db, sums));
  TILLSIGHT_TRY(add_invoice_numbers(db, sums));
  return sums;
}

}  // namespace tillsight::journal
