// Goal: the contest finds who guesses best, by days that nobody has seen, and says so; too little
// to judge by is an error and no guess. Method: shops made up of customers with tastes; oracles and
// dice as models; the smallest histories.
#include "tillsight/als/search.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <set>

namespace tillsight::als {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

/// Scores by what it is told.
class Oracle final : public Model {
 public:
  Oracle(std::uint32_t customers, std::uint32_t items,
         std::function<float(std::uint32_t, std::uint32_t)> says)
      : customers_(customers), items_(items), says_(std::move(says)) {}
  std::uint32_t customers() const override { return customers_; }
  std::uint32_t items() const override { return items_; }
  void score(std::uint32_t customer, std::span<float> scores) const override {
    for (std::uint32_t item = 0; item < items_; ++item) scores[item] = says_(customer, item);
  }

 private:
  std::uint32_t customers_;
  std::uint32_t items_;
  std::function<float(std::uint32_t, std::uint32_t)> says_;
};

/// `tastes` groups of customers; each buys, day by day, something of its own group's items.
Interactions shop_of_tastes(int customers, int items, int tastes, int days) {
  Interactions shop;
  for (int i = 0; i < customers; ++i) shop.customers.push_back("c" + std::to_string(i));
  for (int i = 0; i < items; ++i) shop.items.push_back({"s" + std::to_string(i), "Item"});
  std::mt19937_64 engine(3);
  for (int day = 0; day < days; ++day) {
    for (int customer = 0; customer < customers; ++customer) {
      const auto of_taste = static_cast<std::uint64_t>(items / tastes);
      const auto item = (engine() % of_taste) * static_cast<std::uint64_t>(tastes) +
                        static_cast<std::uint64_t>(customer % tastes);
      shop.purchases.push_back(
          {static_cast<std::uint32_t>(customer), static_cast<std::uint32_t>(item), day, 1});
    }
  }
  return shop;
}

struct Halves {
  Matrix known;
  Truth truth;
};
Halves halves(const Interactions& shop, std::int32_t day, Judged judged) {
  Matrix known = weigh(shop, between(shop, 0, day), {Weight::kBought}, day).value();
  Truth truth = truth_of(known, between(shop, day, 1'000), judged);
  return {std::move(known), std::move(truth)};
}

TEST(Judge, APerfectModelHasOneInAllMetrics) {
  const Interactions shop = shop_of_tastes(60, 90, 3, 30);
  for (const Judged judged : {Judged::kAll, Judged::kNew}) {
    const Halves part = halves(shop, 15, judged);
    const Oracle perfect(60, 90, [&](std::uint32_t customer, std::uint32_t item) {
      const auto found = std::ranges::find(part.truth.customers, customer);
      const auto& bought =
          part.truth.items[static_cast<std::size_t>(found - part.truth.customers.begin())];
      return std::ranges::binary_search(bought, item) ? 1.0F : 0.0F;
    });
    const Popularity popular(part.known);
    const Judgement judgement = judge(perfect, part.truth, judged, part.known, popular.buyers());
    for (std::size_t i = 0; i < kMetrics; ++i) {
      EXPECT_NEAR(judgement.mean(static_cast<Metric>(i)), 1, 1e-12) << i;
    }
  }
}

TEST(Judge, ARandomModelHasWhatChanceGives) {
  const Interactions shop = shop_of_tastes(400, 300, 3, 20);
  const Halves part = halves(shop, 10, Judged::kAll);
  std::mt19937_64 engine(5);
  const Popularity popular(part.known);
  double expected = 0;
  for (const auto& bought : part.truth.items) {
    const double size = static_cast<double>(bought.size());
    expected +=
        20 * size / 300 / std::min(20.0, size) / static_cast<double>(part.truth.items.size());
  }
  const Judgement judgement =
      judge(Oracle(400, 300,
                   [seed = engine()](std::uint32_t customer, std::uint32_t item) {
                     std::mt19937_64 own(seed + customer * 1'000ULL + item);
                     return static_cast<float>(own() % 1'000'000);
                   }),
            part.truth, Judged::kAll, part.known, popular.buyers());
  EXPECT_NEAR(judgement.mean(Metric::kRecall20), expected, 0.02);
  EXPECT_GT(judgement.coverage, 0.99);
}

std::vector<Recipe> few() {
  std::vector<Recipe> recipes = {{.kind = Kind::kPopularity}, {.kind = Kind::kRecentPopularity}};
  Recipe near{.kind = Kind::kNeighbours, .weighing = {Weight::kBought}};
  recipes.push_back(near);
  near.again = 0.5F;
  recipes.push_back(near);
  Recipe factors{.kind = Kind::kImplicit};
  factors.factors.rank = 8;
  recipes.push_back(factors);
  recipes.push_back({.kind = Kind::kEase, .weighing = {Weight::kBought}, .ease = {20}});
  return recipes;
}

TEST(Contest, WhoKnowsTastesBeatsPopularity) {
  const auto contest = hold_contest(shop_of_tastes(90, 60, 3, 60), few());
  ASSERT_TRUE(contest.ok()) << contest.error().message();
  ASSERT_THAT(contest->tables, SizeIs(2));
  for (const Table& table : contest->tables) {
    const auto popular = std::ranges::find_if(
        table.rows, [](const Row& row) { return row.recipe.kind == Kind::kPopularity; });
    ASSERT_NE(popular, table.rows.end());
    EXPECT_GT(table.winner().judgement.mean(Metric::kNdcg20),
              2 * popular->judgement.mean(Metric::kNdcg20));
    EXPECT_TRUE(is_baseline(table.best_baseline().recipe.kind));
    EXPECT_TRUE(std::ranges::is_sorted(table.rows, std::ranges::greater(), &Row::chosen_by));
  }
  // Among new items nothing was bought before.
  EXPECT_THAT(contest->tables[0].rows, SizeIs(6));
  EXPECT_THAT(contest->tables[1].rows, SizeIs(5));
}

TEST(Contest, TheVerdictNamesWinnerBaselineAndInterval) {
  const auto contest = hold_contest(shop_of_tastes(90, 60, 3, 60), few());
  ASSERT_TRUE(contest.ok());
  const Table& table = contest->tables.front();
  const std::string said = verdict(table);
  EXPECT_THAT(said, HasSubstr(title(table.winner().recipe)));
  if (!is_baseline(table.winner().recipe.kind)) {
    EXPECT_THAT(said, HasSubstr(title(table.best_baseline().recipe)));
    EXPECT_THAT(said, HasSubstr("interval"));
  }
  Table lost = table;
  std::erase_if(lost.rows, [](const Row& row) { return row.recipe.kind != Kind::kPopularity; });
  EXPECT_THAT(verdict(lost), HasSubstr("no model beats popularity"));
}

TEST(Contest, LeavingOneOutJudgesEachCustomerOnce) {
  const auto contest = hold_contest_leaving_one_out(shop_of_tastes(40, 30, 2, 20), few(), 1);
  ASSERT_TRUE(contest.ok()) << contest.error().message();
  EXPECT_FALSE(contest->days);
  EXPECT_LE(contest->tables.front().customers, 40U);
  EXPECT_GT(contest->tables.front().customers, 30U);
}

TEST(Contest, TooLittleToJudgeByIsSaid) {
  const auto empty = hold_contest(Interactions(), few());
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().code(), Code::kFailedPrecondition);
  EXPECT_FALSE(hold_contest_leaving_one_out(Interactions(), few(), 1).ok());
  // A new customer every day: nobody came back.
  Interactions strangers = shop_of_tastes(30, 4, 1, 1);
  for (std::size_t i = 0; i < strangers.purchases.size(); ++i) {
    strangers.purchases[i].day = static_cast<std::int32_t>(i);
  }
  const auto none = hold_contest(strangers, few());
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(none.error().message(), HasSubstr("came back"));
}

TEST(Contest, OneCustomerOrOneItemIsNoReasonToFail) {
  for (const auto& [customers, items] : {std::pair(1, 6), std::pair(6, 1), std::pair(1, 1)}) {
    const auto contest = hold_contest(shop_of_tastes(customers, items, 1, 12), few());
    ASSERT_TRUE(contest.ok()) << contest.error().message();
    EXPECT_FALSE(contest->tables.empty());
  }
}

TEST(Contest, StopsWhenItIsTold) {
  const auto stopped =
      hold_contest(shop_of_tastes(9, 6, 3, 20), few(), [](double done) { return done < 0.3; });
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code(), Code::kCancelled);
}

TEST(Contest, TheGridHoldsEveryKindAndNoRecipeTwice) {
  std::set<Kind> kinds;
  std::set<std::string> texts;
  for (const Recipe& recipe : grid()) {
    kinds.insert(recipe.kind);
    EXPECT_TRUE(texts.insert(title(recipe) + settings(recipe)).second) << settings(recipe);
  }
  EXPECT_THAT(kinds, SizeIs(kKinds));
}

TEST(Trained, SaysWhy) {
  const Interactions shop = shop_of_tastes(60, 30, 3, 40);
  for (const Recipe& recipe : few()) {
    const auto trained = Trained::train(recipe, shop, shop.purchases, 40);
    ASSERT_TRUE(trained.ok()) << trained.error().message();
    const auto why = trained->reasons(0, 3, 2);  // item 3 is of customer 0's taste
    if (!can_blend(recipe.kind)) {
      EXPECT_THAT(why, SizeIs(0)) << title(recipe);
    } else {
      ASSERT_FALSE(why.empty()) << title(recipe);
      EXPECT_EQ(why.front().item % 3, 0U) << title(recipe);
    }
  }
}

TEST(Trained, OfNothingIsAnError) {
  const auto trained = Trained::train({}, Interactions(), {}, 0);
  ASSERT_FALSE(trained.ok());
  EXPECT_EQ(trained.error().code(), Code::kFailedPrecondition);
}

}  // namespace
}  // namespace tillsight::als
