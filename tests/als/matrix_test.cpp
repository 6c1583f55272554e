// Goal: a Matrix holds exactly the ratings that it was given, whatever their order, and refuses
// what no trainer could use. Method: small matrices by hand; a random one against its own transpose
// and a shuffled input.
#include "tillsight/als/matrix.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace tillsight::als {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Ratings = std::vector<Rating>;

Matrix matrix_of(const Ratings& ratings, std::uint32_t rows, std::uint32_t columns) {
  return Matrix::from(ratings, rows, columns).value();
}

TEST(Matrix, RowsHoldTheirRatingsByColumn) {
  const Matrix matrix = matrix_of({{2, 1, 5}, {0, 3, 1}, {0, 0, 2}}, 3, 4);
  EXPECT_EQ(matrix.rows(), 3U);
  EXPECT_EQ(matrix.columns(), 4U);
  EXPECT_EQ(matrix.size(), 3U);
  EXPECT_THAT(matrix.row(0).columns, ElementsAre(0, 3));
  EXPECT_THAT(matrix.row(0).values, ElementsAre(2, 1));
  EXPECT_THAT(matrix.row(1).columns, IsEmpty());
  EXPECT_THAT(matrix.row(2).columns, ElementsAre(1));
}

TEST(Matrix, PairThatComesAgainIsAddedUp) {
  const Matrix matrix = matrix_of({{0, 1, 2}, {1, 0, 1}, {0, 1, 3}, {0, 1, 0.5F}}, 2, 2);
  EXPECT_EQ(matrix.size(), 2U);
  EXPECT_THAT(matrix.row(0).values, ElementsAre(5.5F));
  EXPECT_THAT(matrix.row(1).values, ElementsAre(1));
}

TEST(Matrix, WithoutRatingsHasEmptyRows) {
  const Matrix matrix = matrix_of({}, 2, 3);
  EXPECT_EQ(matrix.size(), 0U);
  EXPECT_THAT(matrix.row(1).columns, IsEmpty());
  EXPECT_EQ(matrix.transposed().rows(), 3U);
  EXPECT_EQ(Matrix().rows(), 0U);
}

TEST(Matrix, ValueThatIsNoWeightIsRefusedByName) {
  for (const float value :
       {-1.0F, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const auto refused = Matrix::from(Ratings{{0, 0, 1}, {1, 2, value}}, 2, 3);
    ASSERT_FALSE(refused.ok()) << value;
    EXPECT_EQ(refused.error().code(), Code::kInvalidArgument);
    EXPECT_THAT(refused.error().message(), HasSubstr("rating (1, 2)"));
  }
}

TEST(Matrix, PairOutsideIsRefused) {
  EXPECT_FALSE(Matrix::from(Ratings{{2, 0, 1}}, 2, 3).ok());
  EXPECT_FALSE(Matrix::from(Ratings{{0, 3, 1}}, 2, 3).ok());
}

TEST(Matrix, TransposedTwiceIsTheSameAndOrderOfTheInputDoesNotMatter) {
  std::mt19937 random(7);
  Ratings ratings;
  for (int i = 0; i < 500; ++i) {
    ratings.push_back({static_cast<std::uint32_t>(random() % 40),
                       static_cast<std::uint32_t>(random() % 30),
                       static_cast<float>(random() % 1000) / 7.0F});
  }
  const Matrix matrix = matrix_of(ratings, 40, 30);
  std::shuffle(ratings.begin(), ratings.end(), random);
  const Matrix shuffled = matrix_of(ratings, 40, 30);
  const Matrix twice = matrix.transposed().transposed();
  for (std::uint32_t row = 0; row < 40; ++row) {
    for (const Matrix* other : {&shuffled, &twice}) {
      EXPECT_TRUE(std::ranges::equal(matrix.row(row).columns, other->row(row).columns));
      EXPECT_TRUE(std::ranges::equal(matrix.row(row).values, other->row(row).values));
    }
  }
}

}  // namespace
}  // namespace tillsight::als
