/// \file
/// How good ranked lists are, by what customers bought afterwards.
///
/// With T the items that a customer bought and L the ranked list, rel_j = 1 if the item at place j
/// is in T:
///
///     Recall@k = Σ_{j ≤ k} rel_j / min(k, |T|)
///     NDCG@k   = Σ_{j ≤ k} rel_j / log₂(j + 1)  /  Σ_{j ≤ min(k, |T|)} 1 / log₂(j + 1)
///     MRR      = 1 / place of the first hit, 0 without one
///
/// each averaged over the customers, so that a perfect list has 1 in all of them. Coverage: the
/// share of all items that anybody is recommended among the first 20. Novelty: the mean of
/// −log₂ p_i over these, p_i the share of customers who had bought item i; popular items have
/// little.
///
/// **Threads** thread-compatible. **Example** tests/als/metrics_test.cpp
/// **Source** Järvelin, Kekäläinen 2002 (NDCG); Liang et al. 2018, arXiv 1802.05814 (min(k, |T|)).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tillsight::als {

enum class Metric { kRecall5, kRecall20, kNdcg5, kNdcg20, kNdcg100, kMrr };
inline constexpr std::size_t kMetrics = 6;
inline constexpr std::size_t kListLength = 100;  ///< what the longest metric looks at
inline constexpr std::size_t kShownLength = 20;  ///< what coverage and novelty look at
std::string_view name(Metric metric);            ///< "NDCG@20"

using Scores = std::array<double, kMetrics>;  ///< by Metric

/// Of one customer. \param list best first. \param truth ascending, not empty.
Scores score_list(std::span<const std::uint32_t> list, std::span<const std::uint32_t> truth);

/// A mean, and where it would lie for 95 % of samples of as many customers.
struct Interval {
  double mean = 0;
  double low = 0;
  double high = 0;
};

/// Bootstrap: percentiles of the means of `resamples` samples with replacement.
/// \return zeros without values.
Interval bootstrap(std::span<const double> values, std::uint64_t seed, int resamples = 1'000);

/// Coverage and novelty, gathered list by list.
class Breadth {
 public:
  /// \param buyers of each item. \param customers in all.
  Breadth(std::span<const std::uint32_t> buyers, std::size_t customers);
  void add(std::span<const std::uint32_t> list);
  double coverage() const;
  double novelty() const;

 private:
  std::vector<double> information_;
  std::vector<bool> shown_;
  std::size_t places_ = 0;
  double sum_ = 0;
};

}  // namespace tillsight::als
