/// \file
/// Looks into the journal beside its writer: for whoever fell behind the event ring, for sync, for
/// the auditor.
///
/// **Threads** thread-bound: each reading thread has a reader of its own. Never waits for the
/// writer and never holds it up: a read that lasts longer than two seconds is ended, because the
/// log cannot be reused as long as somebody reads an old state of it.
///
/// **Errors** as sql/connection.hpp lists them; kUnavailable also for a read that took too long.
/// kDataLoss: an event is not what was sealed, or the file is damaged; nothing wrong is returned.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/crypto/keys.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/domain/learnt_choice.hpp"
#include "tillsight/domain/refund.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight {

namespace journal {
struct Base;
}

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
  /// The sale of this number, without its person, and what of it came back.
  /// \return kNotFound if it is not sold here, or was let go after its time.
  Result<SoldInvoice> sale(const InvoiceNumber& number);
  /// What this journal has given back of a sale, also of one that it does not know: pieces of each
  /// line, no further than the last that any came back of.
  Result<std::vector<int>> came_back(const InvoiceNumber& number);
  /// \return kNotFound before the first sale.
  Result<SoldInvoice> last_sale();
  /// What clerks chose when the camera said something, in all sales so far.
  Result<std::vector<LearntChoice>> choices();
  /// What sells most here, most first.
  Result<std::vector<Sku>> popular(int count_max);
  Result<JournalCounts> counts();
  /// Of the head office that this journal last heard of; empty: of none.
  Result<std::string> hub_epoch();
  /// Whose journal this is; sequence 0.
  const EventIdentity& identity() const { return identity_; }

  /// Reads every kept event and checks numbers, hashes and links. What was let go before them is
  /// vouched for by the hash that was kept of it.
  /// \return kDataLoss naming the first event that is missing, changed or not linked.
  Status verify_chain();

 private:
  JournalReader(sql::Connection db, EventIdentity identity, std::optional<SecretKey> key);
  Result<std::vector<Event>> collect(sql::Statement& rows);
  Result<bool> verify_after(journal::Base& base);
  void reveal(Event& event);

  sql::Connection db_;
  EventIdentity identity_;  // of every event, but for the sequence
  std::optional<SecretKey> key_;
  Sequence unreadable_;  // the last event whose person did not open
};

}  // namespace tillsight
