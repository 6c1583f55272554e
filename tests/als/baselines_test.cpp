// Goal: the simple ways of recommending say what they are meant to say.
// Method: four customers, reckoned by hand.
#include "tillsight/als/baselines.hpp"

#include <gmock/gmock.h>

#include <cmath>

namespace tillsight::als {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;

/// Customers 0 to 3, items 0 to 3: item 0 is bought by all but customer 3.
Matrix shop() {
  const std::vector<Rating> ratings = {{0, 0, 1}, {0, 1, 3}, {1, 0, 1}, {1, 1, 1},
                                       {2, 0, 2}, {2, 2, 1}, {3, 3, 1}};
  return Matrix::from(ratings, 4, 4).value();
}

std::vector<float> scores(const Model& model, std::uint32_t customer) {
  std::vector<float> scores(model.items());
  model.score(customer, scores);
  return scores;
}

TEST(Popularity, CountsBuyersAndNotPieces) {
  const Matrix bought = shop();
  EXPECT_THAT(scores(Popularity(bought), 3), ElementsAre(3, 2, 1, 1));
}

TEST(BuyAgain, PutsWhatWasBoughtMostBeforeWhatIsPopular) {
  const Matrix bought = shop();
  const Popularity popular(bought);
  const BuyAgain again(bought, popular);
  const auto own = scores(again, 0);
  EXPECT_GT(own[1], own[0]);
  EXPECT_GT(own[0], own[2]);
  const auto other = scores(again, 3);
  EXPECT_GT(other[3], other[0]);
  EXPECT_GT(other[0], other[1]);
  EXPECT_GT(other[1], other[2]);
}

TEST(ItemNeighbours, AreTheCosinesOfTheColumns) {
  const auto ones = Matrix::from(
      std::vector<Rating>{
          {0, 0, 1}, {0, 1, 1}, {1, 0, 1}, {1, 1, 1}, {2, 0, 1}, {2, 2, 1}, {3, 3, 1}},
      4, 4);
  const ItemNeighbours near(*ones, {10, 0});
  // s_01 = 2 / √(3 · 2), s_02 = 1 / √3; items 1 and 2 share nobody, item 3 nobody with any.
  const float s01 = 2 / std::sqrt(6.0F);
  const float s02 = 1 / std::sqrt(3.0F);
  EXPECT_THAT(scores(near, 0), ElementsAre(FloatNear(s01, 1e-6F), FloatNear(s01, 1e-6F),
                                           FloatNear(s02, 1e-6F), 0.0F));
  EXPECT_THAT(scores(near, 3), ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(near.shares(ones->row(0), 2), ElementsAre(FloatNear(s02, 1e-6F), 0.0F));
  // Only the nearest counts: of item 0 that is item 1.
  EXPECT_EQ(scores(ItemNeighbours(*ones, {1, 0}), 2)[0], 0.0F);
}

TEST(ItemNeighbours, ShrinkageTakesMoreFromItemsWithFewBuyers) {
  const Matrix bought = shop();
  const ItemNeighbours bare(bought, {10, 0});
  const ItemNeighbours shrunk(bought, {10, 10});
  for (std::uint32_t customer = 0; customer < 3; ++customer) {
    EXPECT_LT(scores(shrunk, customer)[0], scores(bare, customer)[0]);
  }
}

TEST(Blend, GoesFromTheModelToWhatWasBoughtBefore) {
  const Matrix bought = shop();
  const Popularity popular(bought);
  const auto model_only = scores(Blend(popular, bought, 0), 3);
  EXPECT_GT(model_only[0], model_only[3]);
  const auto again_only = scores(Blend(popular, bought, 1), 3);
  EXPECT_GT(again_only[3], again_only[0]);
}

}  // namespace
}  // namespace tillsight::als
