// Goal: the metrics are what their formulas say.
// Method: one list reckoned by hand; laws: a perfect list has 1 everywhere, a random one what
// chance gives; a bootstrap interval holds its mean and narrows with more customers.
#include "tillsight/als/metrics.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace tillsight::als {
namespace {

using ::testing::DoubleNear;
using ::testing::Each;

double of(const Scores& scores, Metric metric) {
  return scores[static_cast<std::size_t>(metric)];
}

std::vector<std::uint32_t> numbers(std::uint32_t count) {
  std::vector<std::uint32_t> all(count);
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

TEST(Metrics, AreAsReckonedByHand) {
  // Hits at places 2 and 4 of {3, 8, 9}.
  const std::vector<std::uint32_t> list = {1, 3, 2, 9, 0, 4};
  const std::vector<std::uint32_t> truth = {3, 8, 9};
  const Scores scores = score_list(list, truth);
  const double gain = 1 / std::log2(3.0) + 1 / std::log2(5.0);       // .6309 + .4307
  const double ideal = 1 + 1 / std::log2(3.0) + 1 / std::log2(4.0);  // 2.1309
  EXPECT_NEAR(of(scores, Metric::kRecall5), 2.0 / 3, 1e-12);
  EXPECT_NEAR(of(scores, Metric::kNdcg5), gain / ideal, 1e-12);
  EXPECT_NEAR(of(scores, Metric::kNdcg5), 0.4982, 1e-4);
  EXPECT_NEAR(of(scores, Metric::kMrr), 0.5, 1e-12);
}

TEST(Metrics, LookNoFurtherThanTheirPlace) {
  std::vector<std::uint32_t> list = numbers(100);
  const Scores sixth = score_list(list, std::vector<std::uint32_t>{5});
  EXPECT_EQ(of(sixth, Metric::kRecall5), 0);
  EXPECT_EQ(of(sixth, Metric::kRecall20), 1);
  const Scores last = score_list(list, std::vector<std::uint32_t>{99});
  EXPECT_EQ(of(last, Metric::kNdcg20), 0);
  EXPECT_NEAR(of(last, Metric::kNdcg100), 1 / std::log2(101.0), 1e-12);
  EXPECT_NEAR(of(last, Metric::kMrr), 0.01, 1e-12);
}

TEST(Metrics, APerfectListHasOneInAllOfThem) {
  for (const std::uint32_t bought : {1U, 4U, 20U, 50U, 250U}) {
    const auto truth = numbers(bought);
    EXPECT_THAT(score_list(truth, truth), Each(DoubleNear(1, 1e-12))) << bought;
  }
}

TEST(Metrics, AnEmptyListHasNothing) {
  EXPECT_THAT(score_list({}, std::vector<std::uint32_t>{1}), Each(0));
}

TEST(Metrics, ARandomListHasWhatChanceGives) {
  constexpr std::uint32_t kItems = 400;
  constexpr int kCustomers = 4'000;
  std::mt19937_64 engine(1);
  auto order = numbers(kItems);
  const auto truth = numbers(10);
  double recall = 0;
  double ndcg = 0;
  for (int i = 0; i < kCustomers; ++i) {
    std::ranges::shuffle(order, engine);
    const Scores scores = score_list(order, truth);
    recall += of(scores, Metric::kRecall20) / kCustomers;
    ndcg += of(scores, Metric::kNdcg100) / kCustomers;
  }
  // Each place is a hit for 10 of 400: 20 places find 5 % of the truth.
  EXPECT_NEAR(recall, 0.05, 0.005);
  double places = 0;
  for (int place = 1; place <= 100; ++place) places += 1 / std::log2(place + 1.0);
  double ideal = 0;
  for (int place = 1; place <= 10; ++place) ideal += 1 / std::log2(place + 1.0);
  EXPECT_NEAR(ndcg, 0.025 * places / ideal, 0.005);
}

TEST(Bootstrap, IntervalHoldsTheMeanAndNarrowsWithMore) {
  std::mt19937_64 engine(1);
  const auto sample = [&engine](std::size_t count) {
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(engine() % 2 == 0 ? 0 : 1);
    return values;
  };
  const Interval few = bootstrap(sample(100), 1);
  const Interval many = bootstrap(sample(10'000), 1);
  EXPECT_LT(few.low, few.mean);
  EXPECT_GT(few.high, few.mean);
  // Ten times narrower for a hundred times as many; the theory's width is 3.92 · 0.5 / √n.
  EXPECT_NEAR(few.high - few.low, 0.196, 0.05);
  EXPECT_NEAR(many.high - many.low, 0.0196, 0.005);
  const Interval again = bootstrap(sample(0), 1);
  EXPECT_EQ(again.high, 0);
}

TEST(Breadth, CountsWhatIsShownAndWeighsWhatIsRare) {
  // Of 8 customers all have item 0, one has item 1; nobody has item 3.
  const std::vector<std::uint32_t> buyers = {8, 1, 4, 0};
  Breadth breadth(buyers, 8);
  EXPECT_EQ(breadth.coverage(), 0);
  EXPECT_EQ(breadth.novelty(), 0);
  breadth.add(std::vector<std::uint32_t>{0, 1});
  breadth.add(std::vector<std::uint32_t>{0});
  EXPECT_NEAR(breadth.coverage(), 0.5, 1e-12);
  EXPECT_NEAR(breadth.novelty(), (0 + 3 + 0) / 3.0, 1e-12);
}

}  // namespace
}  // namespace tillsight::als
