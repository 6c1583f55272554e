#include "tillsight/als/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace tillsight::als {
namespace {

double discount(std::size_t place) {
  return 1 / std::log2(static_cast<double>(place) + 1);
}

double ideal(std::size_t places) {
  double sum = 0;
  for (std::size_t place = 1; place <= places; ++place) sum += discount(place);
  return sum;
}

}  // namespace

std::string_view name(Metric metric) {
  constexpr std::array<std::string_view, kMetrics> kNames = {"Recall@5", "Recall@20", "NDCG@5",
                                                             "NDCG@20",  "NDCG@100",  "MRR"};
  return kNames[static_cast<std::size_t>(metric)];
}

Scores score_list(std::span<const std::uint32_t> list, std::span<const std::uint32_t> truth) {
  Scores scores{};
  const auto set = [&scores](Metric metric, double value) {
    scores[static_cast<std::size_t>(metric)] = value;
  };
  double hits = 0;
  double gain = 0;
  double reciprocal = 0;
  const auto reach = [&](std::size_t k) { return std::min(k, truth.size()); };
  for (std::size_t place = 1; place <= kListLength; ++place) {
    if (place <= list.size() && std::ranges::binary_search(truth, list[place - 1])) {
      if (hits == 0) reciprocal = 1 / static_cast<double>(place);
      ++hits;
      gain += discount(place);
    }
    if (place == 5 || place == 20) {
      set(place == 5 ? Metric::kRecall5 : Metric::kRecall20,
          hits / static_cast<double>(reach(place)));
      set(place == 5 ? Metric::kNdcg5 : Metric::kNdcg20, gain / ideal(reach(place)));
    }
  }
  set(Metric::kNdcg100, gain / ideal(reach(kListLength)));
  set(Metric::kMrr, reciprocal);
  return scores;
}

Interval bootstrap(std::span<const double> values, std::uint64_t seed, int resamples) {
  if (values.empty()) return {};
  std::mt19937_64 engine(seed);
  const auto count = static_cast<double>(values.size());
  std::vector<double> means;
  for (int i = 0; i < resamples; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < values.size(); ++j) sum += values[engine() % values.size()];
    means.push_back(sum / count);
  }
  std::ranges::sort(means);
  const auto at = [&means](double share) {
    return means[static_cast<std::size_t>(share * static_cast<double>(means.size() - 1) + 0.5)];
  };
  return {std::accumulate(values.begin(), values.end(), 0.0) / count, at(0.025), at(0.975)};
}

Breadth::Breadth(std::span<const std::uint32_t> buyers, std::size_t customers)
    : shown_(buyers.size(), false) {
  for (const std::uint32_t count : buyers) {
    // An item that nobody had bought is as new as one that a single customer had.
    const double had = std::max(1.0, static_cast<double>(count));
    information_.push_back(
        -std::log2(had / static_cast<double>(std::max<std::size_t>(customers, 1))));
  }
}

void Breadth::add(std::span<const std::uint32_t> list) {
  for (const std::uint32_t item : list.first(std::min(list.size(), kShownLength))) {
    shown_[item] = true;
    sum_ += information_[item];
    ++places_;
  }
}

double Breadth::coverage() const {
  if (shown_.empty()) return 0;
  return static_cast<double>(std::ranges::count(shown_, true)) / static_cast<double>(shown_.size());
}

double Breadth::novelty() const {
  return places_ == 0 ? 0 : sum_ / static_cast<double>(places_);
}

}  // namespace tillsight::als
