// Goal: the lists are the best items, whichever way the model scores them and whatever is left out.
// Method: the blocked way and the one-by-one way against sorting all scores.
#include "tillsight/als/top.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "als/sweep.hpp"
#include "tests/als/shop.hpp"

namespace tillsight::als {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// The same scores as another model, without its factors.
class Scores final : public Model {
 public:
  explicit Scores(const Model& model) : model_(model) {}
  std::uint32_t customers() const override { return model_.customers(); }
  std::uint32_t items() const override { return model_.items(); }
  void score(std::uint32_t customer, std::span<float> scores) const override {
    model_.score(customer, scores);
  }

 private:
  const Model& model_;
};

std::vector<std::uint32_t> items_of(std::span<const Ranked> list) {
  std::vector<std::uint32_t> items;
  for (const Ranked& ranked : list) items.push_back(ranked.item);
  return items;
}

std::vector<std::uint32_t> sorted(const Model& model, std::uint32_t customer, std::size_t length,
                                  const TopFilter& filter) {
  std::vector<float> scores(model.items());
  model.score(customer, scores);
  std::vector<std::uint32_t> items;
  for (std::uint32_t item = 0; item < model.items(); ++item) {
    if (!filter.allowed.empty() && filter.allowed[item] == 0) continue;
    if (filter.bought != nullptr &&
        std::ranges::count(filter.bought->row(customer).columns, item) > 0) {
      continue;
    }
    items.push_back(item);
  }
  std::ranges::stable_sort(items, [&](auto a, auto b) { return scores[a] > scores[b]; });
  items.resize(std::min(length, items.size()));
  return items;
}

TEST(Top, ListsAreTheBestOfAllScores) {
  const FactorModel model(random_factors(101, 9, 1, 1), random_factors(1'237, 9, 1, 2));
  const Matrix bought = shop(101, 1'237, 4'000, 3);
  std::vector<std::uint8_t> allowed(1'237, 1);
  for (std::size_t i = 0; i < allowed.size(); i += 3) allowed[i] = 0;
  std::vector<std::uint32_t> customers(101);
  std::iota(customers.rbegin(), customers.rend(), 0U);
  const TopFilter filters[] = {{}, {.bought = &bought}, {.bought = &bought, .allowed = allowed}};
  for (const TopFilter& filter : filters) {
    for (const std::size_t length : {std::size_t{1}, std::size_t{20}, std::size_t{2'000}}) {
      const TopLists blocked = top(model, customers, length, filter, 3);
      const TopLists singly = top(Scores(model), customers, length, filter, 2);
      for (std::size_t i = 0; i < customers.size(); i += 7) {
        const auto expected = sorted(model, customers[i], length, filter);
        EXPECT_EQ(items_of(blocked.list(i)), expected);
        EXPECT_EQ(items_of(singly.list(i)), expected);
      }
    }
  }
}

TEST(Top, EqualScoresStandInTheOrderOfTheItemsAndWhatIsNotANumberIsLeftOut) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinite = std::numeric_limits<float>::infinity();
  const std::vector<float> scores = {1, 2, nan, 1, 2, 1, infinite, -3};
  EXPECT_THAT(items_of(top(scores, 4)), ElementsAre(1, 4, 0, 3));
  EXPECT_THAT(items_of(top(scores, 9)), ElementsAre(1, 4, 0, 3, 5, 7));
  const std::vector<std::uint32_t> out = {1, 3};
  EXPECT_THAT(items_of(top(scores, 2, {}, out)), ElementsAre(4, 0));
}

TEST(Top, NothingToListGivesEmptyLists) {
  const FactorModel model(random_factors(3, 2, 1, 1), random_factors(5, 2, 1, 2));
  const std::vector<std::uint32_t> customers = {0, 2};
  EXPECT_THAT(top(model, customers, 0).list(1), IsEmpty());
  EXPECT_EQ(top(model, {}, 5).size(), 0U);
  const std::vector<std::uint8_t> none(5, 0);
  EXPECT_THAT(top(model, customers, 5, {.allowed = none}).list(0), IsEmpty());
  EXPECT_EQ(top(model, customers, 9).list(0).size(), 5U);
}

}  // namespace
}  // namespace tillsight::als
