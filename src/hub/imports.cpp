#include "hub/imports.hpp"

#include <algorithm>

#include "hub/sales.hpp"
#include "tillsight/core/clock.hpp"

namespace tillsight::hub {
namespace {

constexpr std::string_view kImportedType = "tillsight.imported.v1";
constexpr std::size_t kIncarnationDigits = 32;

/// Takes an incarnation's place: a source has one journal for each till that it books to.
std::string journal_name(const ImportSource& source) {
  const std::string named = format("{}\n{}", name(source.origin), source.name);
  return to_hex(sha256(named)).substr(0, kIncarnationDigits);
}

}  // namespace

std::string_view name(Origin origin) {
  return origin == Origin::kImported ? "imported" : "synthetic";
}

Result<std::optional<ImportOutcome>> find_import(sql::Connection& db,
                                                 const ImportedInvoice& imported) {
  TILLSIGHT_ASSIGN(auto find,
                   db.prepare("SELECT hash FROM journal JOIN import_number ON "
                              "import_number.journal_id = journal.id JOIN event ON event.id = "
                              "event_id WHERE store = ? AND till = ? AND incarnation = ? AND "
                              "number = ?"));
  find.bind(imported.source.store.value(), imported.source.till.value(),
            journal_name(imported.source), imported.number);
  TILLSIGHT_ASSIGN(const bool found, find.step());
  if (!found) return std::optional<ImportOutcome>();
  const bool same = std::ranges::equal(find.blob(0), imported.digest);
  return std::optional(same ? ImportOutcome::kAlready : ImportOutcome::kOther);
}

Result<ImportRows::Place*> ImportRows::place_of(const ImportSource& source) {
  if (const auto known = places_.find(source); known != places_.end()) return &known->second;
  TILLSIGHT_ASSIGN(auto insert,
                   db_.prepare("INSERT INTO journal (store, till, incarnation, first_heard_at, "
                               "verified_hash, origin, source) VALUES (?, ?, ?, ?, ?, ?, ?) "
                               "ON CONFLICT (store, till, incarnation) DO NOTHING"));
  const std::string journal = journal_name(source);
  const Digest nothing{};
  insert.bind(source.store.value(), source.till.value(), journal, now_, std::span(nothing),
              name(source.origin), source.name);
  TILLSIGHT_TRY(insert.run());
  TILLSIGHT_ASSIGN(
      auto find,
      db_.prepare("SELECT id, (SELECT coalesce(max(sequence), 0) FROM event WHERE journal_id = "
                  "journal.id) FROM journal WHERE store = ? AND till = ? AND incarnation = ?"));
  find.bind(source.store.value(), source.till.value(), journal);
  TILLSIGHT_ASSIGN(const bool found, find.step());
  TILLSIGHT_CHECK(found, "a journal that was inserted is not there");
  return &places_.emplace(source, Place{find.integer(0), find.integer(1)}).first->second;
}

Result<ImportOutcome> ImportRows::add(const ImportedInvoice& imported,
                                      const std::optional<PersonRef>& person) {
  TILLSIGHT_ASSIGN(const auto here, find_import(db_, imported));
  if (here) return *here;
  TILLSIGHT_ASSIGN(Place* const place, place_of(imported.source));
  TILLSIGHT_ASSIGN(auto event,
                   db_.prepare("INSERT INTO event (journal_id, sequence, type, happened_at, "
                               "received_at, hash, previous, sealed, notes) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?, '', '')"));
  const Digest nothing{};
  event.bind(place->journal_row, ++place->last_sequence, kImportedType,
             to_iso8601(imported.invoice.at.utc), now_, std::span(imported.digest),
             std::span(nothing));
  TILLSIGHT_TRY(event.run());
  const std::int64_t event_row = db_.last_insert_id();
  TILLSIGHT_TRY(insert_imported(db_, sums_, event_row, imported, person));
  TILLSIGHT_ASSIGN(auto number, db_.prepare("INSERT INTO import_number (journal_id, number, "
                                            "event_id) VALUES (?, ?, ?)"));
  TILLSIGHT_TRY(number.bind(place->journal_row, imported.number, event_row).run());
  return ImportOutcome::kStored;
}

}  // namespace tillsight::hub
