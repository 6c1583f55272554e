// Goal: a customer who is folded in gets the row that training would give, and reasons that add up
// to the score.
// Method: against a half sweep with the same item factors, and against the product of factors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "als/sweep.hpp"
#include "tests/als/shop.hpp"
#include "tillsight/als/explain.hpp"
#include "tillsight/als/implicit_als.hpp"

namespace tillsight::als {
namespace {

using testing::Each;
using testing::IsEmpty;
using testing::SizeIs;

class FoldInTest : public testing::Test {
 protected:
  static ImplicitSettings settings() {
    ImplicitSettings settings{.rank = 20, .iterations = 5, .solver = Solver::kCholesky};
    settings.confidence = Confidence::kLogarithmic;
    return settings;
  }

  const Matrix bought_ = shop(500, 80, 5'000, 1);
  const FactorModel model_ = train(bought_, settings()).value();
  const FoldIn fold_in_{model_.item_factors, settings()};
};

TEST_F(FoldInTest, RowIsWhatTrainingGives) {
  Factors swept(bought_.rows(), 20);
  half_sweep(entries_of(bought_, settings()), rules_of(settings()), model_.item_factors, swept, 2);
  for (std::uint32_t customer = 0; customer < 500; customer += 9) {
    const std::vector<float> row = fold_in_.row(bought_.row(customer)).value();
    for (std::size_t i = 0; i < 20; ++i) EXPECT_NEAR(row[i], swept.row(customer)[i], 2e-4);
  }
}

TEST_F(FoldInTest, WhoHasBoughtNothingHasNoTaste) {
  EXPECT_THAT(fold_in_.row({}).value(), Each(0.0F));
}

TEST_F(FoldInTest, RowsThatNoMatrixCouldHoldAreRefused) {
  const std::vector<float> values = {1, 1};
  for (const std::vector<std::uint32_t>& columns :
       {std::vector<std::uint32_t>{3, 3}, {4, 2}, {1, 80}}) {
    EXPECT_FALSE(fold_in_.row({columns, values}).ok());
  }
  const std::vector<std::uint32_t> columns = {1, 2};
  const std::vector<float> negative = {1, -1};
  EXPECT_FALSE(fold_in_.row({columns, negative}).ok());
  EXPECT_FALSE(fold_in_.shares({columns, values}, 80).ok());
}

TEST_F(FoldInTest, SharesAddUpToTheScore) {
  for (std::uint32_t customer = 0; customer < 100; customer += 7) {
    const Matrix::Row row = bought_.row(customer);
    const std::vector<float> w = fold_in_.row(row).value();
    for (const std::uint32_t item : {0U, 13U, 55U}) {
      const std::span<const float> h = model_.item_factors.row(item);
      const float score = std::inner_product(w.begin(), w.end(), h.begin(), 0.0F);
      const std::vector<float> shares = fold_in_.shares(row, item).value();
      ASSERT_THAT(shares, SizeIs(row.size()));
      EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0F), score, 1e-3);
    }
  }
}

TEST(Reasons, AreTheGreatestSharesWithoutTheItemItself) {
  const std::vector<std::uint32_t> columns = {2, 5, 7, 9};
  const std::vector<float> values(4, 1);
  const std::vector<float> shares = {0.1F, 0.6F, -0.2F, 0.3F};
  const auto found = reasons({columns, values}, shares, 9, 5);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].item, 5U);
  EXPECT_NEAR(found[0].share, 6.0 / 7, 1e-6);
  EXPECT_EQ(found[1].item, 2U);
  EXPECT_THAT(reasons({columns, values}, shares, 9, 1), SizeIs(1));
  EXPECT_THAT(reasons({}, {}, 9, 3), IsEmpty());
}

}  // namespace
}  // namespace tillsight::als
