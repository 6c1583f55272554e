// Goal: implicit ALS solves the objective that its header states, whatever the solver, the weights
// and the number of threads.
// Method: rows against the normal equations written out in double; laws (the loss never rises, the
// solvers agree, threads do not matter) on made-up shops with long, short and empty rows.
#include "tillsight/als/implicit_als.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "als/sweep.hpp"
#include "tests/als/dense.hpp"
#include "tests/als/shop.hpp"

namespace tillsight::als {
namespace {

using testing::Each;
using testing::HasSubstr;

/// The largest difference, against the largest value.
double difference(std::span<const float> a, std::span<const float> b) {
  double most = 0;
  double scale = 1e-30;
  for (std::size_t i = 0; i < a.size(); ++i) {
    most = std::max(most, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    scale = std::max(scale, std::abs(static_cast<double>(a[i])));
  }
  return most / scale;
}

struct Half {
  Factors w;
  Factors h;
};

Half half(const Matrix& matrix, const ImplicitSettings& settings) {
  Half result{random_factors(matrix.rows(), settings.rank, 1, 3),
              random_factors(matrix.columns(), settings.rank, 1, 4)};
  half_sweep(entries_of(matrix, settings), rules_of(settings), result.h, result.w, 2);
  return result;
}

void expect_rows_as_dense(const Matrix& matrix, const ImplicitSettings& settings) {
  const Half swept = half(matrix, settings);
  for (std::uint32_t row = 0; row < matrix.rows(); row += 1 + row / 9) {
    const std::vector<double> expected = dense_row(matrix.row(row), swept.h, settings);
    double scale = 1e-6;
    for (const double value : expected) scale = std::max(scale, std::abs(value));
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_NEAR(static_cast<double>(swept.w.row(row)[i]), expected[i], 2e-4 * scale)
          << "rank " << settings.rank << ", row " << row << " of " << matrix.row(row).size();
    }
  }
}

TEST(ImplicitAls, RowsSolveTheNormalEquations) {
  const Matrix matrix = shop(90, 60, 1'500, 1);
  for (const std::uint32_t rank : {1U, 2U, 7U, 10U, 16U, 33U, 48U}) {
    expect_rows_as_dense(matrix, {.rank = rank, .solver = Solver::kCholesky});
  }
}

TEST(ImplicitAls, ShortRowsSolveTheSameThroughTheirOwnSystems) {
  const Matrix matrix = shop(900, 200, 9'000, 2);
  for (const std::uint32_t rank : {16U, 21U, 40U}) {
    expect_rows_as_dense(matrix, {.rank = rank, .solver = Solver::kCholesky});
  }
}

TEST(ImplicitAls, ConfidenceWeighsEachPair) {
  const Matrix matrix = shop(400, 60, 3'000, 3);
  for (const Confidence confidence : {Confidence::kLinear, Confidence::kLogarithmic}) {
    ImplicitSettings settings{.rank = 24, .confidence = confidence, .alpha = 2.5F, .epsilon = 0.5F};
    settings.solver = Solver::kCholesky;
    settings.frequency_exponent = 0.5F;
    expect_rows_as_dense(matrix, settings);
  }
}

TEST(ImplicitAls, LossIsTheObjectiveWrittenOut) {
  const Matrix matrix = shop(30, 20, 200, 4);
  const ImplicitSettings settings{.rank = 4, .confidence = Confidence::kLinear, .alpha = 0.7F};
  const FactorModel model(random_factors(30, 4, 1, 1), random_factors(20, 4, 1, 2));
  const Matrix sold = matrix.transposed();
  double expected = 0;
  const auto square = [](std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i] * b[i]);
    return sum;
  };
  const double lambda = settings.regularisation;
  const double unobserved = settings.unobserved_weight;
  for (std::uint32_t u = 0; u < 30; ++u) {
    const auto w = model.customer_factors.row(u);
    const Matrix::Row row = matrix.row(u);
    expected += lambda * (static_cast<double>(row.size()) + unobserved * 20) * square(w, w);
    for (std::uint32_t i = 0; i < 20; ++i) {
      expected += unobserved * std::pow(square(w, model.item_factors.row(i)), 2);
    }
    for (std::size_t e = 0; e < row.size(); ++e) {
      const double y = square(w, model.item_factors.row(row.columns[e]));
      expected += 0.7 * static_cast<double>(row.values[e]) * (y - 1) * (y - 1);
    }
  }
  for (std::uint32_t i = 0; i < 20; ++i) {
    const auto h = model.item_factors.row(i);
    expected += lambda * (static_cast<double>(sold.row(i).size()) + unobserved * 30) * square(h, h);
  }
  EXPECT_NEAR(loss(matrix, model, settings), expected, 1e-5 * expected);
}

TEST(ImplicitAls, LossNeverRisesInAnyHalfSweepOfAnySolver) {
  const Matrix matrix = shop(300, 120, 5'000, 5);
  const Matrix sold = matrix.transposed();
  for (const Solver solver : {Solver::kCholesky, Solver::kConjugateGradient, Solver::kSubspace}) {
    for (const Confidence confidence : {Confidence::kBinary, Confidence::kLogarithmic}) {
      ImplicitSettings settings{.rank = 20, .confidence = confidence, .solver = solver, .block = 8};
      FactorModel model(random_factors(300, 20, 0.1F, 1), random_factors(120, 20, 0.1F, 2));
      const Entries customers = entries_of(matrix, settings);
      const Entries items = entries_of(sold, settings);
      double before = loss(matrix, model, settings);
      const double first = before;
      for (int i = 0; i < 12; ++i) {
        if (i % 2 == 0) {
          half_sweep(customers, rules_of(settings), model.item_factors, model.customer_factors, 2);
        } else {
          half_sweep(items, rules_of(settings), model.customer_factors, model.item_factors, 2);
        }
        const double now = loss(matrix, model, settings);
        EXPECT_LE(now, before * (1 + 1e-6)) << static_cast<int>(solver) << " half sweep " << i;
        before = now;
      }
      EXPECT_LT(before, 0.8 * first);
    }
  }
}

TEST(ImplicitAls, SolversAgreeOnARow) {
  const Matrix matrix = shop(200, 90, 4'000, 6);
  ImplicitSettings settings{.rank = 24, .solver = Solver::kCholesky};
  settings.regularisation = 0.1F;
  const Half exact = half(matrix, settings);
  settings.solver = Solver::kConjugateGradient;
  settings.steps = 60;
  EXPECT_LT(difference(exact.w.values(), half(matrix, settings).w.values()), 1e-3);
  settings.solver = Solver::kSubspace;
  settings.block = 24;
  EXPECT_LT(difference(exact.w.values(), half(matrix, settings).w.values()), 1e-4);
  settings.block = 7;
  Half blocks = half(matrix, settings);
  for (int i = 0; i < 200; ++i) {
    half_sweep(entries_of(matrix, settings), rules_of(settings), blocks.h, blocks.w, 2);
  }
  EXPECT_LT(difference(exact.w.values(), blocks.w.values()), 1e-3);
}

TEST(ImplicitAls, FactorsAreTheSameOnAnyNumberOfThreads) {
  const Matrix matrix = shop(700, 150, 9'000, 7);
  for (const Solver solver : {Solver::kCholesky, Solver::kConjugateGradient, Solver::kSubspace}) {
    ImplicitSettings settings{.rank = 18, .iterations = 4, .solver = solver, .block = 8};
    settings.threads = 1;
    const FactorModel one = train(matrix, settings).value();
    for (const int threads : {2, 3, 5}) {
      settings.threads = threads;
      const FactorModel many = train(matrix, settings).value();
      EXPECT_LT(difference(one.customer_factors.values(), many.customer_factors.values()), 1e-5);
      EXPECT_LT(difference(one.item_factors.values(), many.item_factors.values()), 1e-5);
    }
  }
}

TEST(ImplicitAls, FindsTheAisleThatACustomerLikes) {
  const Matrix matrix = shop(400, 100, 8'000, 8);
  const FactorModel model = train(matrix, ImplicitSettings{.rank = 12}).value();
  std::vector<float> scores(100);
  int right = 0;
  for (std::uint32_t customer = 0; customer < 100; ++customer) {
    model.score(customer, scores);
    const auto best = std::ranges::max_element(scores) - scores.begin();
    if (static_cast<std::uint32_t>(best) % 5 == customer % 5) ++right;
  }
  EXPECT_GE(right, 90);
}

TEST(ImplicitAls, WarmStartGoesOnWhereTheOtherStopped) {
  const Matrix matrix = shop(200, 60, 2'000, 9);
  ImplicitSettings settings{.rank = 8, .iterations = 6};
  const FactorModel whole = train(matrix, settings).value();
  settings.iterations = 3;
  const FactorModel part = train(matrix, settings).value();
  const FactorModel rest = train(matrix, settings, {}, &part).value();
  EXPECT_LT(difference(whole.item_factors.values(), rest.item_factors.values()), 1e-6);
}

TEST(ImplicitAls, StopsWhenTheLossHardlyFallsOrWhenAskedTo) {
  const Matrix matrix = shop(200, 60, 2'000, 10);
  ImplicitSettings settings{.rank = 8, .iterations = 500, .least_gain = 1e-4};
  std::uint32_t done = 0;
  const auto count = [&](const Progress& progress) {
    done = progress.iteration;
    return progress.iteration < 300;
  };
  ASSERT_TRUE(train(matrix, settings, count).ok());
  EXPECT_LT(done, 300U);
  EXPECT_GT(done, 2U);
  settings.least_gain = 0;
  ASSERT_TRUE(train(matrix, settings, count).ok());
  EXPECT_EQ(done, 300U);
}

TEST(ImplicitAls, CustomersAndItemsWithoutAPairHaveNoFactors) {
  const std::vector<Rating> ratings = {{0, 0, 1}, {0, 1, 1}, {2, 1, 1}};
  const Matrix matrix = Matrix::from(ratings, 4, 3).value();
  const FactorModel model = train(matrix, ImplicitSettings{.rank = 2}).value();
  EXPECT_THAT(model.customer_factors.row(1), Each(0.0F));
  EXPECT_THAT(model.customer_factors.row(3), Each(0.0F));
  EXPECT_THAT(model.item_factors.row(2), Each(0.0F));
}

TEST(ImplicitAls, SmallAndEvenMatricesHaveAModel) {
  const std::vector<Rating> one = {{0, 0, 3}};
  const Matrix single = Matrix::from(one, 1, 1).value();
  EXPECT_TRUE(train(single, ImplicitSettings{.rank = 1}).ok());
  std::vector<Rating> all;
  for (std::uint32_t i = 0; i < 12; ++i) all.push_back({i / 4, i % 4, 2});
  const Matrix even = Matrix::from(all, 3, 4).value();
  for (const float regularisation : {0.0F, 0.01F}) {
    ImplicitSettings settings{.rank = 3, .unobserved_weight = 0};
    settings.regularisation = regularisation;
    const auto model = train(even, settings);
    ASSERT_TRUE(model.ok()) << model.error().message();
    std::vector<float> scores(4);
    model->score(1, scores);
    for (const float score : scores) EXPECT_NEAR(score, 1, 0.1);
  }
}

TEST(ImplicitAls, WhatCannotBeTrainedIsRefusedWithItsReason) {
  const Matrix matrix = shop(20, 10, 60, 11);
  const auto message = [&](const Matrix& with, const ImplicitSettings& settings) {
    const auto refused = train(with, settings);
    return refused.ok() ? std::string("accepted") : refused.error().message();
  };
  EXPECT_THAT(message(Matrix::from({}, 3, 3).value(), {.rank = 2}), HasSubstr("nothing to learn"));
  EXPECT_THAT(message(matrix, {.rank = 0}), HasSubstr("rank 0"));
  EXPECT_THAT(message(matrix, {.rank = 21}), HasSubstr("choose 1 to 20"));
  EXPECT_THAT(message(matrix, {.rank = 2, .alpha = 0}), HasSubstr("alpha"));
  EXPECT_THAT(message(matrix, {.rank = 2, .unobserved_weight = -1}), HasSubstr("unobserved"));
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(message(matrix, {.rank = 2, .regularisation = nan}), HasSubstr("regularisation"));
  EXPECT_THAT(message(matrix, {.rank = 2, .frequency_exponent = 2}), HasSubstr("exponent"));
  EXPECT_THAT(message(matrix, {.rank = 2, .block = 0}), HasSubstr("block"));
  const FactorModel other(Factors(3, 2), Factors(10, 2));
  const auto refused = train(matrix, ImplicitSettings{.rank = 2}, {}, &other);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message(), HasSubstr("the start has 3 customers"));
}

}  // namespace
}  // namespace tillsight::als
