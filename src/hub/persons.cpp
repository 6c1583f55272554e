#include "hub/persons.hpp"

#include "hub/quarantine_rows.hpp"
#include "hub/schema.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/crypto/hash.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::hub {
namespace {

constexpr std::chrono::days kQuestionsKept{400};

Result<bool> holds_persons(sql::Connection& db) {
  TILLSIGHT_ASSIGN(auto any, db.prepare("SELECT 1 FROM person LIMIT 1"));
  return any.step();
}

/// The folder's own key.
Result<SecretKey> own_key(const std::filesystem::path& file, sql::Connection& db, Random& random) {
  const bool is_new = !std::filesystem::exists(file);
  TILLSIGHT_ASSIGN(const bool in_use, holds_persons(db));
  if (is_new && in_use) {
    return error(Code::kFailedPrecondition,
                 "{}: the key of the customers' pseudonyms is missing; restore it from a backup, "
                 "with a new one every customer would be a stranger",
                 file.string());
  }
  TILLSIGHT_ASSIGN(SecretKey key, load_or_make_key(file, random));
  if (is_new) log::info("hub: made {}; back it up together with the databases", file.string());
  return key;
}

/// Any person shows whether the pseudonyms are this key's.
Status check_key(sql::Connection& db, const SecretKey& key) {
  TILLSIGHT_ASSIGN(auto any, db.prepare("SELECT phone, pseudonym FROM person LIMIT 1"));
  TILLSIGHT_ASSIGN(const bool found, any.step());
  if (!found || pseudonym(key, any.text(0)) == any.text(1)) return {};
  return error(Code::kFailedPrecondition,
               "{}: the customers' pseudonyms are of another key, and with this one every customer "
               "would be a stranger; give the hub the key that it had, {}, as the chain's",
               db.file().string(), kKeyFile);
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

Result<PersonStore> PersonStore::open(const std::filesystem::path& folder,
                                      const std::optional<SecretKey>& chain_key, Random& random) {
  TILLSIGHT_ASSIGN(sql::Connection db, sql::Connection::open(folder / kPersonsFile));
  TILLSIGHT_TRY(sql::migrate(db, persons_schema()));
  std::optional<SecretKey> key = chain_key;
  if (!key) {
    TILLSIGHT_ASSIGN(key, own_key(folder / kKeyFile, db, random));
  }
  TILLSIGHT_TRY(check_key(db, *key));
  return PersonStore(std::move(db), *key);
}

Result<std::vector<std::optional<PersonRef>>> PersonStore::remember(
    std::span<const Arrival> batch, const std::function<Result<bool>(const Delivered&)>& is_here) {
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
      TILLSIGHT_TRY(keep_refused(db_, *refused, arrival.at));
    } else if (const Customer* customer = customer_of(arrival)) {
      TILLSIGHT_ASSIGN(const bool known, is_here(std::get<Delivered>(arrival.what)));
      if (known) continue;
      TILLSIGHT_ASSIGN(person, find(*customer));
      if (person->id != 0) continue;
      TILLSIGHT_TRY(begin());
      TILLSIGHT_TRY(add(*customer, *person));
    }
  }
  if (all) TILLSIGHT_TRY(all->commit());
  return persons;
}

Result<std::vector<std::optional<PersonRef>>> PersonStore::remember(
    std::span<const Customer* const> customers) {
  std::vector<std::optional<PersonRef>> persons(customers.size());
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db_));
  bool changed = false;
  for (std::size_t i = 0; i < customers.size(); ++i) {
    if (customers[i] == nullptr) continue;
    TILLSIGHT_ASSIGN(persons[i], find(*customers[i]));
    if (persons[i]->id != 0) continue;
    TILLSIGHT_TRY(add(*customers[i], *persons[i]));
    changed = true;
  }
  if (changed) TILLSIGHT_TRY(all.commit());
  return persons;
}

Result<PersonRef> PersonStore::find(const Customer& customer) {
  PersonRef person;
  person.pseudonym = pseudonym_of(customer.phone);
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

Result<std::optional<Customer>> PersonStore::customer(std::string_view phone) {
  TILLSIGHT_ASSIGN(auto find, db_.prepare("SELECT first_name, last_name, phone FROM person WHERE "
                                          "pseudonym = ? ORDER BY id DESC LIMIT 1"));
  TILLSIGHT_ASSIGN(const bool found, find.bind(pseudonym_of(phone)).step());
  if (!found) return std::optional<Customer>();
  return std::optional(
      Customer{std::string(find.text(0)), std::string(find.text(1)), std::string(find.text(2))});
}

Status PersonStore::note_question(const StoreId& store, const TillId& till, std::string_view kind,
                                  bool known, UtcTime at) {
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db_));
  TILLSIGHT_ASSIGN(auto insert, db_.prepare("INSERT INTO question (at, store, till, kind, known) "
                                            "VALUES (?, ?, ?, ?, ?)"));
  insert.bind(to_iso8601(at), store.value(), till.value(), kind, int{known});
  TILLSIGHT_TRY(insert.run());
  // A few at a time: more go than come, and nobody waits for a year's worth.
  TILLSIGHT_ASSIGN(auto forget,
                   db_.prepare("DELETE FROM question WHERE id IN "
                               "(SELECT id FROM question ORDER BY id LIMIT 10) AND at < ?"));
  TILLSIGHT_TRY(forget.bind(to_iso8601(at - kQuestionsKept)).run());
  return all.commit();
}

Result<PersonStore::Erased> PersonStore::erase(std::string_view phone) {
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db_));
  Erased erased;
  TILLSIGHT_ASSIGN(auto forget, db_.prepare("DELETE FROM person WHERE pseudonym = ?"));
  TILLSIGHT_TRY(forget.bind(pseudonym_of(phone)).run());
  erased.persons = db_.changes();
  TILLSIGHT_ASSIGN(erased.quarantined, erase_quarantined(phone));
  TILLSIGHT_TRY(all.commit());
  return erased;
}

/// \pre a transaction is open
Result<std::int64_t> PersonStore::erase_quarantined(std::string_view phone) {
  TILLSIGHT_ASSIGN(auto rows, db_.prepare("SELECT id, CAST(raw AS TEXT) FROM quarantine "
                                          "WHERE instr(raw, CAST(? AS BLOB)) > 0"));
  rows.bind(phone);
  std::vector<std::pair<std::int64_t, std::string>> nameless;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) break;
    std::string rest = without_person(rows.text(1));
    // Bytes that are no event are not worth a person.
    if (rest.find(phone) != std::string::npos) rest.clear();
    nameless.emplace_back(rows.integer(0), std::move(rest));
  }
  TILLSIGHT_ASSIGN(auto update, db_.prepare("UPDATE quarantine SET raw = ? WHERE id = ?"));
  for (const auto& [id, raw] : nameless) {
    TILLSIGHT_TRY(update.bind(std::as_bytes(std::span(raw)), id).run());
  }
  return std::ssize(nameless);
}

Result<PersonStore::Some> PersonStore::some(std::int64_t after, int count) {
  TILLSIGHT_ASSIGN(auto rows, db_.prepare("SELECT id, phone FROM person WHERE id > ? ORDER BY id "
                                          "LIMIT ?"));
  rows.bind(after, count);
  Some some{{}, after};
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return some;
    some.last = rows.integer(0);
    some.phones.emplace_back(rows.text(1));
  }
}

Status PersonStore::empty_log() {
  const auto emptied = db_.checkpoint(sql::Checkpoint::kTruncate);
  return emptied.ok() ? Status() : Status(emptied.error());
}

}  // namespace tillsight::hub
