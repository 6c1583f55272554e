#include "hub/gaps.hpp"

#include <algorithm>

#include "hub/row_changes.hpp"

namespace tillsight::hub {

std::vector<OpenGap> open_gaps(const JournalState& state, const std::vector<OpenGap>& before,
                               const std::string& now) {
  std::vector<OpenGap> open;
  SequenceRanges here = state.have;
  here.insert(state.held);
  auto was = before.begin();
  for (const SequenceRange& missing : here.gaps(std::max(here.last(), state.last_committed))) {
    while (was != before.end() && was->last < missing.first) ++was;
    std::string since = now;
    for (auto old = was; old != before.end() && old->first <= missing.last; ++old) {
      since = std::min(since, old->since);
    }
    open.push_back({missing.first, missing.last, std::move(since)});
  }
  return open;
}

Result<std::vector<OpenGap>> load_gaps(sql::Connection& db, std::int64_t journal_row) {
  TILLSIGHT_ASSIGN(auto rows, db.prepare("SELECT first, last, since FROM gap WHERE journal_id = ? "
                                         "ORDER BY first"));
  rows.bind(journal_row);
  std::vector<OpenGap> gaps;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return gaps;
    gaps.push_back({rows.integer(0), rows.integer(1), std::string(rows.text(2))});
  }
}

Status write_gaps(sql::Connection& db, std::int64_t journal_row, const std::vector<OpenGap>& before,
                  const std::vector<OpenGap>& after) {
  TILLSIGHT_ASSIGN(auto clear, db.prepare("DELETE FROM gap WHERE journal_id = ? AND first = ?"));
  TILLSIGHT_ASSIGN(auto insert, db.prepare("INSERT OR REPLACE INTO gap (journal_id, first, last, "
                                           "since) VALUES (?, ?, ?, ?)"));
  return write_changes(
      before, after, [&](std::int64_t first) { return clear.bind(journal_row, first).run(); },
      [&](const OpenGap& gap) {
        return insert.bind(journal_row, gap.first, gap.last, gap.since).run();
      });
}

}  // namespace tillsight::hub
