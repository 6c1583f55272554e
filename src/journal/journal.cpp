#include "tillsight/journal/journal.hpp"

#include <algorithm>
#include <utility>

#include "journal/delivery.hpp"
#include "journal/learnt.hpp"
#include "journal/personal.hpp"
#include "journal/schema.hpp"
#include "journal/sold.hpp"
#include "tillsight/domain/limits.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight {
namespace {

// A sale writes about five pages. A hundred of them between two checkpoints is two megabytes of
// log, written to the database in one go: pages that were changed often are copied once.
constexpr int kCommitsPerCheckpoint = 100;

// Series 1 of generation 2 prints as 1002; the generation itself ends at 999.
constexpr int kGenerationsPerSeries = 1000;

sql::Options writer_options() {
  sql::Options options;
  // If nobody ever finds the time for checkpoint(), a commit does it, at twice that size.
  options.autocheckpoint_pages = 1000;
  // Sales between two checkpoints overwrite: growing the log made each half as slow again.
  options.wal_bytes_reserved = 2 * 1024 * 1024;
  return options;
}

std::filesystem::path reserve_file(const JournalSettings& settings) {
  return settings.file.string() + ".reserve";
}

Error damaged(const std::filesystem::path& file, const Error& why) {
  return error(Code::kDataLoss, "{}: the file is damaged ({}); keep it: the till begins a new one",
               file.string(), why.message());
}

/// Whether a file that is not what it should be is this till's journal all the same: a flipped bit
/// in its header must not read like another program's file, and stop the till.
bool is_ours(sql::Connection& db, const JournalSettings& settings) {
  constexpr std::int64_t kVersionsAhead = 100;  // of a program that may have written it
  const auto found = journal::read_identity(db);
  if (!found.ok() || found->store != settings.store || found->till != settings.till) return false;
  auto version = db.prepare(
      "SELECT user_version, application_id FROM pragma_user_version, "
      "pragma_application_id");
  if (!version.ok() || !version->step().ok()) return false;
  const bool may_be_newer =
      version->integer(1) == journal::kSchema.application_id &&
      version->integer(0) > std::ssize(journal::kSchema.steps) &&
      version->integer(0) <= std::ssize(journal::kSchema.steps) + kVersionsAhead;
  return !may_be_newer;
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
    : settings_(std::move(settings)),
      random_(&random),
      clock_(&clock),
      db_(std::move(db)),
      reserve_(reserve_file(settings_), settings_.reserve_bytes) {}

Result<sql::Connection> Journal::connect(const JournalSettings& settings) {
  TILLSIGHT_ASSIGN(sql::Connection db, sql::Connection::open(settings.file, writer_options()));
  if (Status known = sql::migrate(db, journal::kSchema); !known.ok()) {
    const Code code = known.error().code();
    const bool not_as_expected = code == Code::kFailedPrecondition ||
                                 code == Code::kInvalidArgument || code == Code::kAlreadyExists;
    const bool is_damage = not_as_expected && is_ours(db, settings);
    return is_damage ? damaged(settings.file, known.error()) : known.error();
  }
  return db;
}

Result<Journal> Journal::open(const JournalSettings& settings, Random& random, const Clock& clock) {
  auto db = connect(settings);
  if (!db.ok() && db.error().code() == Code::kResourceExhausted &&
      journal::Reserve(reserve_file(settings), settings.reserve_bytes).give_up()) {
    db = connect(settings);
  }
  if (!db.ok()) return db.error();
  Journal opened(settings, random, clock, *std::move(db));
  if (const Status sound = opened.adopt(); !sound.ok()) {
    const Code code = sound.error().code();
    if (code != Code::kDataLoss && code != Code::kInvalidArgument) return sound.error();
    opened.db_.leave_log_behind();
    // What was right when it was compiled is wrong now: the schema has changed under it.
    return code == Code::kDataLoss ? sound.error() : damaged(settings.file, sound.error());
  }
  opened.reserve_.make();
  opened.judge_disk({});
  return opened;
}

/// Whose file this is, and whether it is sound.
Status Journal::adopt() {
  TILLSIGHT_TRY(adopt_identity());
  TILLSIGHT_TRY(check_tail());
  TILLSIGHT_TRY(adopt_key());
  return check_mirror();
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
    TILLSIGHT_ASSIGN(sql::Statement find, db_.prepare("SELECT series FROM identity"));
    TILLSIGHT_TRY(find.step());
    series_ = static_cast<int>(find.integer(0));
    return {};
  }
  incarnation_ = new_incarnation(*random_);
  series_ = settings_.series;
  TILLSIGHT_ASSIGN(
      sql::Statement insert,
      db_.prepare("INSERT INTO identity (only_row, store, till, incarnation, created, series) "
                  "VALUES (1, ?, ?, ?, ?, ?)"));
  return insert
      .bind(settings_.store.value(), settings_.till.value(), incarnation_.value(),
            to_iso8601(clock_->utc_now()), series_)
      .run();
}

Status Journal::check_tail() {
  TILLSIGHT_ASSIGN(tail_, read_tail());
  TILLSIGHT_ASSIGN(sql::Statement last_two,
                   db_.prepare("SELECT " TILLSIGHT_EVENT_COLUMNS
                               " FROM event WHERE sequence >= ? - 1 ORDER BY sequence"));
  last_two.bind(tail_.sequence.value());
  TILLSIGHT_ASSIGN(const journal::Base base, journal::read_base(db_));
  journal::Link before = base.link;
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
  if (tail_known_) return {};
  // A transaction for whose undoing there was no memory would keep its successor out.
  if (Status undone = db_.execute(""); !undone.ok()) return remember(std::move(undone));
  // After an error a connection's pages are its memory of the file, not the file.
  sql::Options options = writer_options();
  options.takes_over = true;
  auto db = sql::Connection::open(settings_.file, options);
  if (!db.ok()) return remember(db.error());
  db_ = *std::move(db);
  auto tail = read_tail();
  if (!tail.ok()) return remember(tail.error());
  tail_ = *tail;
  tail_known_ = true;
  return {};
}

/// Every write ends here.
Status Journal::remember(Status outcome) {
  judge_disk(outcome);
  if (outcome.ok()) {
    ++commits_since_checkpoint_;
    return outcome;
  }
  tail_known_ = false;
  if (outcome.error().code() == Code::kDataLoss) condemn(outcome.error());
  return outcome;
}

void Journal::condemn(const Error& damage) {
  damaged_ = damage;
  db_.leave_log_behind();
}

/// Every write: a full disk gets the reserve, and the write its second chance.
Status Journal::durably(const std::function<Status()>& write) {
  TILLSIGHT_TRY(ready_to_write());
  Status outcome = write();
  const bool is_full = !outcome.ok() && outcome.error().code() == Code::kResourceExhausted;
  if (is_full && reserve_.give_up()) outcome = write();
  return remember(std::move(outcome));
}

EventIdentity Journal::identity(Sequence sequence) const {
  return {settings_.store, settings_.till, incarnation_, sequence};
}

Chain Journal::next_link(SaleKind kind) const {
  Chain chain;
  chain.identity = identity(Sequence(tail_.sequence.value() + 1));
  chain.previous = tail_.hash;
  if (kind == SaleKind::kSale) {
    chain.invoice_no =
        InvoiceNumber{settings_.till, settings_.generation + kGenerationsPerSeries * series_,
                      tail_.invoice_count + 1};
  }
  return chain;
}

/// Every entry that a clerk makes starts here.
Status Journal::ready_for_entry() {
  TILLSIGHT_TRY(ready_to_write());
  if (unsettled_ && !settle().ok() && unsettled_) return unsettled_->why;
  if (disk_.kind == DiskState::Kind::kFull && reserve_.sales_left() == 0) {
    return error(Code::kResourceExhausted, "{}: {}", settings_.file.string(), refusal(disk_));
  }
  return {};
}

Result<Event> Journal::append(const Invoice& invoice, std::string_view counter_state_json,
                              std::span<const LearntChoice> learnt, const SoldInvoice* sold) {
  TILLSIGHT_TRY(check(invoice));
  TILLSIGHT_TRY(ready_for_entry());
  TILLSIGHT_TRY(journal::check_refund(db_, identity(Sequence(0)), invoice, sold));
  const Chain link = next_link(invoice.kind);
  Event event = seal(invoice, link, *random_);
  TILLSIGHT_TRY(check_fits_a_message(event));
  const Tail next{link.identity.sequence,
                  link.invoice_no ? link.invoice_no->count : tail_.invoice_count, hash(event)};
  return store(std::move(event), next, [&](const Event& sealed) {
    return write(sealed, next, invoice, counter_state_json, learnt);
  });
}

/// Whatever kind of event it is: `write` makes it durable, and it is the tail.
Result<Event> Journal::store(Event event, const Tail& next,
                             const std::function<Status(const Event&)>& write) {
  const Status written = durably([&] { return write(event); });
  if (!written.ok()) {
    // The medium's error does not say whether the commit took effect; the file does.
    const Error why = written.error().with_context("event " + to_string(event.identity));
    unsettled_ = Unsettled{std::move(event), next, why};
    return settle();
  }
  tail_ = next;
  mirror(event);
  return event;
}

Result<Event> Journal::settle() {
  TILLSIGHT_CHECK(unsettled_.has_value(), "there is nothing to settle");
  const Status asked = ready_to_write();
  // A damaged file will never be asked again: it goes into quarantine, and its events to the hub.
  if (!asked.ok() && !damaged_) return unsettled_->why;
  const Unsettled last = *std::exchange(unsettled_, std::nullopt);
  if (asked.ok() && tail_.sequence == last.tail.sequence && tail_.hash == last.tail.hash) {
    mirror(last.event);
    return last.event;
  }
  return last.why;
}

Status Journal::write(const Event& event, const Tail& tail, const Invoice& invoice,
                      std::string_view counter_state_json, std::span<const LearntChoice> learnt) {
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db_));
  TILLSIGHT_TRY(insert_event(event, tail));
  TILLSIGHT_TRY(write_counter_state(counter_state_json));
  TILLSIGHT_TRY(journal::insert_refund(db_, invoice, tail.sequence));
  TILLSIGHT_TRY(journal::learn(db_, invoice, learnt));
  if (invoice.customer) TILLSIGHT_TRY(remember_customer(*invoice.customer));
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
  return durably([&] { return write_counter_state(counter_state_json); });
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
  while (true) {
    journal::Acknowledged done;
    TILLSIGHT_TRY(durably([&]() -> Status {
      TILLSIGHT_ASSIGN(done, journal::write_acknowledged(db_, ack));
      return {};
    }));
    if (done.erased && !erased_at_) erased_at_ = clock_->monotonic_now();
    if (!done.more) return {};
    // A slice rewrites more pages than a sale does.
    commits_since_checkpoint_ += kCommitsPerCheckpoint;
    TILLSIGHT_TRY(checkpoint());
  }
}

Status Journal::begin_hub_epoch(std::string_view hub_epoch) {
  return durably([&] { return journal::write_hub_epoch(db_, hub_epoch); });
}

Status Journal::checkpoint() {
  TILLSIGHT_TRY(forget());
  if (commits_since_checkpoint_ < kCommitsPerCheckpoint) return {};
  sql::WalState state;
  const int commits = commits_since_checkpoint_;
  TILLSIGHT_TRY(durably([&]() -> Status {
    TILLSIGHT_ASSIGN(state, db_.checkpoint(sql::Checkpoint::kPassive));
    return {};
  }));
  // A reader that is in the middle of something holds the rest back until the next time.
  commits_since_checkpoint_ = state.pages_copied == state.pages ? 0 : commits;
  return look_at_log(state);
}

Status Journal::tend() {
  TILLSIGHT_TRY(checkpoint());
  if (disk_.kind != DiskState::Kind::kOk) TILLSIGHT_TRY(probe());
  TILLSIGHT_TRY(tend_mirror());
  return prune();
}

}  // namespace tillsight
