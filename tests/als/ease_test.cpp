// Goal: EASE is the optimum of its objective, and refuses what it cannot invert.
// Method: the optimum's own condition: no weight off the diagonal can be moved to a lower loss.
#include "tillsight/als/ease.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/als/shop.hpp"

namespace tillsight::als {
namespace {

using testing::HasSubstr;

TEST(Ease, GradientIsZeroEverywhereButOnTheDiagonal) {
  const Matrix bought = shop(120, 30, 1'500, 1);
  const EaseModel model = train(bought, EaseSettings{.regularisation = 20, .threads = 2}).value();
  std::vector<std::vector<double>> miss(120, std::vector<double>(30));
  std::vector<float> scores(30);
  for (std::uint32_t u = 0; u < 120; ++u) {
    model.score(u, scores);
    for (std::size_t i = 0; i < 30; ++i) miss[u][i] = static_cast<double>(scores[i]);
    for (const std::uint32_t item : bought.row(u).columns) miss[u][item] -= 1;
  }
  const Matrix sold = bought.transposed();
  for (std::uint32_t i = 0; i < 30; ++i) {
    EXPECT_EQ(model.weights()[i * 30 + i], 0);
    for (std::uint32_t j = 0; j < 30; ++j) {
      if (i == j) continue;
      double gradient = 20 * static_cast<double>(model.weights()[i * 30 + j]);
      for (const std::uint32_t u : sold.row(i).columns) gradient += miss[u][j];
      EXPECT_NEAR(gradient, 0, 1e-3) << i << ' ' << j;
    }
  }
}

TEST(Ease, SharesAddUpToTheScore) {
  const Matrix bought = shop(60, 40, 600, 2);
  const EaseModel model = train(bought, EaseSettings{.regularisation = 5}).value();
  std::vector<float> scores(40);
  model.score(3, scores);
  float total = 0;
  for (const float share : model.shares(bought.row(3), 7)) total += share;
  EXPECT_NEAR(total, scores[7], 1e-5);
}

TEST(Ease, WhatCannotBeInvertedIsRefused) {
  const Matrix bought = shop(10, 8, 30, 3);
  EXPECT_FALSE(train(bought, EaseSettings{.regularisation = 0}).ok());
  EXPECT_FALSE(train(Matrix::from({}, 4, 4).value(), EaseSettings{}).ok());
  const auto refused = train(bought, EaseSettings{.items_max = 7});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), Code::kResourceExhausted);
  EXPECT_THAT(refused.error().message(), HasSubstr("8 items, more than 7"));
}

}  // namespace
}  // namespace tillsight::als
