#include "tillsight/journal/audit.hpp"

#include "journal/schema.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight {
namespace {

constexpr int kSlice = 500;

struct Extent {
  std::int64_t last = 0;
  std::int64_t unsynced = 0;
  std::int64_t held = 0;
};

Result<Extent> extent_of(sql::Connection& db) {
  TILLSIGHT_ASSIGN(auto query, db.prepare("SELECT (SELECT coalesce(max(sequence), 0) FROM event), "
                                          "count(*) FILTER (WHERE NOT held), "
                                          "count(*) FILTER (WHERE held) FROM outbox"));
  TILLSIGHT_TRY(query.step());
  return Extent{query.integer(0), query.integer(1), query.integer(2)};
}

/// \return the last sequence of the slice; `after` if there was none.
Result<std::int64_t> take_slice(sql::Connection& db, const EventIdentity& identity,
                                std::int64_t after, JournalAuditor& auditor) {
  TILLSIGHT_ASSIGN(auto rows, db.prepare("SELECT " TILLSIGHT_EVENT_COLUMNS
                                         " FROM event WHERE sequence > ? ORDER BY sequence "
                                         "LIMIT ?"));
  rows.bind(after, kSlice);
  std::int64_t last = after;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return last;
    const Event event = journal::event_of(rows, identity);
    auditor.take(event, journal::link_of(rows).hash);
    last = event.identity.sequence.value();
  }
}

void remark(const EventIdentity& identity, const Extent& extent, Audit& audit) {
  const std::string till = format("{}/{}", identity.store.value(), identity.till.value());
  if (extent.unsynced > 0) {
    audit.remarks.push_back(format("{}: head office has not yet acknowledged {} of these events",
                                   till, extent.unsynced));
  }
  if (extent.held > 0) {
    audit.remarks.push_back(
        format("{}: head office holds {} of these events in quarantine", till, extent.held));
  }
}

}  // namespace

Status audit_journal(const std::filesystem::path& file, Audit& audit,
                     const std::function<void(double)>& progress) {
  sql::Options options;
  options.access = sql::Access::kReadOnly;
  TILLSIGHT_ASSIGN(sql::Connection db, sql::Connection::open(file, options));
  TILLSIGHT_TRY(sql::expect_schema(db, journal::kSchema));
  TILLSIGHT_ASSIGN(const EventIdentity identity, journal::read_identity(db));
  TILLSIGHT_ASSIGN(const Extent extent, extent_of(db));
  JournalAuditor auditor(audit, identity.store, identity.till, identity.incarnation);
  TILLSIGHT_ASSIGN(const journal::Base base, journal::read_base(db));
  if (base.sequence.value() > 0) auditor.begin_after(base.sequence, base.link.hash);
  for (std::int64_t after = base.sequence.value();;) {
    TILLSIGHT_ASSIGN(const std::int64_t last, take_slice(db, identity, after, auditor));
    if (last == after) break;
    after = last;
    progress(static_cast<double>(last) / static_cast<double>(std::max(last, extent.last)));
  }
  SequenceRanges seen = auditor.finish();
  if (base.sequence.value() > 0) {
    seen.insert({1, base.sequence.value()});
    audit.remarks.push_back(
        format("{}/{}: events 1 to {} were let go after their time; the chain "
               "is proven from there",
               identity.store.value(), identity.till.value(), base.sequence.value()));
  }
  for (const SequenceRange& missing : seen.gaps(std::max(seen.last(), extent.last))) {
    auditor.report(missing.first, format("is missing, and all up to {}", missing.last));
  }
  remark(identity, extent, audit);
  return {};
}

}  // namespace tillsight
