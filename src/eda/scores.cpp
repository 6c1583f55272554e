#include "eda/scores.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace tillsight::eda {
namespace {

constexpr double kMedianScale = 0.6745;  // of a normal distribution's median distance
constexpr double kMeanScale = 1.253314;  // of its mean distance

constexpr std::array<std::string_view, 11> kSegments = {
    "champions",      "loyal",     "potential loyalists",
    "new customers",  "promising", "need attention",
    "about to sleep", "at risk",   "cannot lose them",
    "hibernating",    "lost"};

// By recency (rows, 1 to 5) and value (columns, 1 to 5).
constexpr std::array<std::array<std::size_t, 5>, 5> kSegmentOf = {{
    {10, 9, 7, 7, 8},
    {9, 9, 7, 7, 8},
    {6, 6, 5, 1, 1},
    {4, 2, 2, 1, 1},
    {3, 2, 2, 1, 0},
}};

}  // namespace

double median(std::vector<double> values) {
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

std::vector<double> robust_scores(std::span<const double> values) {
  std::vector<double> scores(values.size(), 0);
  if (values.empty()) return scores;
  const double middle = median({values.begin(), values.end()});
  std::vector<double> distances;
  double sum = 0;
  for (const double value : values) {
    distances.push_back(std::abs(value - middle));
    sum += distances.back();
  }
  // Where most days are alike the median distance is 0, and the mean one still tells.
  const double spread = median(distances);
  const double mean = sum / static_cast<double>(values.size());
  const double unit = spread > 0 ? spread / kMedianScale : kMeanScale * mean;
  for (std::size_t i = 0; unit > 0 && i < values.size(); ++i)
    scores[i] = (values[i] - middle) / unit;
  return scores;
}

std::string_view segment_of(int recency, int value) {
  return kSegments.at(
      kSegmentOf.at(static_cast<std::size_t>(recency - 1)).at(static_cast<std::size_t>(value - 1)));
}

std::span<const std::string_view> segments() {
  return kSegments;
}

}  // namespace tillsight::eda
