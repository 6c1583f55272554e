#include "tillsight/als/use.hpp"

#include <algorithm>
#include <set>

#include "tillsight/als/top.hpp"
#include "tillsight/core/time_zone.hpp"

namespace tillsight::als {
namespace {

/// So many reasons are looked at for one that may be named.
constexpr std::size_t kReasons = 10;

std::string_view text_of(Judged judged) {
  return judged == Judged::kAll ? "all" : "new";
}

hub::ModelFacts facts_of(const Interactions& interactions, const Table& table, const Row& row) {
  const Row& baseline = table.best_baseline();
  const Interval judged = row.judgement.interval(Metric::kNdcg20);
  const std::chrono::sys_days last{std::chrono::days(interactions.purchases.back().day)};
  hub::ModelFacts facts;
  facts.title = title(row.recipe);
  facts.settings = settings(row.recipe);
  facts.judged = text_of(table.judged);
  facts.ndcg20 = judged.mean;
  facts.ndcg20_low = judged.low;
  facts.ndcg20_high = judged.high;
  facts.baseline = title(baseline.recipe);
  facts.baseline_ndcg20 = baseline.judgement.mean(Metric::kNdcg20);
  facts.learnt_to = to_string(std::chrono::year_month_day(last));
  facts.cursor = interactions.cursor;
  facts.customers = std::ssize(interactions.customers);
  facts.items = std::ssize(interactions.items);
  return facts;
}

/// One byte an item, 0: left out.
std::vector<std::uint8_t> allowed_items(const Interactions& interactions,
                                        const hub::LeftOut& left_out) {
  const std::set<std::string> skus(left_out.items.begin(), left_out.items.end());
  const std::set<std::string> aisles(left_out.aisles.begin(), left_out.aisles.end());
  std::vector<std::uint8_t> allowed;
  for (const Item& item : interactions.items) {
    allowed.push_back(skus.contains(item.sku) || aisles.contains(item.aisle) ? 0 : 1);
  }
  return allowed;
}

hub::NewModel::List for_strangers(const Trained& popular, std::span<const std::uint8_t> allowed) {
  hub::NewModel::List list;
  const std::vector<std::uint32_t> anybody = {0};
  TopFilter filter;
  filter.allowed = allowed;
  const TopLists lists = top(popular.model(), anybody, hub::kRecommendedMost, filter);
  for (const Ranked& ranked : lists.list(0)) list.places.push_back({ranked.item, ranked.score, -1});
  return list;
}

/// \return the item that speaks most for `item`, of those that may be named; -1: none.
std::int64_t because(const Trained& trained, std::uint32_t customer, std::uint32_t item,
                     std::span<const std::uint8_t> allowed) {
  for (const Reason& reason : trained.reasons(customer, item, kReasons)) {
    if (allowed[reason.item] != 0) return std::int64_t{reason.item};
  }
  return -1;
}

void add_lists(const Interactions& interactions, const Trained& trained, Judged judged,
               std::span<const std::uint8_t> allowed, hub::NewModel& model) {
  std::vector<std::uint32_t> customers;
  for (std::uint32_t customer = 0; customer < trained.bought().rows(); ++customer) {
    if (trained.bought().row(customer).size() > 0) customers.push_back(customer);
  }
  TopFilter filter;
  filter.allowed = allowed;
  if (judged == Judged::kNew) filter.bought = &trained.bought();
  const TopLists lists = top(trained.model(), customers, hub::kRecommendedMost, filter);
  for (std::size_t i = 0; i < customers.size(); ++i) {
    hub::NewModel::List& list = model.lists.emplace_back();
    list.customer = interactions.customers[customers[i]];
    for (const Ranked& ranked : lists.list(i)) {
      list.places.push_back(
          {ranked.item, ranked.score, because(trained, customers[i], ranked.item, allowed)});
    }
  }
}

bool is(const Recipe& recipe, const Incumbent& incumbent) {
  return title(recipe) == incumbent.title && settings(recipe) == incumbent.settings;
}

struct Known {
  std::optional<Incumbent> incumbent;
  hub::LeftOut left_out{};
};

/// What head office has in use, if it has.
Result<Known> known_before(const std::filesystem::path& hub_folder) {
  if (!std::filesystem::exists(hub_folder / hub::kRecommendFile)) return Known();
  // A file of an older Tillsight is brought forward by who writes.
  const auto writer = hub::RecommendationStore::open(hub_folder);
  if (!writer.ok()) return writer.error();
  auto reader = hub::Recommendations::open(hub_folder);
  if (!reader.ok() && reader.error().code() == Code::kNotFound) return Known();
  if (!reader.ok()) return reader.error();
  Known known;
  TILLSIGHT_ASSIGN(const auto versions, reader->versions());
  const auto in_use = std::ranges::find_if(versions, &hub::ModelFacts::in_use);
  if (in_use != versions.end()) {
    const Judged judged = in_use->judged == text_of(Judged::kAll) ? Judged::kAll : Judged::kNew;
    known.incumbent = Incumbent{judged, in_use->title, in_use->settings};
  }
  TILLSIGHT_ASSIGN(known.left_out, reader->left_out());
  return known;
}

Result<const Table*> table_of(const Contest& contest, Judged judged) {
  const auto table = std::ranges::find(contest.tables, judged, &Table::judged);
  if (table != contest.tables.end()) return &*table;
  return error(Code::kFailedPrecondition,
               "recommend: nobody bought anything new on the days that judge; without "
               "new items only, what is bought again can be recommended");
}

std::string why_kept(const Row& row, const Row& winner) {
  if (is(row.recipe, {Judged::kAll, title(winner.recipe), settings(winner.recipe)})) return "";
  return format(
      "{} ({}) stays in use, with NDCG@20 {:.4f} on the test days: {} has {:.4f} there, though the "
      "validation days chose it",
      title(row.recipe), settings(row.recipe), row.judgement.mean(Metric::kNdcg20),
      title(winner.recipe), winner.judgement.mean(Metric::kNdcg20));
}

}  // namespace

Result<Row> row_for_use(const Interactions& interactions, const Contest& contest,
                        const Table& table, const std::vector<Recipe>& recipes,
                        const std::optional<Incumbent>& incumbent) {
  const Row& winner = table.winner();
  if (!incumbent || incumbent->judged != table.judged || is(winner.recipe, *incumbent)) {
    return winner;
  }
  const auto recipe =
      std::ranges::find_if(recipes, [&](const Recipe& one) { return is(one, *incumbent); });
  if (recipe == recipes.end() || !contest.days) return winner;
  auto beside = judge_beside(table, *contest.days, *recipe, interactions);
  if (!beside.ok()) {
    const Code code = beside.error().code();
    if (code == Code::kResourceExhausted || code == Code::kInvalidArgument) return winner;
    return beside.error();
  }
  const bool worse =
      winner.judgement.mean(Metric::kNdcg20) < beside->judgement.mean(Metric::kNdcg20);
  if (worse) return beside;
  return winner;
}

Result<hub::NewModel> model_for_use(const Interactions& interactions, const Table& table,
                                    const Row& row, const hub::LeftOut& left_out) {
  const std::vector<std::uint8_t> allowed = allowed_items(interactions, left_out);
  if (std::ranges::count(allowed, 1) == 0) {
    return error(Code::kFailedPrecondition,
                 "recommend: without_aisles and without_items leave nothing to recommend");
  }
  const std::int32_t today = interactions.purchases.back().day + 1;
  TILLSIGHT_ASSIGN(const Trained trained,
                   Trained::train(row.recipe, interactions, interactions.purchases, today));
  Recipe recent;
  recent.kind = Kind::kRecentPopularity;
  TILLSIGHT_ASSIGN(const Trained popular,
                   Trained::train(recent, interactions, interactions.purchases, today));
  hub::NewModel model;
  model.facts = facts_of(interactions, table, row);
  for (const Item& item : interactions.items) {
    model.items.push_back({item.sku, item.name, item.aisle});
  }
  model.lists.push_back(for_strangers(popular, allowed));
  add_lists(interactions, trained, table.judged, allowed, model);
  model.left_out = left_out;
  return model;
}

Result<InUse> train_for_use(const std::filesystem::path& hub_folder, const Use& use,
                            const std::vector<Recipe>& recipes, const Clock& clock,
                            const OnDone& on_done) {
  TILLSIGHT_ASSIGN(const Interactions sales, read_interactions(hub_folder, use.support));
  TILLSIGHT_ASSIGN(const Known known, known_before(hub_folder));
  TILLSIGHT_ASSIGN(const Contest contest, hold_contest(sales, recipes, on_done));
  TILLSIGHT_ASSIGN(const Table* table, table_of(contest, use.judged));
  TILLSIGHT_ASSIGN(const Row row, row_for_use(sales, contest, *table, recipes, known.incumbent));
  TILLSIGHT_ASSIGN(const hub::NewModel model,
                   model_for_use(sales, *table, row, use.left_out.value_or(known.left_out)));
  TILLSIGHT_ASSIGN(auto store, hub::RecommendationStore::open(hub_folder));
  InUse in_use;
  TILLSIGHT_ASSIGN(in_use.version, store.put_in_use(model, clock.utc_now()));
  in_use.facts = model.facts;
  in_use.verdict = verdict(*table);
  in_use.kept = why_kept(row, table->winner());
  return in_use;
}

}  // namespace tillsight::als
