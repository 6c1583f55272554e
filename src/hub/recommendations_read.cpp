#include "hub/left_out.hpp"
#include "hub/schema_recommend.hpp"
#include "tillsight/hub/recommendations.hpp"

namespace tillsight::hub {

Result<Recommendations> Recommendations::open(const std::filesystem::path& hub_folder) {
  const std::filesystem::path file = hub_folder / kRecommendFile;
  auto opened = sql::Connection::open(file, {.access = sql::Access::kReadOnly});
  if (!opened.ok() && opened.error().code() == Code::kNotFound) {
    return error(Code::kNotFound,
                 "{}: nothing was trained here yet; run 'tillsight recommend train'",
                 hub_folder.string());
  }
  TILLSIGHT_ASSIGN(sql::Connection db, std::move(opened));
  const Status known = sql::expect_schema(db, recommend_schema());
  if (!known.ok()) return known.error();
  TILLSIGHT_ASSIGN(auto any, db.prepare("SELECT 1 FROM model LIMIT 1"));
  TILLSIGHT_ASSIGN(const bool trained, any.step());
  if (trained) return Recommendations(std::move(db));
  return error(Code::kNotFound, "{}: nothing was trained here yet; run 'tillsight recommend train'",
               hub_folder.string());
}

Status attach_recommendations(sql::Connection& db, const std::filesystem::path& hub_folder) {
  // Looked at alone first: what is of another version is told apart from what is not there.
  TILLSIGHT_ASSIGN(const Recommendations alone, Recommendations::open(hub_folder));
  TILLSIGHT_ASSIGN(auto attach, db.prepare("ATTACH ? AS recommend"));
  return attach.bind((hub_folder / kRecommendFile).string()).run();
}

Result<std::vector<ModelFacts>> Recommendations::versions() {
  TILLSIGHT_ASSIGN(
      auto rows, db_.prepare("SELECT version, made_at, title, settings, judged, ndcg20, "
                             "ndcg20_low, ndcg20_high, baseline, baseline_ndcg20, learnt_to, "
                             "cursor, customers, items, in_use FROM model ORDER BY version DESC"));
  std::vector<ModelFacts> versions;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return versions;
    ModelFacts& facts = versions.emplace_back();
    facts.version = rows.integer(0);
    facts.made_at = rows.text(1);
    facts.title = rows.text(2);
    facts.settings = rows.text(3);
    facts.judged = rows.text(4);
    facts.ndcg20 = rows.real(5);
    facts.ndcg20_low = rows.real(6);
    facts.ndcg20_high = rows.real(7);
    facts.baseline = rows.text(8);
    facts.baseline_ndcg20 = rows.real(9);
    facts.learnt_to = rows.text(10);
    facts.cursor = rows.integer(11);
    facts.customers = rows.integer(12);
    facts.items = rows.integer(13);
    facts.in_use = rows.integer(14) != 0;
  }
}

Result<LeftOut> Recommendations::left_out() {
  return read_left_out(db_);
}

Result<bool> Recommendations::knows(std::string_view customer) {
  TILLSIGHT_ASSIGN(auto find, db_.prepare("SELECT 1 FROM recommended WHERE version = (SELECT "
                                          "version FROM model WHERE in_use) AND customer = ?"));
  return find.bind(customer).step();
}

Result<std::vector<Recommended>> Recommendations::of(std::string_view customer, int count) {
  TILLSIGHT_ASSIGN(const bool known, knows(customer));
  TILLSIGHT_ASSIGN(auto rows,
                   db_.prepare("SELECT sku, item, score, coalesce(because, '') FROM "
                               "v_recommended WHERE customer = ? ORDER BY place LIMIT ?"));
  rows.bind(known ? customer : std::string_view(), count);
  std::vector<Recommended> list;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return list;
    list.push_back({std::string(rows.text(0)), std::string(rows.text(1)), rows.real(2),
                    std::string(rows.text(3))});
  }
}

}  // namespace tillsight::hub
