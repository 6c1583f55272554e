/// \file
/// The views of hub.db, on which others may rely (docs/head-office.md).
#pragma once

#include <string_view>

namespace tillsight::hub {

inline constexpr std::string_view kViews = R"sql(
CREATE VIEW v_invoices AS
WITH timed AS (
  SELECT *, CASE WHEN clock_trusted OR origin <> 'till' THEN NULL ELSE monotonic_ms + coalesce(
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
       refund_of, unlinked, approver, origin, removed
FROM timed JOIN event ON event.id = timed.event_id;

CREATE VIEW v_lines AS
SELECT line.event_id AS cursor, store, till, invoice_no, kind, date, customer, currency, line, sku,
       item, aisle, quantity, list_price, discount, tax_bp, line.net, line.tax, line.gross,
       catalogue, entry, confidence, seen, discount_reason, discount_by, of_line, origin,
       business_date
FROM line JOIN invoice USING (event_id);

CREATE VIEW v_tenders AS
SELECT tender.event_id AS cursor, store, till, invoice_no, kind, date, currency, tender, type,
       amount, change, origin, business_date
FROM tender JOIN invoice USING (event_id);

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

CREATE VIEW v_tills AS
SELECT store, till, state, heard_at, version, incarnation, last_committed, unsynced,
       oldest_unsynced, camera, disk, clock,
       (SELECT coalesce(sum(last - first + 1), 0) FROM v_gaps
        WHERE v_gaps.store = till.store AND v_gaps.till = till.till) AS missing,
       (SELECT min(since) FROM v_gaps
        WHERE v_gaps.store = till.store AND v_gaps.till = till.till) AS missing_since,
       sales, camera_sales, no_touch_sales, camera_items, corrections, sale_seconds
FROM till;

CREATE VIEW v_journals AS
SELECT store, till, incarnation, first_heard_at, last_committed,
       (SELECT coalesce(sum(last - first + 1), 0) FROM journal_range
        WHERE journal_id = journal.id AND kind = 'have') AS stored,
       (SELECT coalesce(sum(last - first + 1), 0) FROM journal_range
        WHERE journal_id = journal.id AND kind = 'held') AS held,
       (SELECT max(last) FROM journal_range WHERE journal_id = journal.id) AS newest,
       duplicates, verified_to,
       (SELECT count(*) FROM chain_break WHERE journal_id = journal.id) AS chain_breaks,
       (SELECT coalesce(sum(last - first + 1), 0) FROM gap WHERE journal_id = journal.id)
         AS missing,
       (SELECT min(since) FROM gap WHERE journal_id = journal.id) AS missing_since
FROM journal WHERE origin = 'till';

CREATE VIEW v_imports AS
SELECT store, till, source, origin, first_heard_at AS first_imported_at,
       (SELECT count(*) FROM import_number WHERE journal_id = journal.id) AS invoices
FROM journal WHERE origin <> 'till';

CREATE VIEW v_clock_corrections AS
SELECT event_id AS cursor, store, till, incarnation, sequence, boot_id, utc_before, utc_after,
       trusted, received_at
FROM clock_correction JOIN event ON event.id = event_id JOIN journal ON journal.id = journal_id;

CREATE VIEW v_gaps AS
SELECT store, till, incarnation, first, last, since
FROM gap JOIN journal ON journal.id = journal_id;

CREATE VIEW v_conflicts AS
SELECT event_id AS cursor, store, till, incarnation, sequence, conflict.type, conflict.received_at,
       event.sealed AS stored, conflict.sealed AS refused
FROM conflict JOIN event ON event.id = event_id JOIN journal ON journal.id = journal_id;
)sql";

}  // namespace tillsight::hub
