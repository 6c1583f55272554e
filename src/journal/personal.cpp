#include "journal/personal.hpp"

#include <utility>
#include <vector>

#include "tillsight/crypto/aead.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::journal {
namespace {

constexpr std::size_t kCheckDigits = 16;

std::string place_of(const EventIdentity& event) {
  return "event " + to_string(event);
}

std::string place_of_state(const EventIdentity& journal) {
  return format("counter {}/{}/{}", journal.store.value(), journal.till.value(),
                journal.incarnation.value());
}

/// What stands in the file now, opened with the key that it is under; null: it is plain text.
class Before {
 public:
  /// \param key borrowed.
  explicit Before(const SecretKey* key) : key_(key) {}

  Result<std::string> event(const EventIdentity& identity, std::string_view stored) const {
    return key_ != nullptr ? reveal(*key_, identity, stored) : std::string(stored);
  }
  Result<std::string> state(const EventIdentity& journal, std::string_view stored) const {
    return key_ != nullptr ? reveal_state(*key_, journal, stored) : std::string(stored);
  }

 private:
  const SecretKey* key_;
};

/// Collected first: a table is not changed while it is read.
Result<std::vector<std::pair<std::int64_t, std::string>>> stored_persons(sql::Connection& db) {
  TILLSIGHT_ASSIGN(auto rows, db.prepare("SELECT sequence, personal FROM event "
                                         "WHERE personal <> ''"));
  std::vector<std::pair<std::int64_t, std::string>> persons;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return persons;
    persons.emplace_back(rows.integer(0), rows.text(1));
  }
}

Status convert_events(sql::Connection& db, EventIdentity event, const SecretKey& key,
                      const Before& before, Random& random) {
  TILLSIGHT_TRY(
      db.execute("UPDATE event SET personal = '' WHERE personal <> '' AND sequence NOT "
                 "IN (SELECT sequence FROM outbox)"));
  TILLSIGHT_ASSIGN(const auto persons, stored_persons(db));
  TILLSIGHT_ASSIGN(auto update, db.prepare("UPDATE event SET personal = ? WHERE sequence = ?"));
  for (const auto& [sequence, stored] : persons) {
    event.sequence = Sequence(sequence);
    TILLSIGHT_ASSIGN(const std::string plain, before.event(event, stored));
    TILLSIGHT_TRY(update.bind(protect(key, event, plain, random), sequence).run());
  }
  return {};
}

Result<std::string> stored_state(sql::Connection& db) {
  TILLSIGHT_ASSIGN(auto find, db.prepare("SELECT state FROM counter"));
  TILLSIGHT_ASSIGN(const bool found, find.step());
  return found ? std::string(find.text(0)) : std::string();
}

Status convert_state(sql::Connection& db, const EventIdentity& journal, const SecretKey& key,
                     const Before& before, Random& random) {
  TILLSIGHT_ASSIGN(const std::string stored, stored_state(db));
  if (stored.empty()) return {};
  TILLSIGHT_ASSIGN(const std::string plain, before.state(journal, stored));
  TILLSIGHT_ASSIGN(auto update, db.prepare("UPDATE counter SET state = ?"));
  return update.bind(protect_state(key, journal, plain, random)).run();
}

Result<std::string> stored_check(sql::Connection& db) {
  TILLSIGHT_ASSIGN(auto find, db.prepare("SELECT personal_key FROM identity"));
  TILLSIGHT_ASSIGN(const bool found, find.step());
  return found ? std::string(find.text(0)) : std::string();
}

Status store_check(sql::Connection& db, const SecretKey& key) {
  TILLSIGHT_ASSIGN(auto update, db.prepare("UPDATE identity SET personal_key = ?"));
  return update.bind(check_value(key)).run();
}

Status convert(sql::Connection& db, const EventIdentity& journal, const SecretKey& key,
               const Before& before, Random& random) {
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db));
  TILLSIGHT_TRY(convert_events(db, journal, key, before, random));
  TILLSIGHT_TRY(convert_state(db, journal, key, before, random));
  // Found under the old key only; they come back with their next visit.
  TILLSIGHT_TRY(db.execute("DELETE FROM customer"));
  TILLSIGHT_TRY(store_check(db, key));
  TILLSIGHT_TRY(all.commit());
  // What stood there in the clear still stands in the log; a reader may keep it a little longer.
  const auto emptied = db.checkpoint(sql::Checkpoint::kTruncate);
  if (!emptied.ok() && emptied.error().code() != Code::kAborted) return emptied.error();
  return {};
}

}  // namespace

std::filesystem::path own_key_file(const std::filesystem::path& journal_file) {
  return journal_file.string() + ".key";
}

std::string check_value(const SecretKey& key) {
  const SecretKey check = key.derive("check");
  return to_hex(std::as_bytes(std::span(check.bytes()))).substr(0, kCheckDigits);
}

std::string protect(const SecretKey& key, const EventIdentity& event, std::string_view personal,
                    Random& random) {
  return personal.empty() ? std::string() : aead::seal(key, personal, place_of(event), random);
}

Result<std::string> reveal(const SecretKey& key, const EventIdentity& event,
                           std::string_view stored) {
  if (stored.empty()) return std::string();
  Result<std::string> personal = aead::open(key, stored, place_of(event));
  if (!personal.ok()) {
    return personal.error().with_context(format("the customer of event {}", to_string(event)));
  }
  return personal;
}

std::string protect_state(const SecretKey& key, const EventIdentity& journal,
                          std::string_view state_json, Random& random) {
  return aead::seal(key, state_json, place_of_state(journal), random);
}

Result<std::string> reveal_state(const SecretKey& key, const EventIdentity& journal,
                                 std::string_view stored) {
  if (stored.empty()) return std::string();
  return aead::open(key, stored, place_of_state(journal));
}

Status expect_nothing_encrypted(sql::Connection& db) {
  TILLSIGHT_ASSIGN(const std::string check, stored_check(db));
  TILLSIGHT_ASSIGN(const auto persons, stored_persons(db));
  TILLSIGHT_ASSIGN(const std::string state, stored_state(db));
  if (check.empty() || (persons.empty() && state.empty())) return {};
  return error(Code::kFailedPrecondition,
               "{}: its customers ({} sale(s) that head office lacks, and the open sale) are under "
               "a key that is not here; restore {}, or the chain's key of keys.chain, or move the "
               "journal away to begin a new one",
               db.file().string(), persons.size(), own_key_file(db.file()).string());
}

Status adopt_key(sql::Connection& db, const EventIdentity& journal, const SecretKey& key,
                 const std::optional<SecretKey>& own, Random& random) {
  TILLSIGHT_ASSIGN(const std::string check, stored_check(db));
  if (check == check_value(key)) return {};
  if (check.empty()) return convert(db, journal, key, Before(nullptr), random);
  if (own && check == check_value(*own)) return convert(db, journal, key, Before(&*own), random);
  TILLSIGHT_TRY(expect_nothing_encrypted(db));
  return convert(db, journal, key, Before(nullptr), random);
}

}  // namespace tillsight::journal
