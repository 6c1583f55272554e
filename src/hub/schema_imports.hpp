/// \file
/// The step of hub.db's schema that brings history which no till sealed.
#pragma once

#include <string_view>

namespace tillsight::hub {

// What is imported has a journal of its own, which no till keeps: nothing of it is chained, missing
// or acknowledged, so v_journals and the audit leave it out. Its events have nothing sealed; their
// hash is that of what the source said, and the source's own number is what makes them one.
inline constexpr std::string_view kImports = R"sql(
ALTER TABLE journal ADD COLUMN origin TEXT NOT NULL DEFAULT 'till'
  CHECK (origin IN ('till', 'imported', 'synthetic'));
ALTER TABLE journal ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE invoice ADD COLUMN origin TEXT NOT NULL DEFAULT 'till'
  CHECK (origin IN ('till', 'imported', 'synthetic'));

CREATE TABLE import_number (
  journal_id INTEGER NOT NULL REFERENCES journal (id),
  number TEXT NOT NULL,
  event_id INTEGER NOT NULL REFERENCES event (id),
  PRIMARY KEY (journal_id, number)
) STRICT, WITHOUT ROWID;

DROP VIEW v_journals;
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

DROP VIEW v_invoices;
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
       refund_of, unlinked, approver, origin
FROM timed JOIN event ON event.id = timed.event_id;

DROP VIEW v_lines;
CREATE VIEW v_lines AS
SELECT line.event_id AS cursor, store, till, invoice_no, kind, date, customer, currency, line, sku,
       item, aisle, quantity, list_price, discount, tax_bp, line.net, line.tax, line.gross,
       catalogue, entry, confidence, seen, discount_reason, discount_by, of_line, origin
FROM line JOIN invoice USING (event_id);

DROP VIEW v_tenders;
CREATE VIEW v_tenders AS
SELECT tender.event_id AS cursor, store, till, invoice_no, kind, date, currency, tender, type,
       amount, change, origin
FROM tender JOIN invoice USING (event_id);
)sql";

}  // namespace tillsight::hub
