#include "bench/hub_rows.hpp"

#include "tillsight/core/check.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::bench {
namespace {

void done(const Status& status) {
  TILLSIGHT_CHECK(status.ok(), status.error().message());
}

}  // namespace

PreparedRow prepare_row(const Event& event) {
  const Opened opened = open(event).value();
  PreparedRow row;
  row.event = event;
  row.hash = hash(event);
  row.previous = opened.chain.previous;
  row.invoice = opened.invoice;
  row.invoice_no = to_string(*opened.chain.invoice_no);
  row.count = opened.chain.invoice_no->count;
  row.business_date = to_string(opened.invoice.business_date);
  row.date = to_string(opened.invoice.at.local.date);
  row.time = time_of_day_text(opened.invoice.at.local.time_of_day);
  row.utc = to_iso8601(opened.invoice.at.utc);
  row.customer = to_hex(row.hash).substr(0, 32);
  return row;
}

BareRows::BareRows(const std::filesystem::path& file) : db_(sql::Connection::open(file).value()) {}

void BareRows::insert(std::span<const PreparedRow> rows) {
  auto all = sql::Transaction::begin(db_).value();
  for (const PreparedRow& row : rows) insert(row);
  done(all.commit());
}

void BareRows::insert(const PreparedRow& row) {
  const EventIdentity& identity = row.event.identity;
  auto journal = db_.prepare(
                        "INSERT INTO journal (store, till, incarnation, first_heard_at, "
                        "verified_hash) VALUES (?, ?, ?, '', x'') "
                        "ON CONFLICT DO UPDATE SET verified_to = verified_to RETURNING id")
                     .value();
  journal.bind(identity.store.value(), identity.till.value(), identity.incarnation.value());
  TILLSIGHT_CHECK(journal.step().value(), "a journal has a row");
  const std::int64_t journal_row = journal.integer(0);
  done(journal.run());
  auto event = db_.prepare(
                      "INSERT INTO event (journal_id, sequence, type, happened_at, "
                      "received_at, hash, previous, sealed, notes) "
                      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                   .value();
  done(event
           .bind(journal_row, identity.sequence.value(), row.event.type, row.event.time, row.utc,
                 std::span(row.hash), std::span(row.previous), row.event.sealed, row.event.notes)
           .run());
  const std::int64_t id = db_.last_insert_id();
  const Invoice& sale = row.invoice;
  auto invoice =
      db_.prepare(
             "INSERT INTO invoice (event_id, store, till, invoice_no, generation, count, kind, "
             "business_date, date, time, weekday, time_zone, utc, clock_trusted, cashier, "
             "customer, person, currency, net, tax, gross, rounding, reason, boot_id, "
             "monotonic_ms, unlinked, approver, removed, origin) "
             "VALUES (?, ?, ?, ?, 1, ?, 'sale', ?, ?, ?, 'Monday', ?, ?, 1, ?, ?, 1, ?, ?, ?, "
             "?, ?, '', '', 0, 0, '', 0, 'till')")
          .value();
  done(invoice
           .bind(id, identity.store.value(), identity.till.value(), row.invoice_no, row.count,
                 row.business_date, row.date, row.time, sale.at.time_zone, row.utc, sale.cashier,
                 row.customer, sale.currency, sale.net.minor_units(), sale.tax.minor_units(),
                 sale.gross.minor_units(), sale.rounding.minor_units())
           .run());
  auto line = db_.prepare(
                     "INSERT INTO line (event_id, line, sku, item, aisle, quantity, "
                     "list_price, discount, tax_bp, net, tax, gross, catalogue, entry, "
                     "confidence, seen, discount_reason, discount_by, of_line) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', 0)")
                  .value();
  int number = 0;
  for (const InvoiceLine& one : sale.lines) {
    done(line.bind(id, ++number, one.sku.value(), one.item, one.aisle, one.quantity,
                   one.list_price.minor_units(), one.discount.minor_units(), one.tax_rate.value(),
                   one.net.minor_units(), one.tax.minor_units(), one.gross.minor_units(),
                   one.catalogue, name(one.entry), 0.9, one.seen)
             .run());
  }
  auto tender = db_.prepare(
                       "INSERT INTO tender (event_id, tender, type, amount, change) "
                       "VALUES (?, 1, ?, ?, 0)")
                    .value();
  done(tender.bind(id, sale.tenders[0].type, sale.tenders[0].amount.minor_units()).run());
}

}  // namespace tillsight::bench
