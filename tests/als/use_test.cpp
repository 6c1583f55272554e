// Goal: a training puts the winner's lists in use for every known customer, without what may not be
// recommended; one that fails changes nothing, and worse settings never take the place of those in
// use. Method: a head office whose customers have two tastes, trained with a few recipes; days on
// which everybody buys the same deceive who chooses.
#include "tillsight/als/use.hpp"

#include <gmock/gmock.h>

#include "tests/columns/random_shop.hpp"

namespace tillsight::als {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::vector<Recipe> kRecipes = {
    {.kind = Kind::kPopularity}, {.kind = Kind::kEase, .weighing = {Weight::kBought}, .ease = {5}}};

class Using : public columns::RandomShop {
 protected:
  /// Even customers buy tea things, odd ones coffee things; nobody buys both.
  void sell(int days) {
    for (int day = 0; day < days; ++day) {
      for (int customer = 0; customer < 20; ++customer) {
        Invoice invoice = an_invoice(day);
        invoice.customer = Customer{"Asha", "Rao", phone(customer)};
        const std::string taste = customer % 2 == 0 ? "tea" : "coffee";
        invoice.lines = {testing::a_line(taste + std::to_string(below(8)), 100, 1)};
        total_up(invoice);
        book(std::move(invoice));
      }
    }
    commit();
  }
  /// Everybody buys `lines(their own taste, the other taste)`.
  template <typename Lines>
  void sell_on(int from, int to, Lines lines) {
    for (int day = from; day < to; ++day) {
      for (int customer = 0; customer < 20; ++customer) {
        Invoice invoice = an_invoice(day);
        invoice.customer = Customer{"Asha", "Rao", phone(customer)};
        const bool tea = customer % 2 == 0;
        for (const std::string& sku : lines(tea ? "tea" : "coffee", tea ? "coffee" : "tea")) {
          invoice.lines.push_back(testing::a_line(sku, 100, 1));
        }
        total_up(invoice);
        book(std::move(invoice));
      }
    }
    commit();
  }
  /// The days that choose are of the other taste, which who knows none guesses better; the days
  /// that judge are as the others were.
  void sell_deceptive_days() {
    using Texts = std::vector<std::string>;
    const auto own = [this](const std::string& taste, const std::string&) {
      return Texts{taste + std::to_string(below(8))};
    };
    sell_on(0, 38, own);
    sell_on(38, 48, [this](const std::string&, const std::string& other) {
      return Texts{other + std::to_string(below(3))};
    });
    sell_on(48, 60, own);
  }
  /// As if a training had chosen it.
  void put_in_use(const std::string& title, const std::string& settings) const {
    hub::NewModel model;
    model.facts.title = title;
    model.facts.settings = settings;
    model.facts.judged = "all";
    model.items = {{"tea0", "tea0"}};
    model.lists = {{"", {{0, 1, -1}}}};
    ASSERT_TRUE(hub::RecommendationStore::open(hub())->put_in_use(model, clock_.utc_now()).ok());
  }
  void put_in_use_before(const std::vector<Recipe>& recipes) const {
    ASSERT_TRUE(train_for_use(hub(), {}, recipes, clock_).ok());
  }
  hub::ModelFacts in_use() const {
    return hub::Recommendations::open(hub()).value().versions().value().front();
  }
  /// Whatever anybody is recommended, and why.
  std::vector<std::string> all_lists() const {
    auto reader = hub::Recommendations::open(hub()).value();
    std::vector<std::string> all;
    std::vector<std::string> whose = {""};
    for (const std::string& row : customers()) whose.push_back(row.substr(0, 32));
    for (const std::string& customer : whose) {
      const auto list = reader.of(customer, hub::kRecommendedMost).value();
      for (const hub::Recommended& one : list) {
        all.push_back(one.sku);
        all.push_back(one.because);
      }
    }
    return all;
  }
  Result<InUse> train(Judged judged = Judged::kAll) const {
    return train_for_use(hub(), {judged}, kRecipes, clock_);
  }
  std::vector<std::string> customers() const {
    return sql("SELECT DISTINCT customer FROM invoice WHERE customer IS NOT NULL");
  }
};

TEST_F(Using, EveryKnownCustomerIsRecommendedTheirOwnTaste) {
  sell(40);
  const auto trained = train();
  ASSERT_TRUE(trained.ok()) << trained.error().message();
  EXPECT_THAT(trained->verdict, HasSubstr("EASE wins"));
  auto reader = hub::Recommendations::open(hub());
  ASSERT_TRUE(reader.ok());
  const auto rows =
      sql("SELECT customer, max(sku LIKE 'tea%') FROM invoice JOIN line USING (event_id) "
          "GROUP BY customer");
  ASSERT_THAT(rows, SizeIs(20));
  for (const std::string& row : rows) {
    const std::string customer = row.substr(0, 32);
    const std::string taste = row.substr(33, 1) == "1" ? "tea" : "coffee";
    EXPECT_TRUE(reader->knows(customer).value());
    const auto list = reader->of(customer, 5).value();
    ASSERT_THAT(list, SizeIs(5));
    for (const hub::Recommended& one : list) {
      EXPECT_THAT(one.sku, HasSubstr(taste));
      EXPECT_THAT(one.because, HasSubstr(taste));
    }
  }
  EXPECT_FALSE(reader->of("nobody's", 5).value().empty());
}

TEST_F(Using, OnlyNewItemsAreListedIfThatIsAskedFor) {
  sell(12);
  const auto trained = train(Judged::kNew);
  ASSERT_TRUE(trained.ok()) << trained.error().message();
  auto reader = hub::Recommendations::open(hub());
  for (const std::string& row : customers()) {
    const std::string customer = row.substr(0, 32);
    const auto list = reader->of(customer, 10).value();
    for (const hub::Recommended& one : list) {
      EXPECT_EQ(sql("SELECT count(*) FROM invoice JOIN line USING (event_id) WHERE customer = '" +
                    customer + "' AND sku = '" + one.sku + "'"),
                std::vector<std::string>{"0|"});
    }
  }
}

TEST_F(Using, ATrainingThatFailsLeavesWhatIsInUse) {
  sell(40);
  ASSERT_TRUE(train().ok());
  const auto stopped = train_for_use(hub(), {}, kRecipes, clock_, [](double) { return false; });
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code(), Code::kCancelled);
  // Nobody has bought enough to be learnt from.
  const auto rare =
      train_for_use(hub(), {Judged::kAll, {.customers_of_item = 1'000}}, kRecipes, clock_);
  EXPECT_EQ(rare.error().code(), Code::kFailedPrecondition);
  const auto versions = hub::Recommendations::open(hub()).value().versions().value();
  ASSERT_THAT(versions, SizeIs(1));
  EXPECT_TRUE(versions.front().in_use);
  EXPECT_EQ(train()->version, 2);
}

TEST_F(Using, WorseSettingsNeverTakeThePlaceOfThoseInUse) {
  sell_deceptive_days();
  // Nothing is in use: the validation days alone choose, and popularity has won them.
  const auto deceived = train();
  ASSERT_TRUE(deceived.ok()) << deceived.error().message();
  EXPECT_EQ(deceived->facts.title, "popularity");
  EXPECT_THAT(deceived->kept, IsEmpty());
  // The same sales, but EASE is in use, and better on the days that judge.
  put_in_use("EASE", settings(kRecipes[1]));
  const auto kept = train();
  ASSERT_TRUE(kept.ok()) << kept.error().message();
  EXPECT_THAT(kept->kept, HasSubstr("EASE"));
  EXPECT_THAT(kept->kept, HasSubstr("popularity has"));
  EXPECT_EQ(in_use().version, 3);
  EXPECT_EQ(in_use().title, "EASE");
  EXPECT_EQ(in_use().ndcg20, kept->facts.ndcg20);
  EXPECT_GT(in_use().ndcg20, deceived->facts.ndcg20);
  EXPECT_EQ(in_use().learnt_to, "2024-02-29");
}

TEST_F(Using, BetterSettingsTakeThePlaceOfThoseInUse) {
  sell(40);
  put_in_use_before({kRecipes[0]});
  EXPECT_EQ(in_use().title, "popularity");
  const auto better = train();
  ASSERT_TRUE(better.ok()) << better.error().message();
  EXPECT_EQ(in_use().title, "EASE");
  EXPECT_THAT(better->kept, IsEmpty());
}

TEST_F(Using, SettingsThatCannotBeComparedGiveWayToTheWinner) {
  sell_deceptive_days();
  const Interactions sales = read_interactions(hub()).value();
  const Contest contest = hold_contest(sales, kRecipes).value();
  const Table& table = contest.tables.front();
  const std::string ease = settings(kRecipes[1]);
  const auto title_for = [&](const std::optional<Incumbent>& incumbent) {
    return title(row_for_use(sales, contest, table, kRecipes, incumbent)->recipe);
  };
  EXPECT_EQ(title_for(std::nullopt), "popularity");
  EXPECT_EQ(title_for(Incumbent{Judged::kAll, "EASE", ease}), "EASE");
  EXPECT_EQ(title_for(Incumbent{Judged::kNew, "EASE", ease}), "popularity");
  EXPECT_EQ(title_for(Incumbent{Judged::kAll, "EASE", "settings of long ago"}), "popularity");
}

TEST_F(Using, WhatIsLeftOutIsInNobodysListAndNoReason) {
  sell_on(0, 40, [this](const std::string& taste, const std::string&) {
    return std::vector<std::string>{taste + std::to_string(below(8)),
                                    "bread" + std::to_string(below(4))};
  });
  ASSERT_TRUE(train().ok());
  const std::vector<std::string> before = all_lists();
  ASSERT_THAT(before, Contains(HasSubstr("bread")));
  ASSERT_THAT(before, Contains(HasSubstr("tea")));
  const auto tea =
      *std::ranges::find_if(before, [](const std::string& sku) { return sku.starts_with("tea"); });
  const Use use{Judged::kAll, {}, hub::LeftOut{{}, {tea, "bread0", "bread1", "bread2", "bread3"}}};
  ASSERT_TRUE(train_for_use(hub(), use, kRecipes, clock_).ok());
  EXPECT_THAT(all_lists(), Not(Contains(tea)));
  EXPECT_THAT(all_lists(), Each(Not(HasSubstr("bread"))));
  // The lists are as long as before: what is left out makes room.
  EXPECT_EQ(std::ssize(all_lists()), 2 * hub::kRecommendedMost * (std::ssize(customers()) + 1));
  // A training that is told of no rules keeps those that there are.
  ASSERT_TRUE(train().ok());
  EXPECT_THAT(all_lists(), Not(Contains(tea)));
}

TEST_F(Using, ARuleThatLeavesNothingIsSaid) {
  sell(12);
  const Use use{Judged::kAll, {}, hub::LeftOut{{"Grocery"}, {}}};
  const auto trained = train_for_use(hub(), use, kRecipes, clock_);
  ASSERT_FALSE(trained.ok());
  EXPECT_EQ(trained.error().code(), Code::kFailedPrecondition);
  EXPECT_THAT(trained.error().message(), HasSubstr("without_aisles"));
}

TEST_F(Using, AnEmptyHeadOfficeIsToldWhatIsMissing) {
  const auto trained = train();
  ASSERT_FALSE(trained.ok());
  EXPECT_EQ(trained.error().code(), Code::kFailedPrecondition);
  EXPECT_FALSE(std::filesystem::exists(hub() / "recommend.db"));
}

}  // namespace
}  // namespace tillsight::als
