#include "tillsight/als/search.hpp"

#include <algorithm>
#include <map>

#include "tillsight/core/format.hpp"

namespace tillsight::als {
namespace {

/// What is learnt from, and what comes after it.
struct Hold {
  std::span<const Purchase> before;
  std::span<const Purchase> after;
  std::int32_t today = 0;
};

/// A row of the table before the test days.
struct Best {
  Recipe recipe;
  double chosen_by = -1;
};

Hold hold_of(const Interactions& interactions, std::int32_t first, std::int32_t from,
             std::int32_t to) {
  return {between(interactions, first, from), between(interactions, from, to), from};
}

Result<Judgement> judge_on(const Hold& hold, Judged view, const Recipe& recipe,
                           const Interactions& interactions) {
  TILLSIGHT_ASSIGN(const Trained trained,
                   Trained::train(recipe, interactions, hold.before, hold.today));
  const Truth truth = truth_of(trained.bought(), hold.after, view);
  return judge(trained.model(), truth, view, trained.bought(), trained.buyers());
}

constexpr std::array kViews = {Judged::kAll, Judged::kNew};

/// Recipes that differ only in the share of what was bought before are trained once.
bool same_training(const Recipe& a, const Recipe& b) {
  Recipe other = b;
  other.again = a.again;
  return a.kind == b.kind && settings(a) == settings(other);
}

class Arena {
 public:
  Arena(const Interactions& interactions, const std::vector<Recipe>& recipes, const OnDone& on_done)
      : interactions_(interactions), recipes_(recipes), on_done_(on_done) {}

  Result<Contest> hold(const Hold& validation, const Hold& test) {
    TILLSIGHT_TRY(choose(validation));
    for (const Judged view : kViews) {
      TILLSIGHT_TRY(open_table(view, test));
    }
    TILLSIGHT_TRY(judge_all(test));
    if (contest_.tables.empty()) {
      return error(Code::kFailedPrecondition,
                   "recommend: no known customer came back on the days that judge; sell with "
                   "customers' phones, or import more history");
    }
    return std::move(contest_);
  }

 private:
  using Key = std::pair<Judged, std::string>;

  /// \return the groups of recipes with the same training.
  std::vector<std::span<const Recipe>> groups() const {
    std::vector<std::span<const Recipe>> groups;
    const std::span all(recipes_);
    for (std::size_t first = 0; first < all.size();) {
      std::size_t end = first + 1;
      while (end < all.size() && same_training(all[first], all[end])) ++end;
      groups.push_back(all.subspan(first, end - first));
      first = end;
    }
    return groups;
  }

  Status tell(double done) const {
    if (!on_done_ || on_done_(done)) return {};
    return error(Code::kCancelled, "recommend: stopped; nothing was changed");
  }

  Status choose(const Hold& hold) {
    const auto groups = this->groups();
    for (std::size_t i = 0; i < groups.size(); ++i) {
      TILLSIGHT_TRY(tell(0.7 * static_cast<double>(i) / static_cast<double>(groups.size())));
      auto trained = Trained::train(groups[i].front(), interactions_, hold.before, hold.today);
      if (!trained.ok() && leave_out(groups[i].front(), trained.error())) continue;
      if (!trained.ok()) return trained.error();
      for (const Judged view : kViews) choose_among(groups[i], *trained, hold, view);
    }
    return {};
  }

  /// A catalogue may be too large for a kind, or a shop too small for its settings.
  /// \return whether that is so.
  bool leave_out(const Recipe& recipe, const Error& why) {
    const bool unfit =
        why.code() == Code::kResourceExhausted || why.code() == Code::kInvalidArgument;
    if (unfit) contest_.left_out.push_back(format("{}: {}", title(recipe), why.message()));
    return unfit;
  }

  void choose_among(std::span<const Recipe> group, const Trained& trained, const Hold& hold,
                    Judged view) {
    const Truth truth = truth_of(trained.bought(), hold.after, view);
    for (const Recipe& recipe : group) {
      // Among new items nothing was bought before.
      if (recipe.again > 0 && view == Judged::kNew) continue;
      const auto blend = recipe.again > 0 ? trained.blended(recipe.again) : nullptr;
      const Model& model = blend ? *blend : trained.model();
      const Judgement judgement = judge(model, truth, view, trained.bought(), trained.buyers());
      Best& best = best_[{view, title(recipe)}];
      const double reached = judgement.mean(Metric::kNdcg20);
      if (reached > best.chosen_by) best = {recipe, reached};
    }
  }

  Status open_table(Judged view, const Hold& test) {
    TILLSIGHT_ASSIGN(const Matrix known,
                     weigh(interactions_, test.before, {Weight::kVisits}, test.today));
    const Truth truth = truth_of(known, test.after, view);
    if (truth.customers.empty()) return {};
    Table table{view, {}, truth.customers.size(), truth.strangers, truth.new_items};
    for (const auto& [key, best] : best_) {
      if (key.first == view) table.rows.push_back({best.recipe, best.chosen_by, {}});
    }
    std::ranges::stable_sort(table.rows, std::ranges::greater(), &Row::chosen_by);
    contest_.tables.push_back(std::move(table));
    return {};
  }

  Status judge_all(const Hold& test) {
    std::size_t done = 0;
    std::size_t all = 0;
    for (const Table& table : contest_.tables) all += table.rows.size();
    for (Table& table : contest_.tables) {
      for (Row& row : table.rows) {
        TILLSIGHT_TRY(tell(0.7 + 0.3 * static_cast<double>(done++) / static_cast<double>(all)));
        TILLSIGHT_ASSIGN(row.judgement, judge_on(test, table.judged, row.recipe, interactions_));
      }
    }
    return tell(1);
  }

  const Interactions& interactions_;
  const std::vector<Recipe>& recipes_;
  const OnDone& on_done_;
  std::map<Key, Best> best_;
  Contest contest_;
};

}  // namespace

const Row& Table::best_baseline() const {
  return *std::ranges::find_if(
      rows, [](const Row& row) { return is_baseline(row.recipe.kind) && row.recipe.again == 0; });
}

Result<Contest> hold_contest(const Interactions& interactions, const std::vector<Recipe>& recipes,
                             const OnDone& on_done) {
  TILLSIGHT_ASSIGN(const Days days, split_days(interactions));
  const auto part = [&](std::int32_t from, std::int32_t to) {
    return hold_of(interactions, days.first, from, to);
  };
  TILLSIGHT_ASSIGN(Contest contest,
                   Arena(interactions, recipes, on_done)
                       .hold(part(days.validation, days.test), part(days.test, days.last + 1)));
  contest.days = days;
  return contest;
}

Result<Contest> hold_contest_leaving_one_out(const Interactions& interactions,
                                             const std::vector<Recipe>& recipes, std::uint64_t seed,
                                             const OnDone& on_done) {
  if (interactions.purchases.empty()) {
    return error(Code::kFailedPrecondition,
                 "recommend: no known customer has bought anything yet; sell with customers' "
                 "phones, or import history");
  }
  const std::int32_t today = interactions.purchases.back().day + 1;
  const HeldOut test = leave_one_out(interactions, seed);
  Interactions rest{interactions.customers, interactions.items, test.before};
  const HeldOut validation = leave_one_out(rest, seed + 1);
  return Arena(interactions, recipes, on_done)
      .hold({validation.before, validation.after, today}, {test.before, test.after, today});
}

Result<Row> judge_beside(const Table& table, const Days& days, const Recipe& recipe,
                         const Interactions& interactions) {
  Row row{recipe, 0, {}};
  const Hold test = hold_of(interactions, days.first, days.test, days.last + 1);
  TILLSIGHT_ASSIGN(row.judgement, judge_on(test, table.judged, recipe, interactions));
  return row;
}

std::string verdict(const Table& table) {
  const Row& winner = table.winner();
  const Row& baseline = table.best_baseline();
  const std::string_view view =
      table.judged == Judged::kAll ? "all items" : "items new to the customer";
  const double own = winner.judgement.mean(Metric::kNdcg20);
  if (&winner == &baseline) {
    return format("{}: no model beats {}, a simple baseline; NDCG@20 {:.4f}.", view,
                  title(winner.recipe), own);
  }
  const Interval more = difference(winner.judgement, baseline.judgement, Metric::kNdcg20);
  const double other = baseline.judgement.mean(Metric::kNdcg20);
  const std::string_view sure = more.low > 0    ? "better"
                                : more.high < 0 ? "worse, though the validation days chose it,"
                                                : "not surely different";
  return format(
      "{}: {} wins ({}); on the test days NDCG@20 {:.4f} against {:.4f} of {}, the best simple "
      "baseline: {} by {:+.0f} % (difference {:+.4f}, 95 % interval {:+.4f} to {:+.4f}).",
      view, title(winner.recipe), settings(winner.recipe), own, other, title(baseline.recipe), sure,
      other > 0 ? 100 * (own / other - 1) : 0, more.mean, more.low, more.high);
}

}  // namespace tillsight::als
