#include "tillsight/als/evaluate.hpp"

#include "tillsight/als/top.hpp"
#include "tillsight/core/check.hpp"

namespace tillsight::als {
namespace {

/// The same samples for every model and every run.
constexpr std::uint64_t kSamples = 20'111'209;

}  // namespace

double Judgement::mean(Metric metric) const {
  double sum = 0;
  for (const Scores& scores : of_customers) sum += scores[static_cast<std::size_t>(metric)];
  return of_customers.empty() ? 0 : sum / static_cast<double>(of_customers.size());
}

std::vector<double> Judgement::values(Metric metric) const {
  std::vector<double> values;
  values.reserve(of_customers.size());
  for (const Scores& scores : of_customers) {
    values.push_back(scores[static_cast<std::size_t>(metric)]);
  }
  return values;
}

Interval Judgement::interval(Metric metric) const {
  return bootstrap(values(metric), kSamples);
}

Judgement judge(const Model& model, const Truth& truth, Judged judged, const Matrix& known,
                std::span<const std::uint32_t> buyers) {
  TopFilter filter;
  if (judged == Judged::kNew) filter.bought = &known;
  const TopLists lists = top(model, truth.customers, kListLength, filter);
  Judgement judgement;
  Breadth breadth(buyers, known.rows());
  std::vector<std::uint32_t> items;
  for (std::size_t i = 0; i < truth.customers.size(); ++i) {
    items.clear();
    for (const Ranked& ranked : lists.list(i)) items.push_back(ranked.item);
    judgement.of_customers.push_back(score_list(items, truth.items[i]));
    breadth.add(items);
  }
  judgement.coverage = breadth.coverage();
  judgement.novelty = breadth.novelty();
  return judgement;
}

Interval difference(const Judgement& a, const Judgement& b, Metric metric) {
  TILLSIGHT_CHECK(a.of_customers.size() == b.of_customers.size(), "two truths are compared");
  std::vector<double> more = a.values(metric);
  const std::vector<double> less = b.values(metric);
  for (std::size_t i = 0; i < more.size(); ++i) more[i] -= less[i];
  return bootstrap(more, kSamples);
}

}  // namespace tillsight::als
