/// \file
/// Head office's database: one writer that turns batches of arrivals into rows, any number of
/// readers beside it.
///
/// Two SQLite files in one folder. `hub.db` holds every event as it was sealed, and invoices, lines
/// and tenders as typed columns; it names nobody, a customer stands in it as a pseudonym.
/// `persons.db` holds what may name somebody: names, phones, and the raw bytes of what was refused.
/// The pseudonym is an HMAC of the phone under the chain's key, or under `customer.key`, made when
/// the folder is new and nobody gave it a key. The
/// views that others may rely on are in docs/head-office.md.
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/crypto/keys.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/domain/ids.hpp"
#include "tillsight/domain/questions.hpp"
#include "tillsight/domain/sequence_ranges.hpp"
#include "tillsight/domain/wire.hpp"
#include "tillsight/hub/access.hpp"
#include "tillsight/hub/imported.hpp"
#include "tillsight/hub/quarantine.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

/// One journal of one till: what sequence numbers count in.
struct JournalId {
  StoreId store;
  TillId till;
  Incarnation incarnation;
  friend auto operator<=>(const JournalId&, const JournalId&) = default;
};

/// A valid event. One of a type that this version does not know is kept and has no invoice.
struct Delivered {
  Event event;
  Digest previous{};  ///< the hash that it continues
  std::optional<Opened> opened;
};

/// Bytes that are no valid event, or not of the till on whose topic they came.
struct Refused {
  std::string topic;
  std::string raw;                    ///< of an oversized payload only the beginning
  std::string reason;                 ///< with the field and the rule that it breaks
  std::optional<EventIdentity> held;  ///< set: the till is told that this event is kept here
};

struct Heartbeat {
  StoreId store;
  TillId till;
  TillStatus status;
};

struct Arrival {
  UtcTime at;
  std::variant<Delivered, Refused, Heartbeat> what;
};

/// What one batch came to; a till may send anything again, so each number counts arrivals.
struct Written {
  std::int64_t stored = 0;
  std::int64_t duplicates = 0;  ///< same identity, same bytes: success
  std::int64_t conflicts = 0;   ///< same identity, other bytes: kept apart
  std::int64_t refused = 0;
  std::int64_t chain_breaks = 0;   ///< events that do not continue the one before them
  std::vector<JournalId> touched;  ///< each once: whose till can be told something new
};

/// What is durable of one journal.
struct JournalState {
  SequenceRanges have;
  SequenceRanges held;              ///< refused, kept raw; never also in `have`
  std::int64_t verified_to = 0;     ///< the hash chain was checked from 1 to here
  std::int64_t last_committed = 0;  ///< as the till's heartbeat says; above what came: still owed
};

struct Gap {
  JournalId journal;
  SequenceRange missing;
  std::string since;  ///< ISO 8601: when it was first known that something is missing here
};

/// What was known of somebody at head office.
struct ErasedPerson {
  std::int64_t names = 0;  ///< under which they were known
  std::int64_t invoices = 0;
  std::int64_t quarantined = 0;  ///< refused messages that named them
};

/// Which till asks: as the broker knows it, by its certificate.
struct Asker {
  StoreId store;
  TillId till;
};

/// **Threads** thread-bound. **Ownership** The folder is locked while the object lives.
class HubStore {
 public:
  /// Creates folder, files and key if there are none, and brings older files forward.
  /// \param random gives the key and the epoch of a new folder; not kept.
  /// \param chain_key none: the folder's own.
  /// \return kFailedPrecondition if another process writes there, or if the key of existing persons
  /// is missing or another: with a new one every customer would be a stranger.
  static Result<HubStore> open(const std::filesystem::path& folder, const Clock& clock,
                               Random& random, const std::optional<SecretKey>& chain_key = {});

  HubStore(HubStore&&) noexcept;
  HubStore& operator=(HubStore&&) noexcept;
  ~HubStore();

  /// Random per database: when it changes, tills offer again what this database lacks.
  const std::string& epoch() const;

  /// Makes the whole batch durable, in one transaction, or nothing of it; the same batch may be
  /// written again after any error. After kDataLoss every further call fails.
  Result<Written> write(std::span<const Arrival> batch);

  /// Makes invoices that no till sealed durable, in one transaction; the same ones may come again
  /// after any error. \return what became of each. After kDataLoss every further call fails.
  Result<std::vector<ImportOutcome>> import(std::span<const ImportedInvoice> batch, UtcTime at);

  /// Empties the databases' logs if one has more than 16 MiB; call it every few seconds. Commits do
  /// that by themselves unless somebody reads for long.
  /// \return kAborted naming the log that a reader keeps from being emptied.
  Status shorten_logs();

  /// Whoever has this phone (E.164) is gone from all databases and their logs when it returns.
  /// Their invoices stay one customer's, under a new pseudonym at random that is nobody's.
  /// \return kAborted: deleted, but somebody reads; call again.
  Result<ErasedPerson> erase_customer(std::string_view phone, Random& random);

  /// Erases, as erase_customer() does, who has not been on an invoice since `day` (2026-11-23): of
  /// the next `count` persons in turn, so that a call is short; call it again and again.
  /// \return how many were erased. \return kAborted: erased, but somebody reads.
  Result<int> erase_absent(std::string_view day, int count, Random& random);

  /// Whoever has this phone (E.164), for a till that asks; none: nobody known. That it was asked is
  /// on record, durably, before anything is told.
  Result<std::optional<Customer>> customer_for(const Asker& asker, std::string_view phone,
                                               UtcTime at);
  /// What whoever has this phone may want, by the model in use, likeliest first; none before the
  /// first training, and for whom it does not know.
  Result<std::vector<Sku>> may_want(std::string_view phone) const;
  /// The sale of this number in the asker's own store: a receipt names its till, but not its store.
  /// What came back through the asker's journal is counted apart. On record like the above.
  Result<std::optional<answer::Sale>> sale_for(const Asker& asker,
                                               const question::AboutInvoice& about, UtcTime at);

  /// \return the first `count_max` rows of the quarantine after number `after`, with their bytes;
  /// only `id`, if it is given.
  Result<std::vector<Quarantined>> quarantined(std::int64_t after, std::optional<std::int64_t> id,
                                               int count_max);
  /// The row was stored as what it is, or is dropped: it goes, and the decision is on record. What
  /// its till was told stays: a number that was held and dropped is not asked for again.
  /// \return kNotFound if there is no such row.
  Status settle_replayed(std::int64_t id, const Decision& decision, UtcTime at);
  Status settle_dropped(std::int64_t id, const Decision& decision, UtcTime at);

  /// \return kAlreadyExists if a token of this name holds; kInvalidArgument for no name.
  Status add_token(const NewToken& token, UtcTime at);
  /// It opens nothing from now on. \return kNotFound if no token of this name holds.
  Status revoke_token(std::string_view name, std::string_view who, UtcTime at);
  Status mark_token_used(std::int64_t id, UtcTime at);
  /// Durable when it returns: only then may be shown what it names.
  Status record_person_read(std::string_view who, std::string_view what, UtcTime at);

  /// \return an empty state for a journal that was never heard of.
  JournalState state(const JournalId& journal) const;
  /// What tills have numbered and this database lacks, in order of journal and sequence.
  std::vector<Gap> gaps() const;
  /// \return how many tills were ever heard of, at least 1.
  int tills() const;

 private:
  struct Parts;
  explicit HubStore(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

/// Whether a reader may see who the pseudonyms are.
enum class Persons {
  kHidden,
  kShown,  ///< persons.db is attached as `persons`
};

/// A connection of the caller's own that only reads, also while a hub writes.
/// \return kNotFound if `folder` holds no hub's database, kFailedPrecondition for an older or newer
/// format.
Result<sql::Connection> open_for_reading(const std::filesystem::path& folder, Persons persons);

}  // namespace tillsight::hub
