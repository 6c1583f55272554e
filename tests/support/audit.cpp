#include "tests/support/audit.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "tillsight/core/check.hpp"
#include "tillsight/core/format.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/journal/reader.hpp"
#include "tillsight/sql/statement.hpp"

namespace tillsight::test {
namespace {

namespace fs = std::filesystem;

constexpr int kPage = 1'000;

/// An event as both sides must have it.
struct Entry {
  std::string sealed;
  std::string invoice_no;
  std::string gross;
};
using Book = std::map<std::int64_t, Entry>;  // by sequence

template <typename T>
T need(Result<T> result) {
  TILLSIGHT_CHECK(result.ok(), result.error().message());
  return std::move(result).value();
}

Entry entry_of(const Event& event) {
  // A clock that was set during the test: an event like the others, and nobody's sale.
  if (!holds_invoice(event.type)) return {event.sealed, "", ""};
  const Opened opened = need(open(event));
  Entry entry{event.sealed, "", to_string(opened.invoice.gross, need(Currency::parse("INR")))};
  if (opened.chain.invoice_no) entry.invoice_no = to_string(*opened.chain.invoice_no);
  return entry;
}

Book read_journal(const fs::path& file, Findings& findings) {
  JournalReader reader = need(JournalReader::open(file));
  if (const Status chain = reader.verify_chain(); !chain.ok()) {
    findings.wrong.push_back(chain.error().message());
  }
  Book book;
  for (Sequence next(1);;) {
    const std::vector<Event> events = need(reader.events_from(next, kPage));
    for (const Event& event : events) {
      book[event.identity.sequence.value()] = entry_of(event);
      findings.payload_bytes += static_cast<std::int64_t>(to_cloud_events({event}).size());
    }
    if (events.size() < kPage) return book;
    next = Sequence(events.back().identity.sequence.value() + 1);
  }
}

std::map<std::int64_t, std::string> read_hub(const fs::path& data, const std::string& till,
                                             Findings& findings) {
  sql::Connection db = need(hub::open_for_reading(data, hub::Persons::kHidden));
  sql::Statement rows =
      need(db.prepare("SELECT sequence, sealed FROM event JOIN journal ON journal.id = journal_id "
                      "WHERE till = ?1"));
  rows.bind(till);
  std::map<std::int64_t, std::string> book;
  while (need(rows.step())) {
    if (!book.emplace(rows.integer(0), rows.text(1)).second) {
      ++findings.doubled;
      findings.wrong.push_back(
          format("till {}: event {} is twice at the hub", till, rows.integer(0)));
    }
  }
  return book;
}

std::int64_t number(sql::Connection& db, std::string_view query) {
  sql::Statement rows = need(db.prepare(query));
  return need(rows.step()) ? rows.integer(0) : 0;
}

void compare_with_hub(const Book& journal, const fs::path& hub_data, const std::string& till,
                      Findings& findings) {
  const std::map<std::int64_t, std::string> hub = read_hub(hub_data, till, findings);
  for (const auto& [sequence, entry] : journal) {
    const auto there = hub.find(sequence);
    if (there != hub.end() && there->second == entry.sealed) continue;
    ++findings.lost;
    findings.wrong.push_back(format("till {}: event {}, invoice {}, is {} at the hub", till,
                                    sequence, entry.invoice_no,
                                    there == hub.end() ? "not" : "with other bytes"));
  }
  for (const auto& [sequence, sealed] : hub) {
    if (journal.contains(sequence)) continue;
    ++findings.doubled;
    findings.wrong.push_back(
        format("till {}: the hub has event {}, the journal has not", till, sequence));
  }
}

/// Takes each sale of the clerk out of `unsold`: what is left was sold by nobody.
void compare_with_clerk(const Clerk& clerk, std::map<std::string, Entry>& unsold,
                        Findings& findings) {
  std::vector<Sold> unnumbered;
  for (const Sold& sale : clerk.sold()) {
    if (sale.invoice_no.empty()) {
      unnumbered.push_back(sale);
      continue;
    }
    const auto entry = unsold.find(sale.invoice_no);
    const bool same = entry != unsold.end() && entry->second.gross == sale.gross &&
                      (sale.sealed.empty() || entry->second.sealed == sale.sealed);
    if (!same) {
      ++findings.lost;
      findings.wrong.push_back(format("till {}: the clerk sold invoice {} of {}, the journal {}",
                                      clerk.till(), sale.invoice_no, sale.gross,
                                      entry == unsold.end() ? "lacks it" : "has another"));
    }
    if (entry != unsold.end()) unsold.erase(entry);
  }
  for (const Sold& sale : unnumbered) {
    const auto entry = std::find_if(unsold.begin(), unsold.end(), [&](const auto& other) {
      return other.second.gross == sale.gross;
    });
    if (entry != unsold.end()) {
      unsold.erase(entry);
      continue;
    }
    ++findings.lost;
    findings.wrong.push_back(
        format("till {}: the screen showed a sale of {} as paid, the journal "
               "lacks it",
               clerk.till(), sale.gross));
  }
}

}  // namespace

void audit(const fs::path& journal_file, const fs::path& hub_data, const Clerk& clerk,
           Findings& findings) {
  const Book journal = read_journal(journal_file, findings);
  findings.events += static_cast<std::int64_t>(journal.size());
  compare_with_hub(journal, hub_data, clerk.till(), findings);
  std::map<std::string, Entry> unsold;
  for (const auto& [sequence, entry] : journal) {
    if (entry.gross.empty()) continue;
    if (unsold.emplace(entry.invoice_no, entry).second) continue;
    ++findings.doubled;
    findings.wrong.push_back(
        format("till {}: invoice {} is twice in the journal", clerk.till(), entry.invoice_no));
  }
  compare_with_clerk(clerk, unsold, findings);
  for (const auto& [invoice_no, entry] : unsold) {
    ++findings.doubled;
    findings.wrong.push_back(format("till {}: invoice {} of {} was sold by nobody", clerk.till(),
                                    invoice_no, entry.gross));
  }
}

void audit_hub(const fs::path& hub_data, Findings& findings) {
  sql::Connection db = need(hub::open_for_reading(hub_data, hub::Persons::kShown));
  for (const auto& [query, what] :
       {std::pair("SELECT count(*) FROM v_conflicts", "conflicts"),
        std::pair("SELECT count(*) FROM persons.quarantine", "quarantined events"),
        std::pair("SELECT count(*) FROM v_gaps", "gaps"),
        std::pair("SELECT count(*) FROM v_journals WHERE verified_to <> stored",
                  "journals whose chain is not verified to its end"),
        std::pair("SELECT sum(chain_breaks) FROM v_journals", "breaks of a chain"),
        std::pair("SELECT count(*) - count(DISTINCT till || invoice_no) FROM v_invoices",
                  "invoice numbers that came twice")}) {
    if (const std::int64_t count = number(db, query); count != 0) {
      findings.wrong.push_back(format("hub: {} {}", count, what));
    }
  }
  findings.duplicates_absorbed = number(db, "SELECT sum(duplicates) FROM v_journals");
}

std::int64_t owed(const fs::path& journal, const fs::path& hub_data, const std::string& till) {
  auto reader = JournalReader::open(journal);
  auto db = hub::open_for_reading(hub_data, hub::Persons::kHidden);
  if (!reader.ok() || !db.ok()) return -1;
  const auto counts = reader->counts();
  auto rows = db->prepare("SELECT sum(stored) FROM v_journals WHERE till = ?1");
  if (!counts.ok() || !rows.ok()) return -1;
  rows->bind(till);
  const auto found = rows->step();
  if (!found.ok() || !*found) return -1;
  return std::max(counts->unsynced, counts->last.value() - rows->integer(0));
}

}  // namespace tillsight::test
