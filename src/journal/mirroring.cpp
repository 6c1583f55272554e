// How the journal keeps its mirror; the mirror's own files are mirror.cpp.
#include "journal/personal.hpp"
#include "journal/schema.hpp"
#include "tillsight/journal/journal.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight {
namespace {

constexpr std::chrono::seconds kTryAgain{5};
constexpr int kEventsPerSlice = 200;

}  // namespace

/// A mirror that knows more than the journal: the disk has forgotten sales that were confirmed.
Status Journal::check_mirror() {
  if (settings_.mirror.empty()) return {};
  auto mirror = journal::Mirror::open(settings_.mirror, identity(Sequence(0)));
  if (!mirror.ok()) {
    lose_mirror(mirror.error());
    return {};
  }
  if (mirror->last() > tail_.sequence) {
    return error(Code::kDataLoss,
                 "{}: ends with event {}, but its mirror has {}: this disk has forgotten sales",
                 settings_.file.string(), tail_.sequence.value(), mirror->last().value());
  }
  mirror_ = *std::move(mirror);
  mirrored_ = mirror_->last();
  bool more = true;
  while (more && mirror_) {
    TILLSIGHT_ASSIGN(more, catch_up_mirror());
  }
  return {};
}

/// In order, so that the mirror's last event says what else is in it: while it catches up, a sale
/// comes to its turn.
void Journal::mirror(const Event& event) {
  if (!mirror_ || mirrored_.value() + 1 != event.identity.sequence.value()) return;
  StoredEvent stored = event;
  stored.personal =
      journal::protect(*settings_.personal_key, event.identity, event.personal, *random_);
  const Status done = mirror_->append({&stored, 1});
  if (!done.ok()) return lose_mirror(done.error());
  mirrored_ = event.identity.sequence;
}

void Journal::lose_mirror(const Error& why) {
  mirror_.reset();
  mirror_at_ = clock_->monotonic_now() + kTryAgain;
  mirror_warning_ = "the mirror has failed: " + why.message();
  show_warnings();
}

/// Tries a mirror that has failed again, and gives it what it has missed.
Status Journal::tend_mirror() {
  if (settings_.mirror.empty() || clock_->monotonic_now() < mirror_at_) return {};
  if (!mirror_) {
    auto again = journal::Mirror::open(settings_.mirror, identity(Sequence(0)));
    if (!again.ok()) {
      lose_mirror(again.error());
      return {};
    }
    mirror_ = *std::move(again);
    mirrored_ = mirror_->last();
  }
  TILLSIGHT_ASSIGN(const bool more, catch_up_mirror());
  if (more || !mirror_) return {};
  mirror_at_ = clock_->monotonic_now() + kTryAgain;
  mirror_warning_.clear();
  show_warnings();
  TILLSIGHT_ASSIGN(sql::Statement oldest, db_.prepare("SELECT min(sequence) FROM outbox"));
  TILLSIGHT_TRY(oldest.step());
  mirror_->let_go(oldest.is_null(0) ? Sequence(tail_.sequence.value() + 1)
                                    : Sequence(oldest.integer(0)));
  return oldest.run();
}

/// One slice of what the hub lacks and the mirror may lack too. \return whether there is more.
Result<bool> Journal::catch_up_mirror() {
  if (mirrored_ >= tail_.sequence) return false;
  std::vector<StoredEvent> slice;
  {
    TILLSIGHT_ASSIGN(sql::Statement rows, db_.prepare("SELECT " TILLSIGHT_EVENT_COLUMNS
                                                      " FROM outbox JOIN event USING (sequence)"
                                                      " WHERE outbox.sequence > ?"
                                                      " ORDER BY outbox.sequence LIMIT ?"));
    rows.bind(mirrored_.value(), kEventsPerSlice);
    while (true) {
      TILLSIGHT_ASSIGN(const bool row, rows.step());
      if (!row) break;
      slice.push_back(journal::event_of(rows, identity(Sequence(0))));
    }
  }
  if (const Status done = mirror_->append(slice); !done.ok()) {
    lose_mirror(done.error());
    return false;
  }
  mirrored_ = slice.size() == kEventsPerSlice ? slice.back().identity.sequence : tail_.sequence;
  return mirrored_ < tail_.sequence;
}

}  // namespace tillsight
