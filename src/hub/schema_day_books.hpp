/// \file
/// The step of hub.db's schema that brings the day's books.
#pragma once

#include <string_view>

namespace tillsight::hub {

// The day's books: refunds, discounts with who agreed, cash that is no sale, and Z.
inline constexpr std::string_view kDayBooks = R"sql(
ALTER TABLE invoice ADD COLUMN refund_of TEXT;
ALTER TABLE invoice ADD COLUMN unlinked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invoice ADD COLUMN approver TEXT NOT NULL DEFAULT '';
ALTER TABLE line ADD COLUMN discount_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE line ADD COLUMN discount_by TEXT NOT NULL DEFAULT '';
ALTER TABLE line ADD COLUMN of_line INTEGER NOT NULL DEFAULT 0;

CREATE TABLE cash (
  event_id INTEGER PRIMARY KEY REFERENCES event (id),
  kind TEXT NOT NULL CHECK (kind IN ('float', 'in', 'out')),
  business_date TEXT NOT NULL,
  date TEXT NOT NULL,
  time TEXT NOT NULL,
  cashier TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;

CREATE TABLE z (
  event_id INTEGER PRIMARY KEY REFERENCES event (id),
  number INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  business_date TEXT NOT NULL,
  date TEXT NOT NULL,
  time TEXT NOT NULL,
  cashier TEXT NOT NULL,
  currency TEXT NOT NULL,
  sales INTEGER NOT NULL,
  refunds INTEGER NOT NULL,
  voids INTEGER NOT NULL,
  corrections INTEGER NOT NULL,
  discounts INTEGER NOT NULL,
  discount_total INTEGER NOT NULL,
  void_total INTEGER NOT NULL,
  sold_net INTEGER NOT NULL,
  sold_tax INTEGER NOT NULL,
  sold_gross INTEGER NOT NULL,
  refunded_net INTEGER NOT NULL,
  refunded_tax INTEGER NOT NULL,
  refunded_gross INTEGER NOT NULL,
  rounding INTEGER NOT NULL,
  first_invoice TEXT NOT NULL,
  last_invoice TEXT NOT NULL,
  float INTEGER NOT NULL,
  cash_in INTEGER NOT NULL,
  cash_out INTEGER NOT NULL,
  expected_cash INTEGER NOT NULL,
  counted_cash INTEGER
) STRICT;

DROP VIEW v_invoices;
CREATE VIEW v_invoices AS
WITH timed AS (
  SELECT *, CASE WHEN clock_trusted THEN NULL ELSE monotonic_ms + coalesce(
    (SELECT boot_utc_ms FROM clock_correction AS later
     WHERE later.trusted AND later.boot_id = invoice.boot_id
           AND later.monotonic_ms >= invoice.monotonic_ms
     ORDER BY later.monotonic_ms LIMIT 1),
    (SELECT boot_utc_ms FROM clock_correction AS earlier
     WHERE earlier.trusted AND earlier.boot_id = invoice.boot_id
           AND earlier.monotonic_ms < invoice.monotonic_ms
     ORDER BY earlier.monotonic_ms DESC LIMIT 1)) END AS corrected_ms
  FROM invoice
)
SELECT timed.event_id AS cursor, store, till, invoice_no, kind, date, time, weekday,
       business_date, utc, time_zone, clock_trusted, cashier, customer, currency,
       (SELECT count(*) FROM line WHERE line.event_id = timed.event_id) AS lines,
       net, tax, gross, rounding, reason, event.received_at,
       CASE WHEN corrected_ms IS NULL THEN utc ELSE
         strftime('%Y-%m-%dT%H:%M:%S', corrected_ms / 1000, 'unixepoch')
         || printf('.%03dZ', corrected_ms % 1000) END AS effective_utc,
       refund_of, unlinked, approver
FROM timed JOIN event ON event.id = timed.event_id;

DROP VIEW v_lines;
CREATE VIEW v_lines AS
SELECT line.event_id AS cursor, store, till, invoice_no, kind, date, customer, currency, line, sku,
       item, aisle, quantity, list_price, discount, tax_bp, line.net, line.tax, line.gross,
       catalogue, entry, confidence, seen, discount_reason, discount_by, of_line
FROM line JOIN invoice USING (event_id);

CREATE VIEW v_cash AS
SELECT event_id AS cursor, store, till, incarnation, sequence, kind, business_date, date, time,
       cashier, currency, amount, reason, received_at
FROM cash JOIN event ON event.id = event_id JOIN journal ON journal.id = journal_id;

CREATE VIEW v_z AS
SELECT event_id AS cursor, store, till, incarnation, number, first, z.last, business_date, date,
       time, cashier, currency, sales, refunds, voids, corrections, discounts, discount_total,
       void_total,
       sold_net, sold_tax, sold_gross, refunded_net, refunded_tax, refunded_gross, rounding,
       first_invoice, last_invoice, float, cash_in, cash_out, expected_cash, counted_cash,
       received_at
FROM z JOIN event ON event.id = event_id JOIN journal ON journal.id = journal_id;
)sql";

}  // namespace tillsight::hub
