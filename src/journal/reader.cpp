#include "tillsight/journal/reader.hpp"

#include <algorithm>
#include <utility>

#include "journal/learnt.hpp"
#include "journal/personal.hpp"
#include "journal/schema.hpp"
#include "journal/sold.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight {

JournalReader::JournalReader(sql::Connection db, EventIdentity identity,
                             std::optional<SecretKey> key)
    : db_(std::move(db)), identity_(std::move(identity)), key_(std::move(key)) {}

Result<JournalReader> JournalReader::open(const std::filesystem::path& file,
                                          const std::optional<SecretKey>& key) {
  sql::Options options;
  static const SystemClock kClock;
  options.access = sql::Access::kReadOnly;
  options.clock = &kClock;
  TILLSIGHT_ASSIGN(sql::Connection db, sql::Connection::open(file, options));
  TILLSIGHT_TRY(sql::expect_schema(db, journal::kSchema));
  TILLSIGHT_ASSIGN(EventIdentity identity, journal::read_identity(db));
  const std::filesystem::path own_file = journal::own_key_file(file);
  if (key || !std::filesystem::exists(own_file)) {
    return JournalReader(std::move(db), std::move(identity), key);
  }
  TILLSIGHT_ASSIGN(SecretKey own, load_key(own_file));
  return JournalReader(std::move(db), std::move(identity), std::move(own));
}

/// A person that cannot be read costs the person, never the sale: the event goes on without.
void JournalReader::reveal(Event& event) {
  if (event.personal.empty()) return;
  Result<std::string> personal =
      key_ ? journal::reveal(*key_, event.identity, event.personal)
           : error(Code::kFailedPrecondition, "{}: its key is not here", db_.file().string());
  event.personal.clear();
  if (personal.ok()) {
    event.personal = *std::move(personal);
  } else if (std::exchange(unreadable_, event.identity.sequence) != event.identity.sequence) {
    log::warning("journal: {}; it goes on without", personal.error().message());
  }
}

Result<std::vector<Event>> JournalReader::collect(sql::Statement& rows) {
  std::vector<Event> events;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return events;
    Event& event = events.emplace_back(journal::event_of(rows, identity_));
    TILLSIGHT_TRY(journal::check_hash(event, journal::link_of(rows), db_.file()));
    reveal(event);
  }
}

Result<std::vector<Event>> JournalReader::events_from(Sequence first, int count_max) {
  TILLSIGHT_ASSIGN(sql::Statement rows,
                   db_.prepare("SELECT " TILLSIGHT_EVENT_COLUMNS
                               " FROM event WHERE sequence >= ? ORDER BY sequence LIMIT ?"));
  rows.bind(first.value(), std::max(0, count_max));
  return collect(rows);
}

Result<std::vector<Event>> JournalReader::pending(Sequence after, int count_max) {
  TILLSIGHT_ASSIGN(sql::Statement rows, db_.prepare("SELECT " TILLSIGHT_EVENT_COLUMNS
                                                    " FROM outbox JOIN event USING (sequence)"
                                                    " WHERE outbox.sequence > ? AND NOT held"
                                                    " ORDER BY outbox.sequence LIMIT ?"));
  rows.bind(after.value(), std::max(0, count_max));
  return collect(rows);
}

Result<Event> JournalReader::event(Sequence sequence) {
  TILLSIGHT_ASSIGN(std::vector<Event> found, events_from(sequence, 1));
  if (found.empty() || found.front().identity.sequence != sequence) {
    return error(Code::kNotFound, "{}: there is no event {}", db_.file().string(),
                 sequence.value());
  }
  return std::move(found.front());
}

Result<SoldInvoice> JournalReader::sale(const InvoiceNumber& number) {
  TILLSIGHT_ASSIGN(const auto now, sql::Transaction::snapshot(db_));
  return journal::find_sale(db_, identity_, number);
}

Result<std::vector<int>> JournalReader::came_back(const InvoiceNumber& number) {
  return journal::came_back_here(db_, number);
}

Result<SoldInvoice> JournalReader::last_sale() {
  TILLSIGHT_ASSIGN(const auto now, sql::Transaction::snapshot(db_));
  return journal::find_last_sale(db_, identity_);
}

Result<std::vector<LearntChoice>> JournalReader::choices() {
  return journal::read_choices(db_);
}

Result<std::vector<Sku>> JournalReader::popular(int count_max) {
  return journal::read_popular(db_, count_max);
}

Result<JournalCounts> JournalReader::counts() {
  TILLSIGHT_ASSIGN(sql::Statement count,
                   db_.prepare("SELECT (SELECT coalesce(max(sequence), 0) FROM event),"
                               " count(*) FILTER (WHERE NOT held), count(*) FILTER (WHERE held),"
                               " (SELECT time FROM event WHERE sequence ="
                               "  (SELECT min(sequence) FROM outbox WHERE NOT held)) FROM outbox"));
  TILLSIGHT_TRY(count.step());
  return JournalCounts{Sequence(count.integer(0)), count.integer(1), count.integer(2),
                       std::string(count.text(3))};
}

Result<std::string> JournalReader::hub_epoch() {
  TILLSIGHT_ASSIGN(sql::Statement read, db_.prepare("SELECT hub_epoch FROM identity"));
  TILLSIGHT_TRY(read.step());
  return std::string(read.text(0));
}

Status JournalReader::verify_chain() {
  TILLSIGHT_ASSIGN(journal::Base base, journal::read_base(db_));
  while (true) {
    TILLSIGHT_ASSIGN(const bool more, verify_after(base));
    if (!more) return {};
  }
}

/// A slice of the chain, so that no read lasts long. \return false at its end.
Result<bool> JournalReader::verify_after(journal::Base& base) {
  constexpr int kSlice = 500;
  TILLSIGHT_ASSIGN(sql::Statement rows,
                   db_.prepare("SELECT " TILLSIGHT_EVENT_COLUMNS
                               " FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?"));
  rows.bind(base.sequence.value(), kSlice);
  for (int i = 0; i < kSlice; ++i) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return false;
    const Event event = journal::event_of(rows, identity_);
    const Sequence expected(base.sequence.value() + 1);
    if (event.identity.sequence != expected) {
      return error(Code::kDataLoss, "{}: event {} is missing", db_.file().string(),
                   expected.value());
    }
    const journal::Link link = journal::link_of(rows);
    TILLSIGHT_TRY(journal::check_link(event, link, base.link, db_.file()));
    base = {expected, link};
  }
  return true;
}

}  // namespace tillsight
