#include "hub/persons.hpp"

#include "hub/schema.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/crypto/hash.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::hub {
namespace {

constexpr std::string_view kKeyFile = "customer.key";
constexpr std::size_t kKeyBytes = 32;
// 128 bits: two phones share a pseudonym in no shop that will ever be.
constexpr std::size_t kPseudonymDigits = 32;

Result<bool> holds_persons(sql::Connection& db) {
  TILLSIGHT_ASSIGN(auto any, db.prepare("SELECT 1 FROM person LIMIT 1"));
  return any.step();
}

Result<std::string> read_key(const std::filesystem::path& file) {
  TILLSIGHT_ASSIGN(const std::string text, read_file(file));
  const Result<Digest> key = digest_from_hex(std::string_view(text).substr(0, 2 * kKeyBytes));
  if (key.ok()) return text.substr(0, 2 * kKeyBytes);
  return error(Code::kFailedPrecondition,
               "{}: does not hold 64 hexadecimal digits; restore it from a backup", file.string());
}

Result<std::string> load_or_make_key(const std::filesystem::path& file, sql::Connection& db,
                                     Random& random) {
  if (std::filesystem::exists(file)) return read_key(file);
  TILLSIGHT_ASSIGN(const bool in_use, holds_persons(db));
  if (in_use) {
    return error(Code::kFailedPrecondition,
                 "{}: the key of the customers' pseudonyms is missing; restore it from a backup, "
                 "with a new one every customer would be a stranger",
                 file.string());
  }
  const std::string key = random_hex(random, kKeyBytes);
  TILLSIGHT_TRY(write_file_atomically(file, key + "\n"));
  log::info("hub: made {}; back it up together with the databases", file.string());
  return key;
}

/// \return the customer of an arrival, null if it has none.
const Customer* customer_of(const Arrival& arrival) {
  const auto* delivered = std::get_if<Delivered>(&arrival.what);
  if (delivered == nullptr || !delivered->opened || !delivered->opened->invoice.customer) {
    return nullptr;
  }
  return &*delivered->opened->invoice.customer;
}

}  // namespace

Result<PersonStore> PersonStore::open(const std::filesystem::path& folder, Random& random) {
  TILLSIGHT_ASSIGN(sql::Connection db, sql::Connection::open(folder / kPersonsFile));
  TILLSIGHT_TRY(sql::migrate(db, persons_schema()));
  TILLSIGHT_ASSIGN(std::string key, load_or_make_key(folder / kKeyFile, db, random));
  return PersonStore(std::move(db), std::move(key));
}

Result<std::vector<std::optional<PersonRef>>> PersonStore::remember(
    std::span<const Arrival> batch) {
  std::vector<std::optional<PersonRef>> persons;
  persons.reserve(batch.size());
  // Most batches bring nobody new and nothing refused; they then cost no commit here.
  std::optional<sql::Transaction> all;
  const auto begin = [&]() -> Status {
    if (all) return {};
    TILLSIGHT_ASSIGN(sql::Transaction begun, sql::Transaction::begin(db_));
    all.emplace(std::move(begun));
    return {};
  };
  for (const Arrival& arrival : batch) {
    std::optional<PersonRef>& person = persons.emplace_back();
    if (const auto* refused = std::get_if<Refused>(&arrival.what)) {
      TILLSIGHT_TRY(begin());
      TILLSIGHT_TRY(quarantine(*refused, arrival.at));
    } else if (const Customer* customer = customer_of(arrival)) {
      TILLSIGHT_ASSIGN(person, find(*customer));
      if (person->id != 0) continue;
      TILLSIGHT_TRY(begin());
      TILLSIGHT_TRY(add(*customer, *person));
    }
  }
  if (all) TILLSIGHT_TRY(all->commit());
  return persons;
}

Result<PersonRef> PersonStore::find(const Customer& customer) {
  PersonRef person;
  person.pseudonym = to_hex(hmac_sha256(key_, customer.phone)).substr(0, kPseudonymDigits);
  TILLSIGHT_ASSIGN(auto find, db_.prepare("SELECT id FROM person WHERE pseudonym = ? AND "
                                          "first_name = ? AND last_name = ?"));
  find.bind(person.pseudonym, customer.first_name, customer.last_name);
  TILLSIGHT_ASSIGN(const bool found, find.step());
  if (found) person.id = find.integer(0);
  return person;
}

Status PersonStore::add(const Customer& customer, PersonRef& person) {
  TILLSIGHT_ASSIGN(auto insert,
                   db_.prepare("INSERT INTO person (pseudonym, first_name, last_name, phone) "
                               "VALUES (?, ?, ?, ?)"));
  insert.bind(person.pseudonym, customer.first_name, customer.last_name, customer.phone);
  TILLSIGHT_TRY(insert.run());
  person.id = db_.last_insert_id();
  return {};
}

Status PersonStore::quarantine(const Refused& refused, UtcTime at) {
  // A till may send the same bytes for weeks: they stand here once, counted.
  TILLSIGHT_ASSIGN(auto insert,
                   db_.prepare("INSERT INTO quarantine (received_at, topic, reason, raw, raw_hash, "
                               "last_received_at, store, till, incarnation, sequence) "
                               "VALUES (?1, ?2, ?3, ?4, ?5, ?1, ?6, ?7, ?8, ?9) "
                               "ON CONFLICT (topic, raw_hash) DO UPDATE SET times = times + 1, "
                               "last_received_at = excluded.last_received_at"));
  const Digest raw_hash = sha256(refused.raw);
  const auto raw = std::as_bytes(std::span(refused.raw));
  const std::string now = to_iso8601(at);
  if (const auto& id = refused.held) {
    insert.bind(now, refused.topic, refused.reason, raw, std::span(raw_hash), id->store.value(),
                id->till.value(), id->incarnation.value(), id->sequence.value());
  } else {
    insert.bind(now, refused.topic, refused.reason, raw, std::span(raw_hash));
  }
  return insert.run();
}

}  // namespace tillsight::hub
