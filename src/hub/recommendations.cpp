#include "tillsight/hub/recommendations.hpp"

#include <algorithm>

#include "hub/folder_lock.hpp"
#include "hub/left_out.hpp"
#include "hub/schema_recommend.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::hub {
namespace {

constexpr std::string_view kLockFile = "recommend.lock";

/// What would be a programming error in the tables.
Status check(const NewModel& model) {
  bool any = false;
  for (const NewModel::List& list : model.lists) {
    if (list.places.size() > kRecommendedMost) {
      return error(Code::kInvalidArgument, "model {}: a list has {} places; at most {} are allowed",
                   model.facts.title, list.places.size(), kRecommendedMost);
    }
    for (const NewModel::Place& place : list.places) {
      const auto items = std::ssize(model.items);
      if (std::cmp_less(place.item, items) && place.because < items) continue;
      return error(Code::kInvalidArgument, "model {}: a list names item {} of {}",
                   model.facts.title, place.item, items);
    }
    any = any || !list.places.empty();
  }
  if (any) return {};
  return error(Code::kInvalidArgument, "model {}: recommends nothing to anybody",
               model.facts.title);
}

Result<std::int64_t> insert_facts(sql::Connection& db, const ModelFacts& facts, UtcTime now) {
  TILLSIGHT_ASSIGN(auto insert,
                   db.prepare("INSERT INTO model (made_at, title, settings, judged, ndcg20, "
                              "ndcg20_low, ndcg20_high, baseline, baseline_ndcg20, learnt_to, "
                              "cursor, customers, items, in_use) VALUES "
                              "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)"));
  insert.bind(to_iso8601(now), facts.title, facts.settings, facts.judged, facts.ndcg20,
              facts.ndcg20_low, facts.ndcg20_high, facts.baseline, facts.baseline_ndcg20,
              facts.learnt_to, facts.cursor, facts.customers, facts.items);
  TILLSIGHT_TRY(insert.run());
  return db.last_insert_id();
}

Status insert_items(sql::Connection& db, std::int64_t version, const NewModel& model) {
  TILLSIGHT_ASSIGN(auto insert, db.prepare("INSERT INTO item VALUES (?, ?, ?, ?, ?)"));
  for (std::size_t i = 0; i < model.items.size(); ++i) {
    const NewModel::Item& item = model.items[i];
    insert.bind(version, static_cast<std::int64_t>(i), item.sku, item.name, item.aisle);
    TILLSIGHT_TRY(insert.run());
  }
  return {};
}

/// Whoever was erased after the training had read their sales is not in them any more.
Result<bool> has_sales(sql::Connection& sales, const std::string& customer) {
  if (customer.empty()) return true;
  TILLSIGHT_ASSIGN(auto find, sales.prepare("SELECT 1 FROM invoice WHERE customer = ? LIMIT 1"));
  return find.bind(customer).step();
}

Status insert_lists(sql::Connection& db, sql::Connection& sales, std::int64_t version,
                    const NewModel& model) {
  TILLSIGHT_ASSIGN(auto insert, db.prepare("INSERT INTO recommended VALUES (?, ?, ?, ?, ?, ?)"));
  for (const NewModel::List& list : model.lists) {
    TILLSIGHT_ASSIGN(const bool known, has_sales(sales, list.customer));
    if (!known) continue;
    int number = 0;
    for (const NewModel::Place& place : list.places) {
      std::optional<std::int64_t> because;
      if (place.because >= 0) because = place.because;
      insert.bind(version, list.customer, ++number, std::int64_t{place.item}, place.score, because);
      TILLSIGHT_TRY(insert.run());
    }
  }
  return {};
}

LeftOut in_order(LeftOut left_out) {
  for (auto* names : {&left_out.aisles, &left_out.items}) {
    std::ranges::sort(*names);
    names->erase(std::ranges::unique(*names).begin(), names->end());
  }
  return left_out;
}

Status forget_old(sql::Connection& db) {
  TILLSIGHT_ASSIGN(
      auto forget,
      db.prepare("DELETE FROM model WHERE version <= "
                 "(SELECT version FROM model ORDER BY version DESC LIMIT 1 OFFSET ?)"));
  return forget.bind(kModelsKept).run();
}

}  // namespace

struct RecommendationStore::Parts {
  std::filesystem::path folder;
  FolderLock lock;
  sql::Connection db;  // goes before the lock does
};

RecommendationStore::RecommendationStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
RecommendationStore::RecommendationStore(RecommendationStore&&) noexcept = default;
RecommendationStore::~RecommendationStore() = default;

Result<RecommendationStore> RecommendationStore::open(const std::filesystem::path& hub_folder,
                                                      WhileOthersWrite others) {
  TILLSIGHT_ASSIGN(FolderLock lock, FolderLock::take_file(hub_folder / kLockFile,
                                                          others == WhileOthersWrite::kWait));
  TILLSIGHT_ASSIGN(sql::Connection db, sql::Connection::open(hub_folder / kRecommendFile));
  TILLSIGHT_TRY(sql::migrate(db, recommend_schema()));
  return RecommendationStore(
      std::make_unique<Parts>(Parts{hub_folder, std::move(lock), std::move(db)}));
}

Result<std::int64_t> RecommendationStore::put_in_use(const NewModel& model, UtcTime now) {
  TILLSIGHT_TRY(check(model));
  TILLSIGHT_ASSIGN(auto sales, open_for_reading(parts_->folder, Persons::kHidden));
  sql::Connection& db = parts_->db;
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db));
  TILLSIGHT_TRY(db.execute("UPDATE model SET in_use = 0 WHERE in_use"));
  TILLSIGHT_ASSIGN(const std::int64_t version, insert_facts(db, model.facts, now));
  TILLSIGHT_TRY(insert_items(db, version, model));
  TILLSIGHT_TRY(insert_lists(db, sales, version, model));
  TILLSIGHT_TRY(forget_old(db));
  if (model.left_out) TILLSIGHT_TRY(write_left_out(db, *model.left_out));
  TILLSIGHT_TRY(all.commit());
  return version;
}

Result<bool> RecommendationStore::leave_out(const LeftOut& left_out) {
  sql::Connection& db = parts_->db;
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db));
  TILLSIGHT_ASSIGN(const LeftOut before, read_left_out(db));
  if (before == in_order(left_out)) return false;
  TILLSIGHT_TRY(write_left_out(db, left_out));
  TILLSIGHT_TRY(all.commit());
  return true;
}

Result<ModelFacts> RecommendationStore::roll_back() {
  sql::Connection& db = parts_->db;
  {
    TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db));
    TILLSIGHT_ASSIGN(auto before, db.prepare("SELECT max(version) FROM model WHERE version < "
                                             "(SELECT version FROM model WHERE in_use)"));
    TILLSIGHT_TRY(before.step());
    if (before.is_null(0)) {
      return error(Code::kFailedPrecondition,
                   "{}: no model before the one in use is kept; 'tillsight recommend show' lists "
                   "them",
                   db.file().string());
    }
    const std::int64_t version = before.integer(0);
    TILLSIGHT_TRY(db.execute("DELETE FROM model WHERE in_use"));
    TILLSIGHT_ASSIGN(auto use, db.prepare("UPDATE model SET in_use = 1 WHERE version = ?"));
    TILLSIGHT_TRY(use.bind(version).run());
    TILLSIGHT_TRY(all.commit());
  }
  TILLSIGHT_ASSIGN(auto reader, Recommendations::open(parts_->folder));
  TILLSIGHT_ASSIGN(const auto versions, reader.versions());
  return versions.front();
}

Status RecommendationStore::erase(std::string_view customer) {
  sql::Connection& db = parts_->db;
  {
    TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db));
    TILLSIGHT_ASSIGN(auto forget, db.prepare("DELETE FROM recommended WHERE customer = ?"));
    TILLSIGHT_TRY(forget.bind(customer).run());
    TILLSIGHT_TRY(all.commit());
  }
  const auto emptied = db.checkpoint(sql::Checkpoint::kTruncate);
  return emptied.ok() ? Status() : Status(emptied.error());
}

}  // namespace tillsight::hub
