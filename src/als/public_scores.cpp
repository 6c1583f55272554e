#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "tillsight/als/public_data.hpp"
#include "tillsight/als/top.hpp"

namespace tillsight::als {
namespace {

constexpr std::size_t kLongest = 100;

/// Hits among the first 20 and 50, discounted hits among the first 20 and 100.
struct Hits {
  double first_20 = 0;
  double first_50 = 0;
  double gain_20 = 0;
  double gain_100 = 0;
};

Hits hits_of(std::span<const Ranked> list, std::span<const std::uint32_t> truth) {
  Hits hits;
  for (std::size_t place = 0; place < list.size(); ++place) {
    if (!std::binary_search(truth.begin(), truth.end(), list[place].item)) continue;
    const double gain = 1 / std::log2(static_cast<double>(place) + 2);
    if (place < 20) ++hits.first_20;
    if (place < 20) hits.gain_20 += gain;
    if (place < 50) ++hits.first_50;
    hits.gain_100 += gain;
  }
  return hits;
}

double best_gain(std::size_t hits) {
  double sum = 0;
  for (std::size_t place = 0; place < hits; ++place) {
    sum += 1 / std::log2(static_cast<double>(place) + 2);
  }
  return sum;
}

void add(PublicScores& scores, const Hits& hits, std::size_t truth) {
  const auto at_most = [truth](std::size_t k) { return std::min(k, truth); };
  scores.recall_20 += hits.first_20 / static_cast<double>(truth);
  scores.recall_50 += hits.first_50 / static_cast<double>(truth);
  scores.bounded_recall_20 += hits.first_20 / static_cast<double>(at_most(20));
  scores.bounded_recall_50 += hits.first_50 / static_cast<double>(at_most(50));
  scores.ndcg_20 += hits.gain_20 / best_gain(at_most(20));
  scores.ndcg_100 += hits.gain_100 / best_gain(at_most(kLongest));
}

}  // namespace

Slice hold_back(const Matrix& train_set, double share, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<Rating> rest;
  std::vector<Rating> held;
  for (std::uint32_t row = 0; row < train_set.rows(); ++row) {
    const Matrix::Row pairs = train_set.row(row);
    std::size_t left = pairs.size();
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const bool hold = unit(engine) < share && left > 1;
      if (hold) --left;
      (hold ? held : rest).push_back({row, pairs.columns[i], pairs.values[i]});
    }
  }
  return {Matrix::from(rest, train_set.rows(), train_set.columns()).value(),
          Matrix::from(held, train_set.rows(), train_set.columns()).value()};
}

PublicScores judge_public(const Model& model, const Matrix& train_set, const Matrix& test_set,
                          int threads) {
  PublicScores scores;
  std::vector<std::uint32_t> customers;
  for (std::uint32_t customer = 0; customer < test_set.rows(); ++customer) {
    if (test_set.row(customer).size() == 0) continue;
    if (train_set.row(customer).size() == 0) {
      ++scores.without_training;
    } else {
      customers.push_back(customer);
    }
  }
  const TopLists lists = top(model, customers, kLongest, {.bought = &train_set}, threads);
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const std::span<const std::uint32_t> truth = test_set.row(customers[i]).columns;
    add(scores, hits_of(lists.list(i), truth), truth.size());
  }
  scores.customers = customers.size();
  const double count = customers.empty() ? 1 : static_cast<double>(customers.size());
  for (double* mean : {&scores.recall_20, &scores.recall_50, &scores.bounded_recall_20,
                       &scores.bounded_recall_50, &scores.ndcg_20, &scores.ndcg_100}) {
    *mean /= count;
  }
  return scores;
}

}  // namespace tillsight::als
