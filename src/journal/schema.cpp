#include "journal/schema.hpp"

#include <algorithm>
#include <array>

namespace tillsight::journal {
namespace {

constexpr std::string_view kFirst = R"sql(
CREATE TABLE identity (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  store TEXT NOT NULL,
  till TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  created TEXT NOT NULL,
  hub_epoch TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE event (
  sequence INTEGER PRIMARY KEY CHECK (sequence >= 1),
  type TEXT NOT NULL,
  time TEXT NOT NULL,
  invoice_count INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  sealed TEXT NOT NULL,
  personal TEXT NOT NULL,
  notes TEXT NOT NULL
) STRICT;

CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY REFERENCES event,
  held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1))
) STRICT;

CREATE TABLE counter (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  state TEXT NOT NULL
) STRICT;
)sql";

// Persons are encrypted from here on; the writer does that to what is there (journal/personal.hpp).
constexpr std::string_view kPersons = R"sql(
ALTER TABLE identity ADD COLUMN personal_key TEXT NOT NULL DEFAULT '';

CREATE TABLE customer (
  phone BLOB PRIMARY KEY CHECK (length(phone) = 32),
  person TEXT NOT NULL,
  seen_day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_by_day ON customer (seen_day);
)sql";

// How old an event is, and what the oldest kept one is linked to.
constexpr std::string_view kRetention = R"sql(
ALTER TABLE identity ADD COLUMN series INTEGER NOT NULL DEFAULT 0;

CREATE TABLE pruned (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  sequence INTEGER NOT NULL,
  invoice_count INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE day (
  date TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL
) STRICT;
)sql";

// The day's books: which Z was the last, what came back of which line, what was printed; and
// what the till has learnt: what clerks chose, and what sells.
constexpr std::string_view kBooks = R"sql(
CREATE TABLE last_z (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  number INTEGER NOT NULL,
  sequence INTEGER NOT NULL
) STRICT;

CREATE TABLE refund (
  invoice_no TEXT NOT NULL,
  line INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity >= 1),
  PRIMARY KEY (invoice_no, line, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE choice (
  label TEXT NOT NULL,
  sku TEXT NOT NULL,
  count INTEGER NOT NULL,
  last TEXT NOT NULL,
  PRIMARY KEY (label, sku)
) STRICT, WITHOUT ROWID;

CREATE TABLE popular (
  sku TEXT PRIMARY KEY,
  pieces INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE print (
  sequence INTEGER PRIMARY KEY,
  times INTEGER NOT NULL,
  last TEXT NOT NULL
) STRICT;
)sql";

constexpr std::array kSteps{kFirst, kPersons, kRetention, kBooks};

}  // namespace

// "TSjo"
const sql::Schema kSchema{
    .name = "till journal", .application_id = 0x54536a6f, .steps = std::span(kSteps)};

Event event_of(const sql::Statement& row, const EventIdentity& identity) {
  Event event;
  event.identity = identity;
  event.identity.sequence = Sequence(row.integer(0));
  event.type = row.text(1);
  event.time = row.text(2);
  event.sealed = row.text(3);
  event.personal = row.text(4);
  event.notes = row.text(5);
  return event;
}

Link link_of(const sql::Statement& row) {
  Link link;
  const std::span<const std::byte> hash = row.blob(6);
  std::copy_n(hash.begin(), std::min(hash.size(), link.hash.size()), link.hash.begin());
  link.invoice_count = row.integer(7);
  return link;
}

Status check_hash(const Event& event, const Link& link, const std::filesystem::path& file) {
  if (hash(event) == link.hash) return {};
  return error(Code::kDataLoss,
               "{}: event {} is not what was sealed; the file is damaged, keep it: the till begins "
               "a new journal",
               file.string(), event.identity.sequence.value());
}

Result<Base> read_base(sql::Connection& db) {
  TILLSIGHT_ASSIGN(sql::Statement find,
                   db.prepare("SELECT sequence, invoice_count, hash FROM pruned"));
  TILLSIGHT_ASSIGN(const bool found, find.step());
  if (!found) return Base{};
  Base base{Sequence(find.integer(0)), {{}, find.integer(1)}};
  const std::span<const std::byte> hash = find.blob(2);
  std::copy_n(hash.begin(), std::min(hash.size(), base.link.hash.size()), base.link.hash.begin());
  return base;
}

Result<EventIdentity> read_identity(sql::Connection& db) {
  TILLSIGHT_ASSIGN(sql::Statement find,
                   db.prepare("SELECT store, till, incarnation FROM identity"));
  TILLSIGHT_ASSIGN(const bool found, find.step());
  if (!found) {
    return error(Code::kNotFound, "{}: this journal has no owner yet; start the till once",
                 db.file().string());
  }
  return EventIdentity{StoreId(std::string(find.text(0))), TillId(std::string(find.text(1))),
                       Incarnation(std::string(find.text(2))), Sequence(0)};
}

Status check_link(const Event& event, const Link& link, const Link& before,
                  const std::filesystem::path& file) {
  const auto broken = [&](std::string_view why) {
    return error(Code::kDataLoss,
                 "{}: event {} {}; keep a copy of the file, move it away and start the till: it "
                 "begins a new journal",
                 file.string(), event.identity.sequence.value(), why);
  };
  if (hash(event) != link.hash) return broken("is not what was sealed");
  const auto chain = open_chain(event);
  if (!chain.ok()) return broken(chain.error().message());
  if (chain->identity != event.identity)
    return broken("was sealed as " + to_string(chain->identity));
  if (chain->previous != before.hash) return broken("is not linked to the one before it");
  const std::int64_t count = before.invoice_count + (chain->invoice_no ? 1 : 0);
  if (link.invoice_count != count) return broken("breaks the count of invoices");
  if (chain->invoice_no && chain->invoice_no->count != count) {
    return broken("does not carry the next invoice number");
  }
  return {};
}

}  // namespace tillsight::journal
