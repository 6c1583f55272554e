#include "hub/schema.hpp"

#include <array>

#include "hub/schema_day_books.hpp"
#include "hub/schema_imports.hpp"
#include "hub/schema_questions.hpp"

namespace tillsight::hub {
namespace {

// Ranges of sequence numbers are stored beside the events so that a start reads a few rows a till
// instead of every event.
constexpr std::string_view kTables = R"sql(
CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  hub_epoch TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE till (
  store TEXT NOT NULL,
  till TEXT NOT NULL,
  heard_at TEXT NOT NULL,
  state TEXT NOT NULL,
  session TEXT NOT NULL,
  ended_session TEXT NOT NULL DEFAULT '',
  version TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  last_committed INTEGER NOT NULL,
  unsynced INTEGER NOT NULL,
  oldest_unsynced TEXT NOT NULL,
  camera TEXT NOT NULL,
  disk TEXT NOT NULL,
  clock TEXT NOT NULL,
  PRIMARY KEY (store, till)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  store TEXT NOT NULL,
  till TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  first_heard_at TEXT NOT NULL,
  last_committed INTEGER NOT NULL DEFAULT 0,
  duplicates INTEGER NOT NULL DEFAULT 0,
  verified_to INTEGER NOT NULL DEFAULT 0,
  verified_hash BLOB NOT NULL,
  UNIQUE (store, till, incarnation)
) STRICT;

CREATE TABLE journal_range (
  journal_id INTEGER NOT NULL REFERENCES journal (id),
  kind TEXT NOT NULL CHECK (kind IN ('have', 'held')),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (journal_id, kind, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  journal_id INTEGER NOT NULL REFERENCES journal (id),
  sequence INTEGER NOT NULL,
  type TEXT NOT NULL,
  happened_at TEXT NOT NULL,
  received_at TEXT NOT NULL,
  hash BLOB NOT NULL,
  previous BLOB NOT NULL,
  sealed TEXT NOT NULL,
  notes TEXT NOT NULL,
  UNIQUE (journal_id, sequence)
) STRICT;

CREATE TABLE conflict (
  id INTEGER PRIMARY KEY,
  event_id INTEGER NOT NULL REFERENCES event (id),
  hash BLOB NOT NULL,
  type TEXT NOT NULL,
  sealed TEXT NOT NULL,
  notes TEXT NOT NULL,
  person INTEGER,
  received_at TEXT NOT NULL,
  UNIQUE (event_id, hash)
) STRICT;

CREATE TABLE chain_break (
  journal_id INTEGER NOT NULL REFERENCES journal (id),
  sequence INTEGER NOT NULL,
  expected BLOB NOT NULL,
  found BLOB NOT NULL,
  noticed_at TEXT NOT NULL,
  PRIMARY KEY (journal_id, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoice (
  event_id INTEGER PRIMARY KEY REFERENCES event (id),
  store TEXT NOT NULL,
  till TEXT NOT NULL,
  invoice_no TEXT,
  generation INTEGER,
  count INTEGER,
  kind TEXT NOT NULL,
  business_date TEXT NOT NULL,
  date TEXT NOT NULL,
  time TEXT NOT NULL,
  weekday TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  utc TEXT NOT NULL,
  clock_trusted INTEGER NOT NULL,
  cashier TEXT NOT NULL,
  customer TEXT,
  person INTEGER,
  currency TEXT NOT NULL,
  net INTEGER NOT NULL,
  tax INTEGER NOT NULL,
  gross INTEGER NOT NULL,
  rounding INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX invoice_by_date ON invoice (date);
CREATE INDEX invoice_by_customer ON invoice (customer) WHERE customer IS NOT NULL;

CREATE TABLE line (
  event_id INTEGER NOT NULL REFERENCES invoice (event_id),
  line INTEGER NOT NULL,
  sku TEXT NOT NULL,
  item TEXT NOT NULL,
  aisle TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  list_price INTEGER NOT NULL,
  discount INTEGER NOT NULL,
  tax_bp INTEGER NOT NULL,
  net INTEGER NOT NULL,
  tax INTEGER NOT NULL,
  gross INTEGER NOT NULL,
  catalogue TEXT NOT NULL,
  entry TEXT NOT NULL,
  confidence REAL NOT NULL,
  seen TEXT NOT NULL,
  PRIMARY KEY (event_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE tender (
  event_id INTEGER NOT NULL REFERENCES invoice (event_id),
  tender INTEGER NOT NULL,
  type TEXT NOT NULL,
  amount INTEGER NOT NULL,
  change INTEGER NOT NULL,
  PRIMARY KEY (event_id, tender)
) STRICT, WITHOUT ROWID;
)sql";

constexpr std::string_view kViews = R"sql(
CREATE VIEW v_invoices AS
SELECT invoice.event_id AS cursor, store, till, invoice_no, kind, date, time, weekday,
       business_date, utc, time_zone, clock_trusted, cashier, customer, currency,
       (SELECT count(*) FROM line WHERE line.event_id = invoice.event_id) AS lines,
       net, tax, gross, rounding, reason, event.received_at
FROM invoice JOIN event ON event.id = invoice.event_id;

CREATE VIEW v_lines AS
SELECT line.event_id AS cursor, store, till, invoice_no, kind, date, customer, currency, line, sku,
       item, aisle, quantity, list_price, discount, tax_bp, line.net, line.tax, line.gross,
       catalogue, entry, confidence, seen
FROM line JOIN invoice USING (event_id);

CREATE VIEW v_tenders AS
SELECT tender.event_id AS cursor, store, till, invoice_no, kind, date, currency, tender, type,
       amount, change
FROM tender JOIN invoice USING (event_id);

CREATE VIEW v_tills AS
SELECT store, till, state, heard_at, version, incarnation, last_committed, unsynced,
       oldest_unsynced, camera, disk, clock
FROM till;

CREATE VIEW v_journals AS
SELECT store, till, incarnation, first_heard_at, last_committed,
       (SELECT coalesce(sum(last - first + 1), 0) FROM journal_range
        WHERE journal_id = journal.id AND kind = 'have') AS stored,
       (SELECT coalesce(sum(last - first + 1), 0) FROM journal_range
        WHERE journal_id = journal.id AND kind = 'held') AS held,
       (SELECT max(last) FROM journal_range WHERE journal_id = journal.id) AS newest,
       duplicates, verified_to,
       (SELECT count(*) FROM chain_break WHERE journal_id = journal.id) AS chain_breaks
FROM journal;

-- Between two ranges, before the first, and after the last up to what the till says it committed.
CREATE VIEW v_gaps AS
WITH reached AS (
  SELECT journal_id, last, lead(first) OVER (PARTITION BY journal_id ORDER BY first) AS next
  FROM journal_range
  UNION ALL
  SELECT id, 0, (SELECT min(first) FROM journal_range WHERE journal_id = id) FROM journal
)
SELECT store, till, incarnation, reached.last + 1 AS first,
       coalesce(next - 1, last_committed) AS last
FROM reached JOIN journal ON journal.id = journal_id
WHERE coalesce(next - 1, last_committed) > reached.last;

CREATE VIEW v_conflicts AS
SELECT event_id AS cursor, store, till, incarnation, sequence, conflict.type, conflict.received_at,
       event.sealed AS stored, conflict.sealed AS refused
FROM conflict JOIN event ON event.id = event_id JOIN journal ON journal.id = journal_id;
)sql";

// What is missing has an age, and sessions that are over are known for a while.
constexpr std::string_view kGapsAndSessions = R"sql(
CREATE TABLE gap (
  journal_id INTEGER NOT NULL REFERENCES journal (id),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (journal_id, first)
) STRICT, WITHOUT ROWID;
INSERT INTO gap (journal_id, first, last, since)
SELECT journal.id, v_gaps.first, v_gaps.last, first_heard_at
FROM v_gaps JOIN journal USING (store, till, incarnation);

CREATE TABLE till_session (
  id INTEGER PRIMARY KEY,
  store TEXT NOT NULL,
  till TEXT NOT NULL,
  session TEXT NOT NULL,
  UNIQUE (store, till, session)
) STRICT;
INSERT INTO till_session (store, till, session)
SELECT store, till, ended_session FROM till WHERE ended_session <> ''
UNION SELECT store, till, session FROM till;
ALTER TABLE till DROP COLUMN ended_session;

DROP VIEW v_gaps;
CREATE VIEW v_gaps AS
SELECT store, till, incarnation, first, last, since
FROM gap JOIN journal ON journal.id = journal_id;

DROP VIEW v_tills;
CREATE VIEW v_tills AS
SELECT store, till, state, heard_at, version, incarnation, last_committed, unsynced,
       oldest_unsynced, camera, disk, clock,
       (SELECT coalesce(sum(last - first + 1), 0) FROM v_gaps
        WHERE v_gaps.store = till.store AND v_gaps.till = till.till) AS missing,
       (SELECT min(since) FROM v_gaps
        WHERE v_gaps.store = till.store AND v_gaps.till = till.till) AS missing_since
FROM till;

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
FROM journal;
)sql";

// When a sale really happened follows from the first correction after it, by the clock of the same
// boot that never jumps; that clock's zero is stored with each correction. What was sealed before
// this version still says which boot it was.
constexpr std::string_view kClocks = R"sql(
CREATE TABLE clock_correction (
  event_id INTEGER PRIMARY KEY REFERENCES event (id),
  boot_id TEXT NOT NULL,
  monotonic_ms INTEGER NOT NULL,
  utc_before TEXT NOT NULL,
  utc_after TEXT NOT NULL,
  trusted INTEGER NOT NULL,
  boot_utc_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX clock_correction_by_boot ON clock_correction (boot_id, monotonic_ms) WHERE trusted;

ALTER TABLE invoice ADD COLUMN boot_id TEXT NOT NULL DEFAULT '';
ALTER TABLE invoice ADD COLUMN monotonic_ms INTEGER NOT NULL DEFAULT 0;
UPDATE invoice SET
  boot_id = (SELECT coalesce(json_extract(sealed, '$.boot_id'), '') FROM event WHERE id = event_id),
  monotonic_ms = (SELECT coalesce(json_extract(sealed, '$.monotonic_ms'), 0)
                  FROM event WHERE id = event_id);

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
         || printf('.%03dZ', corrected_ms % 1000) END AS effective_utc
FROM timed JOIN event ON event.id = timed.event_id;

CREATE VIEW v_clock_corrections AS
SELECT event_id AS cursor, store, till, incarnation, sequence, boot_id, utc_before, utc_after,
       trusted, received_at
FROM clock_correction JOIN event ON event.id = event_id JOIN journal ON journal.id = journal_id;
)sql";

// What a till says of its own work since it was started; NULL: it never said so.
constexpr std::string_view kTillFigures = R"sql(
ALTER TABLE till ADD COLUMN sales INTEGER;
ALTER TABLE till ADD COLUMN camera_sales INTEGER;
ALTER TABLE till ADD COLUMN no_touch_sales INTEGER;
ALTER TABLE till ADD COLUMN camera_items INTEGER;
ALTER TABLE till ADD COLUMN corrections INTEGER;
ALTER TABLE till ADD COLUMN sale_seconds REAL;

DROP VIEW v_tills;
CREATE VIEW v_tills AS
SELECT store, till, state, heard_at, version, incarnation, last_committed, unsynced,
       oldest_unsynced, camera, disk, clock,
       (SELECT coalesce(sum(last - first + 1), 0) FROM v_gaps
        WHERE v_gaps.store = till.store AND v_gaps.till = till.till) AS missing,
       (SELECT min(since) FROM v_gaps
        WHERE v_gaps.store = till.store AND v_gaps.till = till.till) AS missing_since,
       sales, camera_sales, no_touch_sales, camera_items, corrections, sale_seconds
FROM till;
)sql";

constexpr std::array kSalesSteps = {kTables,   kViews,       kGapsAndSessions, kClocks,
                                    kDayBooks, kTillFigures, kImports,         kQuestionIndexes};

// AUTOINCREMENT: the id of an erased person must never become somebody else's.
constexpr std::string_view kPersons = R"sql(
CREATE TABLE person (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  pseudonym TEXT NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  phone TEXT NOT NULL,
  UNIQUE (pseudonym, first_name, last_name)
) STRICT;

CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  received_at TEXT NOT NULL,
  topic TEXT NOT NULL,
  store TEXT,
  till TEXT,
  incarnation TEXT,
  sequence INTEGER,
  reason TEXT NOT NULL,
  raw BLOB NOT NULL,
  raw_hash BLOB NOT NULL,
  times INTEGER NOT NULL DEFAULT 1,
  last_received_at TEXT NOT NULL,
  UNIQUE (topic, raw_hash)
) STRICT;
)sql";

// A till has a share of the quarantine, and what becomes of a row is on record.
constexpr std::string_view kQuarantine = R"sql(
ALTER TABLE quarantine ADD COLUMN sender TEXT NOT NULL DEFAULT '?';
UPDATE quarantine SET sender = replace(replace(substr(topic, 19), '/events', ''), '/status', '')
WHERE topic LIKE 'tillsight/v1/till/%/%/%';
CREATE INDEX quarantine_by_sender ON quarantine (sender);

CREATE TABLE quarantine_sender (
  sender TEXT PRIMARY KEY,
  rows INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  not_kept INTEGER NOT NULL DEFAULT 0,
  last_not_kept_at TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
INSERT INTO quarantine_sender (sender, rows, bytes)
SELECT sender, count(*), sum(length(raw) + length(CAST(reason AS BLOB))) FROM quarantine
GROUP BY sender;

CREATE TABLE quarantine_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  what TEXT NOT NULL CHECK (what IN ('replayed', 'dropped')),
  who TEXT NOT NULL,
  reason TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  topic TEXT NOT NULL,
  store TEXT,
  till TEXT,
  incarnation TEXT,
  sequence INTEGER,
  raw_hash BLOB NOT NULL,
  times INTEGER NOT NULL
) STRICT;
)sql";

constexpr std::array kPersonsSteps = {kPersons, kQuarantine, kQuestions};

constexpr std::int32_t kSalesId = 0x54736842;    // "TshB"
constexpr std::int32_t kPersonsId = 0x54737050;  // "TspP"

}  // namespace

const sql::Schema& sales_schema() {
  static constexpr sql::Schema kSchema{"head office's sales database", kSalesId, kSalesSteps};
  return kSchema;
}

const sql::Schema& persons_schema() {
  static constexpr sql::Schema kSchema{"head office's persons database", kPersonsId, kPersonsSteps};
  return kSchema;
}

}  // namespace tillsight::hub
