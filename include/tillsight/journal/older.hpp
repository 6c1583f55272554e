/// \file
/// Journals of this till from before the present one: files that were found damaged, and mirrors
/// of a box that is no more. What the hub lacks of them is offered under their own incarnation.
///
///     till.db                        the present journal
///     till.db.quarantine/0001-…/     a damaged one, as it was found; nothing ever writes to it
///     till.db.older/INCARNATION.db   what could be read of one, event by event, with its outbox
///
/// An older journal has the tables of a journal, so a JournalReader reads it; its chain may have
/// holes. Everything in it begins in the outbox: what the hub has already, it says so.
///
/// **Threads** thread-bound; one thread has an OlderJournal, no other writes to its file.
/// **Errors** as sql/connection.hpp lists them.
/// **Example** tests/journal/older_test.cpp
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/domain/wire.hpp"
#include "tillsight/journal/journal.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight {

class OlderJournal {
 public:
  /// Creates the file if there is none. \param identity gives store, till and incarnation.
  static Result<OlderJournal> open_or_create(const std::filesystem::path& journal_file,
                                             const EventIdentity& identity, const Clock& clock);
  static Result<OlderJournal> open(const std::filesystem::path& older_file);

  /// Those that it has already are passed over. All or none.
  Status add(const std::vector<StoredEvent>& events);
  Status acknowledge(const Ack& ack);
  Status begin_hub_epoch(std::string_view hub_epoch);

  const EventIdentity& identity() const { return identity_; }
  const std::filesystem::path& file() const { return db_.file(); }

 private:
  OlderJournal(sql::Connection db, EventIdentity identity)
      : db_(std::move(db)), identity_(std::move(identity)) {}

  sql::Connection db_;
  EventIdentity identity_;
};

namespace journal {

/// \return the journal's own key, under which its older ones are too; none: it was provisioned.
std::optional<SecretKey> key_beside(const std::filesystem::path& journal_file);

/// The older journals of `journal_file`, by name.
std::vector<std::filesystem::path> older_files(const std::filesystem::path& journal_file);

/// Moves a damaged journal, with its log, out of the way, so that a new one can begin.
/// \pre nobody has it open. \return the folder where it is now.
Result<std::filesystem::path> quarantine(const std::filesystem::path& journal_file, UtcTime now);
/// \return how often that has happened: JournalSettings::series of a journal that begins now.
int quarantined(const std::filesystem::path& journal_file);
/// The quarantined ones in which nobody has made a file `seen` yet: an alarm.
std::vector<std::filesystem::path> unseen(const std::filesystem::path& journal_file);

struct Opened {
  Journal journal;
  std::optional<Error> damage;  ///< why the one before it is in quarantine; it says where
};
/// Opens the journal. One that is damaged goes into quarantine, and a new one begins in its place.
Result<Opened> open_or_begin_anew(JournalSettings settings, Random& random, const Clock& clock);

/// What came out of one damaged file.
struct Salvaged {
  std::filesystem::path folder;
  std::int64_t events = 0;   ///< are what was sealed, and lie in an older journal now
  std::int64_t damaged = 0;  ///< seen, and not what was sealed
};
/// Reads what can be read of each quarantined journal that was not read yet.
/// \return one for each; an error if there was no room to write them down: call again.
Result<std::vector<Salvaged>> salvage(const std::filesystem::path& journal_file,
                                      const EventIdentity& till, const Clock& clock);

/// Puts what a mirror holds of this till into its older journals: those of the box that this one
/// replaces, or of a damaged journal. May be done again. \param present is left out: it is here.
/// \return how many events that were.
Result<std::int64_t> import_mirror(const std::filesystem::path& mirror,
                                   const std::filesystem::path& journal_file,
                                   const EventIdentity& present, const Clock& clock);

/// For whoever is not the till: copies such a mirror to where the till finds it, running or not.
/// \return how many events it holds. kAlreadyExists: it was brought before.
Result<std::int64_t> bring_mirror(const std::filesystem::path& mirror,
                                  const std::filesystem::path& journal_file,
                                  const EventIdentity& present);
/// Imports what was brought.
Result<std::int64_t> import_brought(const std::filesystem::path& journal_file,
                                    const EventIdentity& present, const Clock& clock);

}  // namespace journal
}  // namespace tillsight
