#include "tillsight/hub/audit.hpp"

#include "hub/audit_columns.hpp"
#include "hub/day_books.hpp"
#include "hub/gaps.hpp"
#include "hub/journals.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::hub {
namespace {

constexpr int kSlice = 500;

/// What the database says of itself at one moment; its events only ever become more.
struct Claims {
  Journals journals;
  std::int64_t events = 0;
};

Result<Claims> read_claims(sql::Connection& db) {
  TILLSIGHT_ASSIGN(const auto now, sql::Transaction::snapshot(db));
  Claims claims;
  TILLSIGHT_ASSIGN(claims.journals, load_journals(db));
  for (const auto& [id, journal] : claims.journals) claims.events += journal.state.have.count();
  return claims;
}

Digest digest_from(std::span<const std::byte> blob) {
  Digest digest{};
  std::copy_n(blob.begin(), std::min(blob.size(), digest.size()), digest.begin());
  return digest;
}

class HubAuditor {
 public:
  HubAuditor(sql::Connection& db, std::string recently, Audit& audit)
      : db_(db), recently_(std::move(recently)), audit_(audit) {}

  Status take(const JournalId& id, const Journal& journal, const std::function<void(int)>& read) {
    JournalAuditor auditor(audit_, id.store, id.till, id.incarnation);
    const std::int64_t upto = std::max(journal.state.have.last(), journal.state.last_committed);
    for (std::int64_t after = 0;;) {
      TILLSIGHT_ASSIGN(const std::int64_t last, take_slice(id, journal.row, after, upto, auditor));
      if (last == after) break;
      read(kSlice);
      after = last;
    }
    report_missing(journal, auditor.finish(), auditor);
    for (const SequenceRange& held : journal.state.held.ranges()) {
      auditor.report(held.first, format("is in quarantine, and all up to {}; see 'tillsight hub "
                                        "quarantine list'",
                                        held.last));
    }
    return report_conflicts(journal.row, auditor);
  }

 private:
  Result<std::int64_t> take_slice(const JournalId& id, std::int64_t journal_row, std::int64_t after,
                                  std::int64_t upto, JournalAuditor& auditor) {
    TILLSIGHT_ASSIGN(auto rows,
                     db_.prepare("SELECT id, sequence, type, happened_at, sealed, hash FROM event "
                                 "WHERE journal_id = ? AND sequence > ? AND sequence <= ? "
                                 "ORDER BY sequence LIMIT ?"));
    rows.bind(journal_row, after, upto, kSlice);
    std::int64_t last = after;
    while (true) {
      TILLSIGHT_ASSIGN(const bool row, rows.step());
      if (!row) return last;
      last = rows.integer(1);
      const Event event{{id.store, id.till, id.incarnation, Sequence(last)},
                        std::string(rows.text(2)),
                        std::string(rows.text(3)),
                        std::string(rows.text(4)),
                        "",
                        ""};
      const std::optional<Opened> opened = auditor.take(event, digest_from(rows.blob(5)));
      TILLSIGHT_ASSIGN(const std::string wrong, wrong_columns(db_, rows.integer(0), opened));
      if (!wrong.empty()) auditor.report(last, wrong);
      TILLSIGHT_ASSIGN(const std::string books, wrong_day_book(db_, rows.integer(0), event));
      if (!books.empty()) auditor.report(last, books);
    }
  }

  /// A number that is missing is known to be, for a while or for long; or it was acknowledged.
  void report_missing(const Journal& journal, const SequenceRanges& seen, JournalAuditor& auditor) {
    SequenceRanges here = seen;
    here.insert(journal.state.held);
    const std::int64_t reached = std::max(here.last(), journal.state.last_committed);
    for (const SequenceRange& missing : here.gaps(reached)) {
      const OpenGap* known = nullptr;
      for (const OpenGap& gap : journal.gaps) {
        if (gap.first <= missing.first && missing.last <= gap.last) known = &gap;
      }
      if (known == nullptr) {
        auditor.report(missing.first, format("was acknowledged and is not here, and so with all up "
                                             "to {}; restore a backup",
                                             missing.last));
      } else if (known->since > recently_) {
        audit_.remarks.push_back(
            format("{} to {} of the newest are on their way", missing.first, missing.last));
      } else {
        auditor.report(missing.first, format("is missing, and all up to {}, since {}", missing.last,
                                             known->since));
      }
    }
  }

  Status report_conflicts(std::int64_t journal_row, JournalAuditor& auditor) {
    TILLSIGHT_ASSIGN(auto rows, db_.prepare("SELECT sequence, conflict.received_at FROM conflict "
                                            "JOIN event ON event.id = event_id WHERE journal_id = "
                                            "? ORDER BY sequence"));
    rows.bind(journal_row);
    while (true) {
      TILLSIGHT_ASSIGN(const bool row, rows.step());
      if (!row) return {};
      auditor.report(rows.integer(0), format("has other bytes under the same number, received {}; "
                                             "see v_conflicts",
                                             rows.text(1)));
    }
  }

  sql::Connection& db_;
  const std::string recently_;  ///< what is missing since then is on its way
  Audit& audit_;
};

}  // namespace

Status audit_hub(const std::filesystem::path& folder, const Clock& clock, Audit& audit,
                 const std::function<void(double)>& progress) {
  TILLSIGHT_ASSIGN(sql::Connection db, open_for_reading(folder, Persons::kHidden));
  TILLSIGHT_ASSIGN(const Claims claims, read_claims(db));
  HubAuditor auditor(db, to_iso8601(clock.utc_now() - kOnItsWay), audit);
  std::int64_t done = 0;
  for (const auto& [id, journal] : claims.journals) {
    TILLSIGHT_TRY(auditor.take(id, journal, [&](int events) {
      done += events;
      progress(static_cast<double>(done) / static_cast<double>(std::max(done, claims.events)));
    }));
  }
  return {};
}

}  // namespace tillsight::hub
