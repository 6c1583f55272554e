#include "sim/verdict.hpp"

#include <map>
#include <string>

#include "tillsight/sql/connection.hpp"

namespace tillsight::sim {
namespace {

using Sealed = std::map<std::int64_t, std::string>;  // by sequence

Result<Sealed> in_journal(Till& till, Story& story) {
  TILLSIGHT_ASSIGN(JournalReader reader,
                   JournalReader::open(till.settings().file, till.settings().personal_key));
  if (const Status chain = reader.verify_chain(); !chain.ok())
    story.violation("the till's chain: {}", chain.error().message());
  constexpr int kAll = 1'000'000;
  TILLSIGHT_ASSIGN(const std::vector<Event> events, reader.events_from(Sequence(1), kAll));
  Sealed sealed;
  for (const Event& event : events) sealed.emplace(event.identity.sequence.value(), event.sealed);
  return sealed;
}

Result<Sealed> at_head_office(sql::Connection& db, Story& story) {
  TILLSIGHT_ASSIGN(auto rows, db.prepare("SELECT sequence, sealed FROM event"));
  Sealed sealed;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return sealed;
    const auto [place, is_new] = sealed.emplace(rows.integer(0), rows.text(1));
    if (!is_new) story.violation("event {} is twice at head office", rows.integer(0));
  }
}

/// What head office counts, beside what it must be.
Status count(sql::Connection& db, const Sealed& sold, Story& story) {
  const struct {
    const char* what;
    const char* query;
    std::size_t expected;
  } kCounts[] = {
      {"invoices", "SELECT count(*) FROM v_invoices", sold.size()},
      {"invoice numbers", "SELECT count(DISTINCT invoice_no) FROM v_invoices", sold.size()},
      {"verified events", "SELECT sum(verified_to) FROM v_journals", sold.size()},
      {"conflicts", "SELECT count(*) FROM v_conflicts", 0},
      {"breaks in chains", "SELECT sum(chain_breaks) FROM v_journals", 0},
      {"gaps", "SELECT count(*) FROM v_gaps", 0},
      {"events held in quarantine", "SELECT sum(held) FROM v_journals", 0},
  };
  for (const auto& [what, query, expected] : kCounts) {
    TILLSIGHT_ASSIGN(auto rows, db.prepare(query));
    TILLSIGHT_TRY(rows.step());
    if (rows.integer(0) == static_cast<std::int64_t>(expected)) continue;
    story.violation("head office counts {} {}, not {}", rows.integer(0), what, expected);
  }
  return {};
}

Status compare(const std::vector<Event>& confirmed, Till& till, HeadOffice& office, Story& story) {
  TILLSIGHT_ASSIGN(const Sealed sold, in_journal(till, story));
  TILLSIGHT_ASSIGN(sql::Connection db,
                   hub::open_for_reading(office.folder(), hub::Persons::kHidden));
  TILLSIGHT_ASSIGN(const Sealed stored, at_head_office(db, story));
  for (const Event& event : confirmed) {
    const std::int64_t sequence = event.identity.sequence.value();
    const auto kept = sold.find(sequence);
    if (kept == sold.end() || kept->second != event.sealed)
      story.violation("sale {} was confirmed, and is not in the journal", sequence);
    const auto found = stored.find(sequence);
    if (found == stored.end() || found->second != event.sealed)
      story.violation("sale {} was confirmed, and is not at head office", sequence);
  }
  if (stored != sold) {
    story.violation("head office has {} events and the journal {}, or others", stored.size(),
                    sold.size());
  }
  return count(db, sold, story);
}

}  // namespace

void judge(const std::vector<Event>& confirmed, Till& till, HeadOffice& office, Story& story) {
  if (const Status done = compare(confirmed, till, office, story); !done.ok())
    story.violation("cannot be compared: {}", done.error().message());
}

}  // namespace tillsight::sim
