// What the journal does when nobody waits, and how it judges its disk; what it writes down is
// journal.cpp.
#include <span>
#include <vector>

#include "journal/schema.hpp"
#include "tillsight/journal/journal.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight {
namespace {

constexpr int kEventsPerSlice = 200;
constexpr std::chrono::minutes kPrunePeriod{10};
constexpr std::int64_t kLogBytesPatient = 4 * 1024 * 1024;
constexpr std::int64_t kPageBytes = 4096 + 24;  // in the log, with its header

std::string date_of(UtcTime time) {
  return to_iso8601(time).substr(0, sizeof "2026-11-23" - 1);
}

}  // namespace

/// What the last write says of the medium; only errors of the medium count.
void Journal::judge_disk(const Status& outcome) {
  using Kind = DiskState::Kind;
  DiskState now;
  now.warning = disk_.warning;
  if (outcome.ok()) {
    if (!reserve_.held()) {
      now.sales_left = reserve_.sales_left();
      now.kind = now.sales_left > 0 ? Kind::kReserve : Kind::kFull;
    }
  } else {
    switch (outcome.error().code()) {
      case Code::kResourceExhausted: now.kind = Kind::kFull; break;
      case Code::kFailedPrecondition:
        now.kind = Kind::kReadOnly;
        now.why = outcome.error().message();
        break;
      case Code::kUnavailable:
      case Code::kDataLoss:
      case Code::kNotFound:
        now.kind = reserve_.medium_is_read_only() ? Kind::kReadOnly : Kind::kFailed;
        now.why = outcome.error().message();
        break;
      default: return;  // a busy moment, or a wrong call
    }
  }
  disk_ = std::move(now);
}

/// One page and its sync: whether the medium takes writes again.
Status Journal::probe() {
  reserve_.make();
  if (disk_.kind == DiskState::Kind::kReserve) {
    judge_disk({});
    return {};
  }
  return durably([&] { return db_.execute("UPDATE identity SET series = series"); });
}

/// Readers that follow each other never let the log start over by itself: it is waited for a moment
/// without one. Nobody can end a read of another program: that is an alarm.
Status Journal::look_at_log(const sql::WalState& state) {
  const std::int64_t bytes = state.pages * kPageBytes;
  const bool is_held = state.pages_copied < state.pages;
  log_warning_.clear();
  if (is_held && bytes > kLogBytesPatient) {
    const Status emptied = empty_log();
    if (!emptied.ok() && emptied.error().code() != Code::kAborted) return emptied;
    if (!emptied.ok() && bytes > kLogBytesMax) {
      log_warning_ = format("the log has {} MiB, because a program keeps reading {}; end it",
                            bytes >> 20, settings_.file.string());
    }
  }
  show_warnings();
  return {};
}

void Journal::show_warnings() {
  disk_.warning = log_warning_.empty() ? mirror_warning_ : log_warning_;
}

// A wrong clock must not make yesterday look old. So the age of an event is not what it says of
// itself: on each day with a trusted clock the newest event is written down, and what was there on
// a day that is long ago is at least that old.
Status Journal::prune() {
  if (!clock_->trusted() || clock_->monotonic_now() < prune_at_) return {};
  prune_at_ = clock_->monotonic_now() + kPrunePeriod;
  const UtcTime now = clock_->utc_now();
  if (const std::string today = date_of(now); today != marked_day_) {
    TILLSIGHT_TRY(mark_day(today));
    marked_day_ = today;
  }
  bool more = false;
  const std::string last_day = date_of(now - std::chrono::days(settings_.keep_days));
  TILLSIGHT_TRY(durably([&]() -> Status {
    TILLSIGHT_ASSIGN(more, prune_slice(last_day));
    return {};
  }));
  if (more) prune_at_ = clock_->monotonic_now();
  return {};
}

Status Journal::mark_day(const std::string& today) {
  return durably([&]() -> Status {
    TILLSIGHT_ASSIGN(sql::Statement mark,
                     db_.prepare("INSERT OR IGNORE INTO day (date, sequence) VALUES (?, ?)"));
    return mark.bind(today, tail_.sequence.value()).run();
  });
}

/// Lets go what was there before `last_day` and is not in the outbox; the last event always stays.
/// \return whether there may be more.
Result<bool> Journal::prune_slice(const std::string& last_day) {
  TILLSIGHT_ASSIGN(const journal::Base base, journal::read_base(db_));
  TILLSIGHT_ASSIGN(
      sql::Statement find,
      db_.prepare("SELECT sequence, invoice_count, hash FROM event WHERE sequence > ?1 AND"
                  " sequence <= min(?1 + ?2, ?3 - 1,"
                  "  coalesce((SELECT max(sequence) FROM day WHERE date < ?4), 0),"
                  "  coalesce((SELECT min(sequence) - 1 FROM outbox), ?3))"
                  " ORDER BY sequence DESC LIMIT 1"));
  find.bind(base.sequence.value(), kEventsPerSlice, tail_.sequence.value(), last_day);
  TILLSIGHT_ASSIGN(const bool found, find.step());
  if (!found) return false;
  const std::int64_t last = find.integer(0);
  const std::int64_t invoices = find.integer(1);
  const std::vector<std::byte> hash(find.blob(2).begin(), find.blob(2).end());
  TILLSIGHT_TRY(find.run());
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db_));
  TILLSIGHT_ASSIGN(sql::Statement keep_link,
                   db_.prepare("INSERT OR REPLACE INTO pruned (only_row, sequence, invoice_count, "
                               "hash) VALUES (1, ?, ?, ?)"));
  TILLSIGHT_TRY(keep_link.bind(last, invoices, std::span(hash)).run());
  TILLSIGHT_ASSIGN(sql::Statement let_go, db_.prepare("DELETE FROM event WHERE sequence <= ?"));
  TILLSIGHT_TRY(let_go.bind(last).run());
  TILLSIGHT_ASSIGN(sql::Statement prints, db_.prepare("DELETE FROM print WHERE sequence <= ?"));
  TILLSIGHT_TRY(prints.bind(last).run());
  TILLSIGHT_ASSIGN(sql::Statement old_days,
                   db_.prepare("DELETE FROM day WHERE date < ? AND sequence < ?"));
  TILLSIGHT_TRY(old_days.bind(last_day, last).run());
  TILLSIGHT_TRY(all.commit());
  return last - base.sequence.value() == kEventsPerSlice;
}

}  // namespace tillsight
