#include "tillsight/hub/store.hpp"

#include <algorithm>
#include <set>

#include "hub/access_rows.hpp"
#include "hub/backup_folder.hpp"
#include "hub/folder_lock.hpp"
#include "hub/heartbeats.hpp"
#include "hub/imports.hpp"
#include "hub/journals.hpp"
#include "hub/persons.hpp"
#include "hub/quarantine_rows.hpp"
#include "hub/sales.hpp"
#include "hub/schema.hpp"
#include "hub/sold.hpp"
#include "tillsight/crypto/hash.hpp"
#include "tillsight/hub/recommendations.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::hub {
namespace {

constexpr std::size_t kEpochBytes = 16;
constexpr std::size_t kPseudonymBytes = 16;
constexpr std::uintmax_t kLogBytesMax = 16 * 1024 * 1024;
// Nobody else may write here, and readers lock nothing: whoever does is not worth waiting for.
constexpr sql::Options kWriting{.busy_timeout = std::chrono::milliseconds(100)};
constexpr sql::Options kReading{.access = sql::Access::kReadOnly};

Result<std::string> read_epoch(sql::Connection& db) {
  TILLSIGHT_ASSIGN(auto find, db.prepare("SELECT hub_epoch FROM meta"));
  TILLSIGHT_ASSIGN(const bool found, find.step());
  return found ? std::string(find.text(0)) : std::string();
}

Result<std::string> epoch_of(sql::Connection& db, const Clock& clock, Random& random) {
  TILLSIGHT_ASSIGN(std::string epoch, read_epoch(db));
  if (!epoch.empty()) return epoch;
  epoch = random_hex(random, kEpochBytes);
  TILLSIGHT_ASSIGN(auto insert,
                   db.prepare("INSERT INTO meta (id, hub_epoch, created_at) VALUES (1, ?, ?)"));
  TILLSIGHT_TRY(insert.bind(epoch, to_iso8601(clock.utc_now())).run());
  return epoch;
}

Result<std::set<std::pair<StoreId, TillId>>> load_tills(sql::Connection& db) {
  TILLSIGHT_ASSIGN(auto rows, db.prepare("SELECT store, till FROM till UNION "
                                         "SELECT store, till FROM journal WHERE origin = 'till'"));
  std::set<std::pair<StoreId, TillId>> tills;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return tills;
    tills.emplace(StoreId(std::string(rows.text(0))), TillId(std::string(rows.text(1))));
  }
}

/// A training that reads meanwhile finds the invoices under the new pseudonym, or stores after this
/// and finds none: the old one comes back with neither.
Status erase_recommendations(const std::filesystem::path& folder, std::string_view customer) {
  if (!std::filesystem::exists(folder / kRecommendFile)) return {};
  TILLSIGHT_ASSIGN(auto store, RecommendationStore::open(folder, WhileOthersWrite::kGiveUp));
  return store.erase(customer);
}

JournalId journal_of(const EventIdentity& identity) {
  return {identity.store, identity.till, identity.incarnation};
}

Error with_remedy(const Error& failure) {
  if (failure.code() != Code::kDataLoss) return failure;
  return error(Code::kDataLoss,
               "{} with 'tillsight hub restore'; the tills send again what is newer",
               failure.message());
}

Error no_database(const std::filesystem::path& folder) {
  return error(Code::kNotFound,
               "{}: holds no head-office database; start 'tillsight hub' once, or name its data "
               "folder with --data",
               folder.string());
}

}  // namespace

struct HubStore::Parts {
  FolderLock lock;
  PersonStore persons;
  sql::Connection sales;
  std::string epoch;
  Journals journals;
  std::set<std::pair<StoreId, TillId>> tills;
  std::optional<Error> damaged = {};
  std::int64_t last_looked_at = 0;  ///< row of the person at whom erase_absent() looked last

  static Result<std::unique_ptr<Parts>> open(FolderLock lock, const std::filesystem::path& folder,
                                             const Clock& clock, Random& random,
                                             const std::optional<SecretKey>& chain_key);
  Result<Written> write(std::span<const Arrival> batch);
  Result<std::vector<ImportOutcome>> import(std::span<const ImportedInvoice> batch, UtcTime at);
  Result<bool> holds(const Delivered& delivered);
  Result<ErasedPerson> erase_customer(std::string_view phone, Random& random);
  Result<ErasedPerson> erase(std::string_view phone, Random& random);
  Status empty_logs();
  Result<bool> absent_since(std::string_view day, std::string_view phone);
  Result<int> erase_absent(std::string_view day, int count, Random& random);
  Status keep(const Arrival& arrival, const std::optional<PersonRef>& person,
              JournalChanges& changes, SalesSums& sums, Written& written);
};

Status HubStore::Parts::keep(const Arrival& arrival, const std::optional<PersonRef>& person,
                             JournalChanges& changes, SalesSums& sums, Written& written) {
  const std::string now = to_iso8601(arrival.at);
  if (const auto* delivered = std::get_if<Delivered>(&arrival.what)) {
    const EventIdentity& identity = delivered->event.identity;
    TILLSIGHT_ASSIGN(Journal* const journal, changes.change(journal_of(identity), now));
    const Digest digest = hash(delivered->event);
    TILLSIGHT_ASSIGN(const Kept kept,
                     keep_event(sales, sums, journal->row, *delivered, digest, person, now));
    written.stored += kept == Kept::kNew;
    written.duplicates += kept == Kept::kDuplicate;
    written.conflicts += kept == Kept::kConflict;
    journal->duplicates += kept == Kept::kDuplicate;
    if (kept == Kept::kNew) follow(*journal, identity.sequence, delivered->previous, digest);
    mark_stored(journal->state, identity.sequence);
  } else if (const auto* refused = std::get_if<Refused>(&arrival.what)) {
    ++written.refused;
    if (!refused->held) return {};
    TILLSIGHT_ASSIGN(Journal* const journal, changes.change(journal_of(*refused->held), now));
    mark_held(journal->state, refused->held->sequence);
  } else {
    const auto& heartbeat = std::get<Heartbeat>(arrival.what);
    TILLSIGHT_TRY(keep_heartbeat(sales, heartbeat, now));
    const JournalId id{heartbeat.store, heartbeat.till, heartbeat.status.incarnation};
    TILLSIGHT_ASSIGN(Journal* const journal, changes.change(id, now));
    // A will was written when its connection began, so it may be behind.
    journal->state.last_committed =
        std::max(journal->state.last_committed, heartbeat.status.last_committed);
  }
  return {};
}

Result<Written> HubStore::Parts::write(std::span<const Arrival> batch) {
  // Two write-ahead logs do not commit together. Persons go first: if the power fails in between,
  // nothing was acknowledged, the tills send again, and this finds the persons already there.
  const auto is_here = [this](const Delivered& delivered) { return holds(delivered); };
  TILLSIGHT_ASSIGN(const auto refs, persons.remember(batch, is_here));
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(sales));
  JournalChanges changes(sales, journals);
  SalesSums sums(sales);
  Written written;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    TILLSIGHT_TRY(keep(batch[i], refs[i], changes, sums, written));
  }
  TILLSIGHT_TRY(sums.save());
  TILLSIGHT_ASSIGN(written.chain_breaks, changes.save(to_iso8601(batch.back().at)));
  TILLSIGHT_TRY(all.commit());
  written.touched = changes.ids();
  for (const JournalId& id : written.touched) tills.emplace(id.store, id.till);
  std::move(changes).publish(journals);
  return written;
}

Result<std::vector<ImportOutcome>> HubStore::Parts::import(std::span<const ImportedInvoice> batch,
                                                           UtcTime at) {
  // Persons go first, as in write(); who was erased since does not come back with an old invoice.
  std::vector<const Customer*> customers;
  for (const ImportedInvoice& imported : batch) {
    const auto& customer = imported.invoice.customer;
    TILLSIGHT_ASSIGN(const auto here, find_import(sales, imported));
    customers.push_back(customer && !here ? &*customer : nullptr);
  }
  TILLSIGHT_ASSIGN(const auto refs, persons.remember(customers));
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(sales));
  ImportRows rows(sales, to_iso8601(at));
  std::vector<ImportOutcome> outcomes;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    TILLSIGHT_ASSIGN(const ImportOutcome outcome, rows.add(batch[i], refs[i]));
    outcomes.push_back(outcome);
  }
  TILLSIGHT_TRY(rows.save());
  TILLSIGHT_TRY(all.commit());
  return outcomes;
}

Result<bool> HubStore::Parts::holds(const Delivered& delivered) {
  const auto found = journals.find(journal_of(delivered.event.identity));
  if (found == journals.end()) return false;
  if (!found->second.state.have.contains(delivered.event.identity.sequence)) return false;
  return holds_event(sales, found->second.row, delivered.event);
}

Result<ErasedPerson> HubStore::Parts::erase_customer(std::string_view phone, Random& random) {
  TILLSIGHT_ASSIGN(const ErasedPerson erased, erase(phone, random));
  TILLSIGHT_TRY(empty_logs());
  return erased;
}

Result<ErasedPerson> HubStore::Parts::erase(std::string_view phone, Random& random) {
  // Both parts may be done again: who repeats a call that failed half-way gets the rest.
  TILLSIGHT_ASSIGN(const PersonStore::Erased erased, persons.erase(phone));
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(sales));
  TILLSIGHT_ASSIGN(
      const std::int64_t invoices,
      rename_customer(sales, persons.pseudonym_of(phone), random_hex(random, kPseudonymBytes)));
  TILLSIGHT_TRY(all.commit());
  TILLSIGHT_TRY(erase_recommendations(sales.file().parent_path(), persons.pseudonym_of(phone)));
  return ErasedPerson{erased.persons, invoices, erased.quarantined};
}

Status HubStore::Parts::empty_logs() {
  TILLSIGHT_TRY(persons.empty_log());
  const auto emptied = sales.checkpoint(sql::Checkpoint::kTruncate);
  return emptied.ok() ? Status() : Status(emptied.error());
}

Result<bool> HubStore::Parts::absent_since(std::string_view day, std::string_view phone) {
  TILLSIGHT_ASSIGN(auto came, sales.prepare("SELECT 1 FROM invoice WHERE customer = ? AND "
                                            "business_date >= ? LIMIT 1"));
  TILLSIGHT_ASSIGN(const bool found, came.bind(persons.pseudonym_of(phone), day).step());
  return !found;
}

Result<int> HubStore::Parts::erase_absent(std::string_view day, int count, Random& random) {
  TILLSIGHT_ASSIGN(const PersonStore::Some next, persons.some(last_looked_at, count));
  int erased = 0;
  for (const std::string& phone : next.phones) {
    TILLSIGHT_ASSIGN(const bool absent, absent_since(day, phone));
    if (!absent) continue;
    TILLSIGHT_ASSIGN(const ErasedPerson one, erase(phone, random));
    erased += one.names > 0 ? 1 : 0;
  }
  last_looked_at = std::ssize(next.phones) < count ? 0 : next.last;
  if (erased > 0) TILLSIGHT_TRY(empty_logs());
  return erased;
}

HubStore::HubStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
HubStore::HubStore(HubStore&&) noexcept = default;
HubStore& HubStore::operator=(HubStore&&) noexcept = default;
HubStore::~HubStore() = default;

Result<HubStore> HubStore::open(const std::filesystem::path& folder, const Clock& clock,
                                Random& random, const std::optional<SecretKey>& chain_key) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) {
    return error(Code::kFailedPrecondition,
                 "{}: cannot be created: {}; choose a folder of this "
                 "user's with [hub] data",
                 folder.string(), failure.message());
  }
  TILLSIGHT_ASSIGN(FolderLock lock, FolderLock::take(folder));
  if (std::filesystem::exists(folder / kRestoring, failure)) {
    return error(Code::kFailedPrecondition,
                 "{}: a restore did not finish here; run 'tillsight hub restore' again",
                 folder.string());
  }
  auto parts = Parts::open(std::move(lock), folder, clock, random, chain_key);
  if (!parts.ok()) return with_remedy(parts.error());
  return HubStore(std::move(parts).value());
}

Result<std::unique_ptr<HubStore::Parts>> HubStore::Parts::open(
    FolderLock lock, const std::filesystem::path& folder, const Clock& clock, Random& random,
    const std::optional<SecretKey>& chain_key) {
  TILLSIGHT_ASSIGN(PersonStore persons, PersonStore::open(folder, chain_key, random));
  TILLSIGHT_ASSIGN(sql::Connection sales, sql::Connection::open(folder / kSalesFile, kWriting));
  TILLSIGHT_TRY(sql::migrate(sales, sales_schema()));
  TILLSIGHT_ASSIGN(std::string epoch, epoch_of(sales, clock, random));
  TILLSIGHT_ASSIGN(Journals journals, load_journals(sales));
  TILLSIGHT_ASSIGN(auto tills, load_tills(sales));
  return std::make_unique<Parts>(Parts{std::move(lock), std::move(persons), std::move(sales),
                                       std::move(epoch), std::move(journals), std::move(tills)});
}

const std::string& HubStore::epoch() const {
  return parts_->epoch;
}

Result<Written> HubStore::write(std::span<const Arrival> batch) {
  if (parts_->damaged) return *parts_->damaged;
  if (batch.empty()) return Written();
  Result<Written> written = parts_->write(batch);
  if (!written.ok() && written.error().code() == Code::kDataLoss) {
    parts_->damaged = with_remedy(written.error());
    return *parts_->damaged;
  }
  return written;
}

Result<std::vector<ImportOutcome>> HubStore::import(std::span<const ImportedInvoice> batch,
                                                    UtcTime at) {
  if (parts_->damaged) return *parts_->damaged;
  auto outcomes = parts_->import(batch, at);
  if (!outcomes.ok() && outcomes.error().code() == Code::kDataLoss) {
    parts_->damaged = with_remedy(outcomes.error());
    return *parts_->damaged;
  }
  return outcomes;
}

Status HubStore::shorten_logs() {
  for (sql::Connection* const db : {&parts_->sales, &parts_->persons.db()}) {
    const std::filesystem::path log = db->file().string() + "-wal";
    std::error_code none;
    const auto bytes = std::filesystem::file_size(log, none);
    if (none || bytes <= kLogBytesMax) continue;
    if (db->checkpoint(sql::Checkpoint::kTruncate).ok()) continue;
    return error(Code::kAborted,
                 "{}: has {} MiB, because somebody has been reading {} for long; end that program, "
                 "or the disk fills",
                 log.string(), bytes / (1024 * 1024), db->file().filename().string());
  }
  return {};
}

Result<ErasedPerson> HubStore::erase_customer(std::string_view phone, Random& random) {
  if (parts_->damaged) return *parts_->damaged;
  return parts_->erase_customer(phone, random);
}

Result<int> HubStore::erase_absent(std::string_view day, int count, Random& random) {
  if (parts_->damaged) return *parts_->damaged;
  return parts_->erase_absent(day, count, random);
}

Result<std::optional<Customer>> HubStore::customer_for(const Asker& asker, std::string_view phone,
                                                       UtcTime at) {
  if (parts_->damaged) return *parts_->damaged;
  TILLSIGHT_ASSIGN(auto customer, parts_->persons.customer(phone));
  TILLSIGHT_TRY(
      parts_->persons.note_question(asker.store, asker.till, "customer", customer.has_value(), at));
  return customer;
}

Result<std::vector<Sku>> HubStore::may_want(std::string_view phone) const {
  std::vector<Sku> skus;
  const std::filesystem::path folder = parts_->sales.file().parent_path();
  if (!std::filesystem::exists(folder / kRecommendFile)) return skus;
  TILLSIGHT_ASSIGN(auto recommendations, Recommendations::open(folder));
  const std::string customer = parts_->persons.pseudonym_of(phone);
  TILLSIGHT_ASSIGN(const bool known, recommendations.knows(customer));
  if (!known) return skus;
  TILLSIGHT_ASSIGN(const auto list, recommendations.of(customer, kRecommendedMost));
  for (const Recommended& one : list) {
    // Imported history may name what no till could.
    if (auto sku = parse_sku(one.sku); sku.ok()) skus.push_back(*std::move(sku));
  }
  return skus;
}

Result<std::optional<answer::Sale>> HubStore::sale_for(const Asker& asker,
                                                       const question::AboutInvoice& about,
                                                       UtcTime at) {
  if (parts_->damaged) return *parts_->damaged;
  const JournalId journal{asker.store, asker.till, about.asker};
  TILLSIGHT_ASSIGN(auto sale, find_sale(parts_->sales, journal, about.number));
  TILLSIGHT_TRY(
      parts_->persons.note_question(asker.store, asker.till, "invoice", sale.has_value(), at));
  return sale;
}

Result<std::vector<Quarantined>> HubStore::quarantined(std::int64_t after,
                                                       std::optional<std::int64_t> id,
                                                       int count_max) {
  return quarantined_rows(parts_->persons.db(), after, id, count_max);
}

Status HubStore::settle_replayed(std::int64_t id, const Decision& decision, UtcTime at) {
  return settle_row(parts_->persons.db(), id, "replayed", decision, at);
}

Status HubStore::settle_dropped(std::int64_t id, const Decision& decision, UtcTime at) {
  return settle_row(parts_->persons.db(), id, "dropped", decision, at);
}

Status HubStore::add_token(const NewToken& token, UtcTime at) {
  return add_token_row(parts_->persons.db(), token, at);
}

Status HubStore::revoke_token(std::string_view name, std::string_view who, UtcTime at) {
  return revoke_token_row(parts_->persons.db(), name, who, at);
}

Status HubStore::mark_token_used(std::int64_t id, UtcTime at) {
  return hub::mark_token_used(parts_->persons.db(), id, at);
}

Status HubStore::record_person_read(std::string_view who, std::string_view what, UtcTime at) {
  return add_person_read(parts_->persons.db(), who, what, at);
}

JournalState HubStore::state(const JournalId& journal) const {
  const auto found = parts_->journals.find(journal);
  return found == parts_->journals.end() ? JournalState() : found->second.state;
}

std::vector<Gap> HubStore::gaps() const {
  std::vector<Gap> gaps;
  for (const auto& [id, journal] : parts_->journals) {
    for (const OpenGap& gap : journal.gaps) gaps.push_back({id, {gap.first, gap.last}, gap.since});
  }
  return gaps;
}

int HubStore::tills() const {
  return std::max(1, static_cast<int>(parts_->tills.size()));
}

Result<sql::Connection> open_for_reading(const std::filesystem::path& folder, Persons persons) {
  auto opened = sql::Connection::open(folder / kSalesFile, kReading);
  if (!opened.ok() && opened.error().code() == Code::kNotFound) return no_database(folder);
  TILLSIGHT_ASSIGN(sql::Connection sales, std::move(opened));
  TILLSIGHT_TRY(sql::expect_schema(sales, sales_schema()));
  if (persons == Persons::kHidden) return sales;
  const std::filesystem::path file = folder / kPersonsFile;
  {
    TILLSIGHT_ASSIGN(sql::Connection alone, sql::Connection::open(file, kReading));
    TILLSIGHT_TRY(sql::expect_schema(alone, persons_schema()));
  }
  TILLSIGHT_ASSIGN(auto attach, sales.prepare("ATTACH ? AS persons"));
  TILLSIGHT_TRY(attach.bind(file.string()).run());
  return sales;
}

}  // namespace tillsight::hub
