// Goal: both public forms are read as their authors mean them, damage is named with its line, and
// the measures are those of the published tables.
// Method: small files in a folder of their own; lists whose measures can be reckoned by hand.
#include "tillsight/als/public_data.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "tests/als/shop.hpp"
#include "tests/support/temp_dir.hpp"

namespace tillsight::als {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PublicDataTest : public testing::Test {
 protected:
  std::filesystem::path file(const std::string& name, const std::string& text) {
    std::ofstream(dir_.path() / name, std::ios::binary) << text;
    return dir_.path() / name;
  }
  Result<PublicData> read(const std::string& train_text, const std::string& test_text,
                          float least_rating = 0) {
    return read_public(file("train", train_text), file("test", test_text), least_rating);
  }
  std::string refusal(const std::string& train_text) {
    const auto read_data = read(train_text, "0 1\n");
    return read_data.ok() ? "read" : read_data.error().message();
  }

  TempDir dir_;
};

TEST_F(PublicDataTest, LineACustomer) {
  const PublicData data = read("7 10 11 12 \n8\n\n9 11 11\r\n", "8 10\n7 13\n").value();
  EXPECT_EQ(data.train_set.rows(), 3U);
  EXPECT_EQ(data.train_set.columns(), 4U);
  EXPECT_THAT(data.train_set.row(0).columns, ElementsAre(0, 1, 2));
  EXPECT_THAT(data.train_set.row(1).columns, IsEmpty());
  EXPECT_THAT(data.train_set.row(2).columns, ElementsAre(1));
  EXPECT_THAT(data.train_set.row(2).values, ElementsAre(1));
  EXPECT_THAT(data.test_set.row(0).columns, ElementsAre(3));
  EXPECT_THAT(data.test_set.row(1).columns, ElementsAre(0));
}

TEST_F(PublicDataTest, RatingsWithAndWithoutAHeader) {
  for (const char* text :
       {"userId,movieId,rating,timestamp\na,x,4,1\nb,\"y, z\",3.5,2\n", "a,x,4\nb,\"y, z\",3.5\n",
        "user\titem\trating\na\tx\t4\nb\ty\t3.5\n", "a\tx\nb\ty\n", "user,item\n1,2\n3,4\n"}) {
    const auto data = read(text, "0 1\n");
    ASSERT_TRUE(data.ok()) << text << data.error().message();
    EXPECT_EQ(data->train_set.size(), 2U) << text;
  }
}

TEST_F(PublicDataTest, RatingsBelowTheLeastAreLeftOutAndCounted) {
  const PublicData data = read("u,i,r\na,x,5\na,y,2\nb,x,4\n", "a,y,3\nb,y,4\n", 4).value();
  EXPECT_EQ(data.train_set.size(), 2U);
  EXPECT_EQ(data.test_set.size(), 1U);
  EXPECT_EQ(data.below_rating, 2U);
}

TEST_F(PublicDataTest, DamageIsNamedWithItsLine) {
  EXPECT_THAT(refusal("1 2 3\n4 x7 5\n"), HasSubstr("train:2: "));
  EXPECT_THAT(refusal("a,x,4\nb,y,much\n"), HasSubstr("train:2: 'much' is not a rating"));
  EXPECT_THAT(refusal("a,x,4\nb\n"), HasSubstr("train:2: has no second field"));
  EXPECT_THAT(refusal("a\tx\t1\n\ty\t1\n"), HasSubstr("train:2: "));
  EXPECT_THAT(refusal(std::string("a,x\nb,\x01\x02\n")), HasSubstr("train:2: "));
  EXPECT_THAT(refusal(" \n\n"), HasSubstr("is empty"));
  EXPECT_THAT(refusal("5\n6\n"), HasSubstr("has no pair"));
  const auto missing = read_public(dir_.path() / "none", dir_.path() / "none");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code(), Code::kNotFound);
  EXPECT_FALSE(read_public(dir_.path(), dir_.path()).ok());
}

TEST(HoldBack, PartsEveryPairAndLeavesEachCustomerOne) {
  const Matrix matrix = shop(80, 40, 900, 1);
  const Slice slice = hold_back(matrix, 0.3, 5);
  EXPECT_EQ(slice.rest.size() + slice.held.size(), matrix.size());
  EXPECT_GT(slice.held.size(), matrix.size() / 5);
  for (std::uint32_t row = 0; row < 80; ++row) {
    EXPECT_EQ(slice.rest.row(row).size() == 0, matrix.row(row).size() == 0);
    for (const std::uint32_t column : slice.held.row(row).columns) {
      EXPECT_THAT(slice.rest.row(row).columns, testing::Not(testing::Contains(column)));
    }
  }
}

/// Everybody gets the items in their order.
class InOrder final : public Model {
 public:
  std::uint32_t customers() const override { return 3; }
  std::uint32_t items() const override { return 60; }
  void score(std::uint32_t, std::span<float> scores) const override {
    for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = -static_cast<float>(i);
  }
};

TEST(JudgePublic, ReckonsAsThePublishedTables) {
  // Customer 0 has bought item 0, so that item 1 is first: a hit at place 1 and one at place 30 of
  // three. Customer 1 has no hit; customer 2 is unknown in training.
  const std::vector<Rating> known = {{0, 0, 1}, {1, 0, 1}};
  const std::vector<Rating> wanted = {{0, 1, 1}, {0, 30, 1}, {0, 59, 1}, {1, 59, 1}, {2, 5, 1}};
  const PublicScores scores = judge_public(InOrder(), Matrix::from(known, 3, 60).value(),
                                           Matrix::from(wanted, 3, 60).value());
  EXPECT_EQ(scores.customers, 2U);
  EXPECT_EQ(scores.without_training, 1U);
  EXPECT_NEAR(scores.recall_20, 1.0 / 3 / 2, 1e-9);
  EXPECT_NEAR(scores.recall_50, 2.0 / 3 / 2, 1e-9);
  EXPECT_NEAR(scores.bounded_recall_20, 1.0 / 3 / 2, 1e-9);
  const double best = 1 + 1 / std::log2(3) + 1 / std::log2(4);
  EXPECT_NEAR(scores.ndcg_20, 1 / best / 2, 1e-9);
  EXPECT_NEAR(scores.ndcg_100,
              ((1 + 1 / std::log2(31) + 1 / std::log2(60)) / best + 1 / std::log2(60)) / 2, 1e-9);
}

}  // namespace
}  // namespace tillsight::als
