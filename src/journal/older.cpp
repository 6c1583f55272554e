#include "tillsight/journal/older.hpp"

#include <algorithm>

#include "journal/delivery.hpp"
#include "journal/personal.hpp"
#include "journal/schema.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight {
namespace {

std::filesystem::path older_folder(const std::filesystem::path& journal_file) {
  return journal_file.string() + ".older";
}

std::filesystem::path brought_folder(const std::filesystem::path& journal_file) {
  return older_folder(journal_file) / "brought";
}

Status make_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (!failed) return {};
  return error(Code::kUnavailable, "{}: cannot make this folder: {}", folder.string(),
               failed.message());
}

}  // namespace

Result<OlderJournal> OlderJournal::open_or_create(const std::filesystem::path& journal_file,
                                                  const EventIdentity& identity,
                                                  const Clock& clock) {
  TILLSIGHT_TRY(make_folder(older_folder(journal_file)));
  const auto file = older_folder(journal_file) / (identity.incarnation.value() + ".db");
  TILLSIGHT_ASSIGN(sql::Connection db, sql::Connection::open(file));
  TILLSIGHT_TRY(sql::migrate(db, journal::kSchema));
  {
    TILLSIGHT_ASSIGN(sql::Statement insert,
                     db.prepare("INSERT OR IGNORE INTO identity (only_row, store, till, "
                                "incarnation, created) VALUES (1, ?, ?, ?, ?)"));
    TILLSIGHT_TRY(insert
                      .bind(identity.store.value(), identity.till.value(),
                            identity.incarnation.value(), to_iso8601(clock.utc_now()))
                      .run());
  }
  return OlderJournal(std::move(db), identity);
}

Result<OlderJournal> OlderJournal::open(const std::filesystem::path& older_file) {
  TILLSIGHT_ASSIGN(sql::Connection db, sql::Connection::open(older_file));
  TILLSIGHT_TRY(sql::migrate(db, journal::kSchema));
  TILLSIGHT_ASSIGN(EventIdentity identity, journal::read_identity(db));
  return OlderJournal(std::move(db), std::move(identity));
}

Status OlderJournal::add(const std::vector<StoredEvent>& events) {
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db_));
  TILLSIGHT_ASSIGN(sql::Statement insert,
                   db_.prepare("INSERT OR IGNORE INTO event (sequence, type, time, invoice_count, "
                               "hash, sealed, personal, notes) VALUES (?, ?, ?, 0, ?, ?, ?, ?)"));
  TILLSIGHT_ASSIGN(sql::Statement offer,
                   db_.prepare("INSERT OR IGNORE INTO outbox (sequence) VALUES (?)"));
  for (const StoredEvent& event : events) {
    const std::int64_t sequence = event.identity.sequence.value();
    TILLSIGHT_TRY(insert
                      .bind(sequence, event.type, event.time, hash(event), event.sealed,
                            event.personal, event.notes)
                      .run());
    if (db_.changes() > 0) TILLSIGHT_TRY(offer.bind(sequence).run());
  }
  return all.commit();
}

Status OlderJournal::acknowledge(const Ack& ack) {
  if (ack.incarnation != identity_.incarnation) return {};
  bool erased = false;
  for (bool more = true; more;) {
    TILLSIGHT_ASSIGN(const journal::Acknowledged done, journal::write_acknowledged(db_, ack));
    erased = erased || done.erased;
    more = done.more;
  }
  if (!erased) return {};
  // Nobody writes here again for long: what named a person leaves the log now, or with the next.
  const auto emptied = db_.checkpoint(sql::Checkpoint::kTruncate);
  return emptied.ok() || emptied.error().code() == Code::kAborted ? Status()
                                                                  : Status(emptied.error());
}

Status OlderJournal::begin_hub_epoch(std::string_view hub_epoch) {
  return journal::write_hub_epoch(db_, hub_epoch);
}

std::optional<SecretKey> journal::key_beside(const std::filesystem::path& journal_file) {
  const auto key = load_key(own_key_file(journal_file));
  return key.ok() ? std::optional(*key) : std::nullopt;
}

std::vector<std::filesystem::path> journal::older_files(const std::filesystem::path& journal_file) {
  std::vector<std::filesystem::path> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(older_folder(journal_file), none)) {
    if (entry.path().extension() == ".db") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

Result<std::int64_t> journal::import_mirror(const std::filesystem::path& mirror,
                                            const std::filesystem::path& journal_file,
                                            const EventIdentity& present, const Clock& clock) {
  std::int64_t events = 0;
  std::optional<OlderJournal> into;
  const auto take = [&](const std::vector<StoredEvent>& batch) -> Status {
    if (!into || into->identity().incarnation != batch.front().identity.incarnation) {
      TILLSIGHT_ASSIGN(into,
                       OlderJournal::open_or_create(journal_file, batch.front().identity, clock));
    }
    events += static_cast<std::int64_t>(batch.size());
    return into->add(batch);
  };
  TILLSIGHT_TRY(read_mirror(mirror, present, present.incarnation, take));
  return events;
}

Result<std::int64_t> journal::bring_mirror(const std::filesystem::path& mirror,
                                           const std::filesystem::path& journal_file,
                                           const EventIdentity& present) {
  std::int64_t events = 0;
  TILLSIGHT_TRY(read_mirror(mirror, present, present.incarnation,
                            [&](const std::vector<StoredEvent>& batch) -> Status {
                              events += static_cast<std::int64_t>(batch.size());
                              return {};
                            }));
  if (events == 0) return events;
  const std::filesystem::path place = brought_folder(journal_file);
  const std::filesystem::path part = place.string() + ".part";
  if (std::filesystem::exists(place)) {
    return error(Code::kAlreadyExists,
                 "{}: is waiting for the till already; start the till, then bring more",
                 place.string());
  }
  TILLSIGHT_TRY(make_folder(older_folder(journal_file)));
  std::error_code failed;
  std::filesystem::remove_all(part, failed);
  std::filesystem::copy(mirror, part, std::filesystem::copy_options::recursive, failed);
  // The till must not find half of it.
  if (!failed) std::filesystem::rename(part, place, failed);
  if (!failed) return events;
  return error(Code::kUnavailable, "{}: cannot copy the mirror here: {}", part.string(),
               failed.message());
}

Result<std::int64_t> journal::import_brought(const std::filesystem::path& journal_file,
                                             const EventIdentity& present, const Clock& clock) {
  const std::filesystem::path place = brought_folder(journal_file);
  if (!std::filesystem::exists(place)) return std::int64_t{0};
  TILLSIGHT_ASSIGN(const std::int64_t events, import_mirror(place, journal_file, present, clock));
  std::error_code ignored;
  std::filesystem::remove_all(place, ignored);
  return events;
}

}  // namespace tillsight
