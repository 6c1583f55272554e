#include "hub/journals.hpp"

#include <algorithm>

#include "hub/row_changes.hpp"

namespace tillsight::hub {
namespace {

Result<std::int64_t> insert_journal(sql::Connection& db, const JournalId& id,
                                    const std::string& now) {
  TILLSIGHT_ASSIGN(auto insert,
                   db.prepare("INSERT INTO journal (store, till, incarnation, first_heard_at, "
                              "verified_hash) VALUES (?, ?, ?, ?, ?)"));
  const Digest nothing{};
  insert.bind(id.store.value(), id.till.value(), id.incarnation.value(), now, std::span(nothing));
  TILLSIGHT_TRY(insert.run());
  return db.last_insert_id();
}

Status record_break(sql::Connection& db, const Journal& journal, std::span<const std::byte> found,
                    const std::string& now) {
  TILLSIGHT_ASSIGN(auto insert,
                   db.prepare("INSERT INTO chain_break (journal_id, sequence, expected, found, "
                              "noticed_at) VALUES (?, ?, ?, ?, ?)"));
  insert.bind(journal.row, journal.state.verified_to + 1, std::span(journal.verified_hash), found,
              now);
  return insert.run();
}

Status write_ranges(sql::Connection& db, std::int64_t row, std::string_view kind,
                    const SequenceRanges& before, const SequenceRanges& after) {
  TILLSIGHT_ASSIGN(auto clear, db.prepare("DELETE FROM journal_range WHERE journal_id = ? AND "
                                          "kind = ? AND first = ?"));
  TILLSIGHT_ASSIGN(auto insert, db.prepare("INSERT OR REPLACE INTO journal_range (journal_id, "
                                           "kind, first, last) VALUES (?, ?, ?, ?)"));
  return write_changes(
      before.ranges(), after.ranges(),
      [&](std::int64_t first) { return clear.bind(row, kind, first).run(); },
      [&](const SequenceRange& range) {
        return insert.bind(row, kind, range.first, range.last).run();
      });
}

Status load_ranges(sql::Connection& db, Journal& journal) {
  TILLSIGHT_ASSIGN(auto rows, db.prepare("SELECT kind, first, last FROM journal_range "
                                         "WHERE journal_id = ? ORDER BY first"));
  rows.bind(journal.row);
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return {};
    SequenceRanges& ranges = rows.text(0) == "have" ? journal.state.have : journal.state.held;
    ranges.insert(SequenceRange{rows.integer(1), rows.integer(2)});
  }
}

Status copy_digest(std::span<const std::byte> blob, Digest& digest) {
  if (blob.size() != digest.size()) {
    return error(Code::kDataLoss,
                 "a stored hash has {} bytes instead of {}; keep a copy of the file and restore a "
                 "backup",
                 blob.size(), digest.size());
  }
  std::ranges::copy(blob, digest.begin());
  return {};
}

}  // namespace

Result<Journals> load_journals(sql::Connection& db) {
  TILLSIGHT_ASSIGN(auto rows, db.prepare("SELECT id, store, till, incarnation, last_committed, "
                                         "verified_to, duplicates, verified_hash FROM journal "
                                         "WHERE origin = 'till'"));
  Journals journals;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return journals;
    const JournalId id{StoreId(std::string(rows.text(1))), TillId(std::string(rows.text(2))),
                       Incarnation(std::string(rows.text(3)))};
    Journal& journal = journals[id];
    journal.row = rows.integer(0);
    journal.state.last_committed = rows.integer(4);
    journal.state.verified_to = rows.integer(5);
    journal.duplicates = rows.integer(6);
    TILLSIGHT_TRY(copy_digest(rows.blob(7), journal.verified_hash));
    TILLSIGHT_TRY(load_ranges(db, journal));
    TILLSIGHT_ASSIGN(journal.gaps, load_gaps(db, journal.row));
  }
}

Result<Journal*> JournalChanges::change(const JournalId& id, const std::string& now) {
  if (const auto known = changed_.find(id); known != changed_.end()) return &known->second;
  Journal journal;
  if (const auto durable = durable_.find(id); durable != durable_.end()) {
    journal = durable->second;
  } else {
    TILLSIGHT_ASSIGN(journal.row, insert_journal(db_, id, now));
  }
  return &changed_.emplace(id, std::move(journal)).first->second;
}

Result<std::int64_t> JournalChanges::save(const std::string& now) {
  static const Journal kNothing;
  std::int64_t breaks = 0;
  for (auto& [id, journal] : changed_) {
    TILLSIGHT_ASSIGN(const std::int64_t found, verify(journal, now));
    breaks += found;
    const auto known = durable_.find(id);
    const Journal& before = known == durable_.end() ? kNothing : known->second;
    journal.gaps = open_gaps(journal.state, before.gaps, now);
    TILLSIGHT_TRY(write(before, journal));
  }
  return breaks;
}

Result<std::int64_t> JournalChanges::verify(Journal& journal, const std::string& now) {
  if (journal.state.verified_to >= journal.state.have.contiguous_to()) return 0;
  TILLSIGHT_ASSIGN(auto events, db_.prepare("SELECT previous, hash FROM event WHERE journal_id = ? "
                                            "AND sequence > ? AND sequence <= ? "
                                            "ORDER BY sequence"));
  events.bind(journal.row, journal.state.verified_to, journal.state.have.contiguous_to());
  std::int64_t breaks = 0;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, events.step());
    if (!row) return breaks;
    if (!std::ranges::equal(events.blob(0), journal.verified_hash)) {
      TILLSIGHT_TRY(record_break(db_, journal, events.blob(0), now));
      ++breaks;
    }
    // After a break the chain goes on from the event that is there.
    TILLSIGHT_TRY(copy_digest(events.blob(1), journal.verified_hash));
    ++journal.state.verified_to;
  }
}

Status JournalChanges::write(const Journal& before, const Journal& journal) {
  TILLSIGHT_ASSIGN(auto update,
                   db_.prepare("UPDATE journal SET last_committed = ?2, verified_to = ?3, "
                               "duplicates = ?4, verified_hash = ?5 WHERE id = ?1"));
  update.bind(journal.row, journal.state.last_committed, journal.state.verified_to,
              journal.duplicates, std::span(journal.verified_hash));
  TILLSIGHT_TRY(update.run());
  TILLSIGHT_TRY(write_ranges(db_, journal.row, "have", before.state.have, journal.state.have));
  TILLSIGHT_TRY(write_ranges(db_, journal.row, "held", before.state.held, journal.state.held));
  return write_gaps(db_, journal.row, before.gaps, journal.gaps);
}

void JournalChanges::publish(Journals& durable) && {
  for (auto& [id, journal] : changed_) durable.insert_or_assign(id, std::move(journal));
}

std::vector<JournalId> JournalChanges::ids() const {
  std::vector<JournalId> ids;
  for (const auto& [id, journal] : changed_) ids.push_back(id);
  return ids;
}

void follow(Journal& journal, Sequence sequence, const Digest& previous, const Digest& hash) {
  if (sequence.value() != journal.state.verified_to + 1) return;
  if (previous != journal.verified_hash) return;
  journal.verified_hash = hash;
  ++journal.state.verified_to;
}

void mark_stored(JournalState& state, Sequence sequence) {
  state.have.insert(sequence);
  if (!state.held.contains(sequence)) return;
  SequenceRanges rest;
  for (const SequenceRange& range : state.held.ranges()) {
    const std::int64_t one = sequence.value();
    if (range.first < one) rest.insert(SequenceRange{range.first, std::min(range.last, one - 1)});
    if (range.last > one) rest.insert(SequenceRange{std::max(range.first, one + 1), range.last});
  }
  state.held = rest;
}

void mark_held(JournalState& state, Sequence sequence) {
  if (!state.have.contains(sequence)) state.held.insert(sequence);
}

}  // namespace tillsight::hub
