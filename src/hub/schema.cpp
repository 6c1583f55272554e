#include "hub/schema.hpp"

#include <array>

#include "hub/schema_access.hpp"
#include "hub/schema_sums.hpp"
#include "hub/schema_tables.hpp"
#include "hub/schema_views.hpp"

namespace tillsight::hub {
namespace {

// A customer who was erased has another pseudonym since, in invoices that were long read: who keeps
// a copy finds the new one here. The old one stands nowhere any more.
constexpr std::string_view kCustomerChanges = R"sql(
CREATE TABLE customer_change (
  id INTEGER PRIMARY KEY,
  customer TEXT NOT NULL
) STRICT;
)sql";

constexpr std::array kSalesSteps = {kTables, kSums, kCustomerChanges};

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
  sender TEXT NOT NULL,
  UNIQUE (topic, raw_hash)
) STRICT;
CREATE INDEX quarantine_by_sender ON quarantine (sender);

-- A till has a share of the quarantine, and what becomes of a row is on record.
CREATE TABLE quarantine_sender (
  sender TEXT PRIMARY KEY,
  rows INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  not_kept INTEGER NOT NULL DEFAULT 0,
  last_not_kept_at TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

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

-- Who was told what kind of thing, and when; never about whom.
CREATE TABLE question (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  store TEXT NOT NULL,
  till TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('customer', 'invoice')),
  known INTEGER NOT NULL
) STRICT;
)sql";

constexpr std::array kPersonsSteps = {kPersons, kAccess};

constexpr std::int32_t kSalesId = 0x54736842;    // "TshB"
constexpr std::int32_t kPersonsId = 0x54737050;  // "TspP"

}  // namespace

const sql::Schema& sales_schema() {
  static constexpr sql::Schema kSchema{"head office's sales database", kSalesId, kSalesSteps,
                                       kViews};
  return kSchema;
}

const sql::Schema& persons_schema() {
  static constexpr sql::Schema kSchema{
      "head office's persons database", kPersonsId, kPersonsSteps, {}};
  return kSchema;
}

}  // namespace tillsight::hub
