/// \file
/// The tables of hub.db that are told by events.
#pragma once

#include <string_view>

namespace tillsight::hub {

// Ranges of sequence numbers are stored beside the events so that a start reads a few rows a till
// instead of every event.
inline constexpr std::string_view kTables = R"sql(
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
  version TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  last_committed INTEGER NOT NULL,
  unsynced INTEGER NOT NULL,
  oldest_unsynced TEXT NOT NULL,
  camera TEXT NOT NULL,
  disk TEXT NOT NULL,
  clock TEXT NOT NULL,
  -- What a till says of its own work since it was started; NULL: it never said so.
  sales INTEGER,
  camera_sales INTEGER,
  no_touch_sales INTEGER,
  camera_items INTEGER,
  corrections INTEGER,
  sale_seconds REAL,
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
  origin TEXT NOT NULL DEFAULT 'till' CHECK (origin IN ('till', 'imported', 'synthetic')),
  source TEXT NOT NULL DEFAULT '',
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
  reason TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  monotonic_ms INTEGER NOT NULL,
  refund_of TEXT,
  unlinked INTEGER NOT NULL,
  approver TEXT NOT NULL,
  removed INTEGER NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('till', 'imported', 'synthetic'))
) STRICT;
CREATE INDEX invoice_by_date ON invoice (business_date);
CREATE INDEX invoice_by_customer ON invoice (customer, business_date) WHERE customer IS NOT NULL;
-- A till asks for a sale by the number on its receipt, and for what came back of it.
CREATE INDEX invoice_by_number ON invoice (invoice_no) WHERE invoice_no IS NOT NULL;
CREATE INDEX invoice_by_refunded ON invoice (refund_of) WHERE refund_of IS NOT NULL;

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
  discount_reason TEXT NOT NULL,
  discount_by TEXT NOT NULL,
  of_line INTEGER NOT NULL,
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

CREATE TABLE gap (
  journal_id INTEGER NOT NULL REFERENCES journal (id),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (journal_id, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE till_session (
  id INTEGER PRIMARY KEY,
  store TEXT NOT NULL,
  till TEXT NOT NULL,
  session TEXT NOT NULL,
  UNIQUE (store, till, session)
) STRICT;

-- When a sale really happened follows from the first correction after it, by the clock of the same
-- boot that never jumps; that clock's zero is stored with each correction.
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

-- The day's books: cash that is no sale, and Z.
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

-- What is imported has a journal of its own, which no till keeps: nothing of it is chained, missing
-- or acknowledged. Its events have nothing sealed; their hash is that of what the source said, and
-- the source's own number is what makes them one.
CREATE TABLE import_number (
  journal_id INTEGER NOT NULL REFERENCES journal (id),
  number TEXT NOT NULL,
  event_id INTEGER NOT NULL REFERENCES event (id),
  PRIMARY KEY (journal_id, number)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace tillsight::hub
