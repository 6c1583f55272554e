// Goal: explicit ALS is Spark's: regularisation scaled by the number of ratings, errors over the
// pairs whose customer and item are known.
// Method: a row against the normal equations by hand; the loss's law; ratings that factors explain
// exactly.
#include "tillsight/als/explicit_als.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "als/sweep.hpp"
#include "tests/als/dense.hpp"
#include "tests/als/shop.hpp"

namespace tillsight::als {
namespace {

using testing::HasSubstr;

TEST(ExplicitAls, RowsSolveTheirNormalEquations) {
  const Matrix matrix = shop(80, 50, 900, 1);
  const ExplicitSettings settings{.rank = 6, .iterations = 3, .regularisation = 0.05F};
  const FactorModel model = train(matrix, settings).value();
  // Items are solved last, from the customers as they stand.
  const Matrix sold = matrix.transposed();
  for (std::uint32_t item = 0; item < 49; ++item) {
    const Matrix::Row row = sold.row(item);
    if (row.size() == 0) continue;
    std::vector<std::vector<double>> a(6, std::vector<double>(6, 0));
    std::vector<double> b(6, 0);
    for (std::size_t e = 0; e < row.size(); ++e) {
      const auto w = model.customer_factors.row(row.columns[e]);
      for (std::size_t i = 0; i < 6; ++i) {
        b[i] += static_cast<double>(row.values[e]) * static_cast<double>(w[i]);
        for (std::size_t j = 0; j < 6; ++j) {
          a[i][j] += static_cast<double>(w[i]) * static_cast<double>(w[j]);
        }
      }
    }
    for (std::size_t i = 0; i < 6; ++i) a[i][i] += 0.05 * static_cast<double>(row.size());
    const std::vector<double> expected = eliminate(a, b);
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_NEAR(static_cast<double>(model.item_factors.row(item)[i]), expected[i],
                  1e-3 * (1 + std::abs(expected[i])));
    }
  }
}

TEST(ExplicitAls, LossNeverRises) {
  const Matrix matrix = shop(200, 60, 3'000, 2);
  const ExplicitSettings settings{.rank = 5, .iterations = 15};
  double before = std::numeric_limits<double>::infinity();
  const auto watch = [&](const Progress& progress) {
    const double now = loss(matrix, progress.model, settings);
    EXPECT_LE(now, before * (1 + 1e-6)) << progress.iteration;
    before = now;
    return true;
  };
  ASSERT_TRUE(train(matrix, settings, watch).ok());
}

TEST(ExplicitAls, RatingsThatFactorsExplainArePredicted) {
  std::vector<Rating> seen;
  std::vector<Rating> unseen;
  for (std::uint32_t u = 0; u < 60; ++u) {
    for (std::uint32_t i = 0; i < 40; ++i) {
      const float value = static_cast<float>((1 + u % 4) * (1 + i % 3)) + static_cast<float>(i % 2);
      ((u * 7 + i * 3) % 5 == 0 ? unseen : seen).push_back({u, i, value});
    }
  }
  unseen.push_back({60, 0, 5});
  unseen.push_back({0, 40, 5});
  const Matrix matrix = Matrix::from(seen, 61, 41).value();
  const ExplicitSettings settings{.rank = 2, .iterations = 30, .regularisation = 1e-4F};
  const FactorModel model = train(matrix, settings).value();
  const RatingError error = rating_error(model, matrix, unseen);
  EXPECT_EQ(error.dropped, 2U);
  EXPECT_EQ(error.counted, unseen.size() - 2);
  EXPECT_LT(error.rmse, 0.05);
  EXPECT_LE(error.mae, error.rmse);
}

TEST(ExplicitAls, WhatCannotBeTrainedIsRefused) {
  const Matrix matrix = shop(20, 10, 60, 3);
  const auto refused = train(matrix, ExplicitSettings{.rank = 3, .regularisation = -1});
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message(), HasSubstr("regularisation -1"));
  EXPECT_FALSE(train(Matrix(), ExplicitSettings{}).ok());
}

}  // namespace
}  // namespace tillsight::als
