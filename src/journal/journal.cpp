#include "tillsight/journal/journal.hpp"

#include <algorithm>
#include <utility>

#include "journal/personal.hpp"
#include "journal/schema.hpp"
#include "tillsight/domain/limits.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight {
namespace {

// A sale writes about five pages. A hundred of them between two checkpoints is two megabytes of
// log, written to the database in one go: pages that were changed often are copied once.
constexpr int kCommitsPerCheckpoint = 100;

sql::Options writer_options() {
  sql::Options options;
  // If nobody ever finds the time for checkpoint(), a commit does it, at twice that size.
  options.autocheckpoint_pages = 1000;
  // Sales between two checkpoints overwrite: growing the log made each half as slow again.
  options.wal_bytes_reserved = 2 * 1024 * 1024;
  return options;
}

Status check_fits_a_message(const Event& event) {
  // The envelope escapes quotes, so a text at most doubles; only what may be too large is counted.
  constexpr std::size_t kEnvelopeBytesMax = 1024;
  if (2 * event.sealed.size() + event.personal.size() + kEnvelopeBytesMax <=
      limits::kPayloadBytes) {
    return {};
  }
  const std::size_t bytes = to_cloud_events({event}).size();
  if (bytes <= limits::kPayloadBytes) return {};
  return error(Code::kInvalidArgument,
               "the sale takes {} bytes and a message holds {}; split it into two sales", bytes,
               limits::kPayloadBytes);
}

}  // namespace

Journal::Journal(JournalSettings settings, Random& random, const Clock& clock, sql::Connection db)
    : settings_(std::move(settings)), random_(&random), clock_(&clock), db_(std::move(db)) {}

Result<Journal> Journal::open(const JournalSettings& settings, Random& random, const Clock& clock) {
  TILLSIGHT_ASSIGN(sql::Connection db, sql::Connection::open(settings.file, writer_options()));
  TILLSIGHT_TRY(sql::migrate(db, journal::kSchema));
  Journal opened(settings, random, clock, std::move(db));
  TILLSIGHT_TRY(opened.adopt_identity());
  TILLSIGHT_TRY(opened.check_tail());
  TILLSIGHT_TRY(opened.adopt_key());
  return opened;
}

Status Journal::adopt_identity() {
  const auto found = journal::read_identity(db_);
  if (!found.ok() && found.error().code() != Code::kNotFound) return found.error();
  if (found.ok()) {
    if (found->store != settings_.store || found->till != settings_.till) {
      return error(Code::kFailedPrecondition,
                   "{}: this is the journal of till {}/{}, not of {}/{}; correct the store's and "
                   "the till's id in the settings, or move the file away",
                   settings_.file.string(), found->store.value(), found->till.value(),
                   settings_.store.value(), settings_.till.value());
    }
    incarnation_ = found->incarnation;
    return {};
  }
  incarnation_ = new_incarnation(*random_);
  TILLSIGHT_ASSIGN(sql::Statement insert,
                   db_.prepare("INSERT INTO identity (only_row, store, till, incarnation, created) "
                               "VALUES (1, ?, ?, ?, ?)"));
  return insert
      .bind(settings_.store.value(), settings_.till.value(), incarnation_.value(),
            to_iso8601(clock_->utc_now()))
      .run();
}

Status Journal::check_tail() {
  TILLSIGHT_ASSIGN(tail_, read_tail());
  TILLSIGHT_ASSIGN(sql::Statement last_two,
                   db_.prepare("SELECT " TILLSIGHT_EVENT_COLUMNS
                               " FROM event WHERE sequence >= ? - 1 ORDER BY sequence"));
  last_two.bind(tail_.sequence.value());
  journal::Link before;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, last_two.step());
    if (!row) return {};
    const Event event = journal::event_of(last_two, identity(Sequence(0)));
    const journal::Link link = journal::link_of(last_two);
    if (event.identity.sequence == tail_.sequence) {
      TILLSIGHT_TRY(journal::check_link(event, link, before, settings_.file));
    }
    before = link;
  }
}

Result<Journal::Tail> Journal::read_tail() {
  TILLSIGHT_ASSIGN(sql::Statement last, db_.prepare("SELECT " TILLSIGHT_EVENT_COLUMNS
                                                    " FROM event ORDER BY sequence DESC LIMIT 1"));
  TILLSIGHT_ASSIGN(const bool found, last.step());
  if (!found) return Tail{};
  const journal::Link link = journal::link_of(last);
  return Tail{Sequence(last.integer(0)), link.invoice_count, link.hash};
}

/// Every write starts here.
Status Journal::ready_to_write() {
  if (damaged_) return *damaged_;
  if (!tail_known_) {
    auto tail = read_tail();
    if (!tail.ok()) return remember(tail.error());
    tail_ = *tail;
    tail_known_ = true;
  }
  return {};
}

/// Every write ends here.
Status Journal::remember(Status outcome) {
  if (outcome.ok()) {
    ++commits_since_checkpoint_;
  } else {
    tail_known_ = false;
    if (outcome.error().code() == Code::kDataLoss) damaged_ = outcome.error();
  }
  return outcome;
}

EventIdentity Journal::identity(Sequence sequence) const {
  return {settings_.store, settings_.till, incarnation_, sequence};
}

Chain Journal::next_link(SaleKind kind) const {
  Chain chain;
  chain.identity = identity(Sequence(tail_.sequence.value() + 1));
  chain.previous = tail_.hash;
  if (kind == SaleKind::kSale) {
    chain.invoice_no = InvoiceNumber{settings_.till, settings_.generation, tail_.invoice_count + 1};
  }
  return chain;
}

Result<Event> Journal::append(const Invoice& invoice, std::string_view counter_state_json) {
  TILLSIGHT_TRY(check(invoice));
  TILLSIGHT_TRY(ready_to_write());
  const Chain link = next_link(invoice.kind);
  Event event = seal(invoice, link, *random_);
  TILLSIGHT_TRY(check_fits_a_message(event));
  const Tail next{link.identity.sequence,
                  link.invoice_no ? link.invoice_no->count : tail_.invoice_count, hash(event)};
  return store(std::move(event), next, [&](const Event& sealed) {
    return write(sealed, next, invoice.customer, counter_state_json);
  });
}

/// Whatever kind of event it is: `write` makes it durable, and it is the tail.
Result<Event> Journal::store(Event event, const Tail& next,
                             const std::function<Status(const Event&)>& write) {
  const Status written = remember(write(event));
  if (!written.ok()) {
    // The medium's error does not say whether the commit took effect; the file does.
    const bool is_stored = ready_to_write().ok() && tail_.hash == next.hash;
    if (!is_stored) return written.error().with_context("event " + to_string(event.identity));
  }
  tail_ = next;
  return event;
}

Status Journal::write(const Event& event, const Tail& tail, const std::optional<Customer>& customer,
                      std::string_view counter_state_json) {
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db_));
  TILLSIGHT_TRY(insert_event(event, tail));
  TILLSIGHT_TRY(write_counter_state(counter_state_json));
  if (customer) TILLSIGHT_TRY(remember_customer(*customer));
  return all.commit();
}

/// \pre a transaction is open
Status Journal::insert_event(const Event& event, const Tail& tail) {
  TILLSIGHT_ASSIGN(sql::Statement insert,
                   db_.prepare("INSERT INTO event (sequence, type, time, invoice_count, hash, "
                               "sealed, personal, notes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
  TILLSIGHT_TRY(
      insert
          .bind(tail.sequence.value(), event.type, event.time, tail.invoice_count, tail.hash,
                event.sealed,
                journal::protect(*settings_.personal_key, event.identity, event.personal, *random_),
                event.notes)
          .run());
  TILLSIGHT_ASSIGN(sql::Statement offer, db_.prepare("INSERT INTO outbox (sequence) VALUES (?)"));
  return offer.bind(tail.sequence.value()).run();
}

Status Journal::write_counter_state(std::string_view json) {
  TILLSIGHT_ASSIGN(sql::Statement replace,
                   db_.prepare("INSERT INTO counter (only_row, state) VALUES (1, ?) "
                               "ON CONFLICT DO UPDATE SET state = excluded.state"));
  return replace
      .bind(journal::protect_state(*settings_.personal_key, identity(Sequence(0)), json, *random_))
      .run();
}

Status Journal::save_counter_state(std::string_view counter_state_json) {
  TILLSIGHT_TRY(ready_to_write());
  return remember(write_counter_state(counter_state_json));
}

Result<std::string> Journal::counter_state() {
  TILLSIGHT_ASSIGN(sql::Statement find, db_.prepare("SELECT state FROM counter"));
  TILLSIGHT_ASSIGN(const bool found, find.step());
  if (!found) return std::string();
  return journal::reveal_state(*settings_.personal_key, identity(Sequence(0)), find.text(0));
}

Status Journal::acknowledge(const Ack& ack) {
  if (ack.incarnation != incarnation_) {
    return error(Code::kInvalidArgument,
                 "the hub acknowledges events of incarnation {}, and this journal is {}; ignored",
                 ack.incarnation.value(), incarnation_.value());
  }
  TILLSIGHT_TRY(ready_to_write());
  return remember(write_acknowledged(ack));
}

Status Journal::write_acknowledged(const Ack& ack) {
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db_));
  TILLSIGHT_TRY(write_epoch(ack.hub_epoch));
  TILLSIGHT_ASSIGN(sql::Statement deliver,
                   db_.prepare("DELETE FROM outbox WHERE sequence BETWEEN ? AND ?"));
  for (const SequenceRange& range : ack.have.ranges()) {
    TILLSIGHT_TRY(delete_delivered_persons(range));
    TILLSIGHT_TRY(deliver.bind(range.first, range.last).run());
  }
  TILLSIGHT_ASSIGN(
      sql::Statement hold,
      db_.prepare("UPDATE outbox SET held = 1 WHERE held = 0 AND sequence BETWEEN ? AND ?"));
  for (const SequenceRange& range : ack.held.ranges()) {
    TILLSIGHT_TRY(hold.bind(range.first, range.last).run());
  }
  return all.commit();
}

Status Journal::begin_hub_epoch(std::string_view hub_epoch) {
  TILLSIGHT_TRY(ready_to_write());
  auto all = sql::Transaction::begin(db_);
  if (!all.ok()) return remember(all.error());
  if (Status written = write_epoch(hub_epoch); !written.ok()) return remember(std::move(written));
  return remember(all->commit());
}

/// \pre a transaction is open
Status Journal::write_epoch(std::string_view hub_epoch) {
  TILLSIGHT_ASSIGN(sql::Statement change,
                   db_.prepare("UPDATE identity SET hub_epoch = ?1 WHERE hub_epoch <> ?1"));
  TILLSIGHT_TRY(change.bind(hub_epoch).run());
  if (db_.changes() == 0) return {};
  return db_.execute(
      "UPDATE outbox SET held = 0 WHERE held = 1;"
      "INSERT OR IGNORE INTO outbox (sequence) SELECT sequence FROM event");
}

Status Journal::checkpoint() {
  TILLSIGHT_TRY(forget());
  if (commits_since_checkpoint_ < kCommitsPerCheckpoint) return {};
  TILLSIGHT_TRY(ready_to_write());
  const auto state = db_.checkpoint(sql::Checkpoint::kPassive);
  if (!state.ok()) return remember(state.error());
  // A reader that is in the middle of something holds the rest back until the next time.
  if (state->pages_copied == state->pages) commits_since_checkpoint_ = 0;
  return {};
}

}  // namespace tillsight
