/// \file
/// Looks into the journal beside its writer: for whoever fell behind the event ring, for sync, for
/// the auditor.
///
/// **Threads** thread-bound: each reading thread has a reader of its own. Never waits for the
/// writer and never holds it up.
///
/// **Errors** as sql/connection.hpp lists them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/crypto/keys.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight {

struct JournalCounts {
  Sequence last;                ///< 0: no event yet
  std::int64_t unsynced = 0;    ///< not acknowledged by the hub
  std::int64_t held = 0;        ///< in the hub's quarantine
  std::string oldest_unsynced;  ///< ISO 8601; empty: none
};

class JournalReader {
 public:
  /// \pre the Journal has been opened once.
  /// \param key as in JournalSettings. Without one, and without FILE.key, events come without the
  /// persons, which is enough for who checks them and wrong for who sends them.
  /// \return kNotFound if there is no file.
  static Result<JournalReader> open(const std::filesystem::path& file,
                                    const std::optional<SecretKey>& key = {});

  /// \return at most `count_max` events in order, starting at `first`. Fewer: there are no more.
  Result<std::vector<Event>> events_from(Sequence first, int count_max);
  /// \return at most `count_max` events after `after`, in order, that the hub has neither stored
  /// nor holds. Fewer: there are no more.
  Result<std::vector<Event>> pending(Sequence after, int count_max);
  /// \return kNotFound if there is no such event.
  Result<Event> event(Sequence sequence);
  Result<JournalCounts> counts();

  /// Reads every event and checks numbers, hashes and links.
  /// \return kDataLoss naming the first event that is missing, changed or not linked.
  Status verify_chain();

 private:
  JournalReader(sql::Connection db, EventIdentity identity, std::optional<SecretKey> key);
  Result<std::vector<Event>> collect(sql::Statement& rows);
  void reveal(Event& event);

  sql::Connection db_;
  EventIdentity identity_;  // of every event, but for the sequence
  std::optional<SecretKey> key_;
  Sequence unreadable_;  // the last event whose person did not open
};

}  // namespace tillsight
