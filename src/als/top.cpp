#include "tillsight/als/top.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "als/kernels.hpp"
#include "als/panels.hpp"
#include "als/parallel.hpp"
#include "tillsight/core/check.hpp"

namespace tillsight::als {
namespace {

constexpr float kNone = -std::numeric_limits<float>::infinity();

/// The best seen so far, best first. Items come in ascending order, so among equals who came first
/// stays first.
class Best {
 public:
  explicit Best(std::size_t length) : length_(length) { ranked_.reserve(length + 1); }

  void clear() { ranked_.clear(); }
  /// What a score must exceed to be among them.
  float threshold() const { return ranked_.size() < length_ ? kNone : ranked_.back().score; }
  void add(Ranked next) {
    if (ranked_.size() == length_) ranked_.pop_back();
    const auto place =
        std::ranges::upper_bound(ranked_, next.score, std::ranges::greater{}, &Ranked::score);
    ranked_.insert(place, next);
  }
  const std::vector<Ranked>& ranked() const { return ranked_; }

 private:
  std::size_t length_;
  std::vector<Ranked> ranked_;
};

/// What one customer's list leaves out.
struct LeftOut {
  std::span<const std::uint8_t> allowed;
  std::span<const std::uint32_t> bought;  ///< ascending

  bool has(std::uint32_t item) const {
    return (!allowed.empty() && allowed[item] == 0) ||
           std::binary_search(bought.begin(), bought.end(), item);
  }
};

/// Scores of the items from `first` on.
void add_scores(const Kernels& table, std::span<const float> scores, std::uint32_t first,
                const LeftOut& left_out, Best& best) {
  for (std::size_t at = table.next_above(scores.data(), 0, scores.size(), best.threshold());
       at < scores.size();
       at = table.next_above(scores.data(), at + 1, scores.size(), best.threshold())) {
    const auto item = static_cast<std::uint32_t>(first + at);
    if (std::isfinite(scores[at]) && !left_out.has(item)) best.add({item, scores[at]});
  }
}

LeftOut left_out_of(const TopFilter& filter, std::uint32_t customer) {
  if (filter.bought == nullptr) return {filter.allowed, {}};
  return {filter.allowed, filter.bought->row(customer).columns};
}

/// As many customers as a tile is high, times panel after panel of the items while both stay in the
/// first-level cache.
class Ranking {
 public:
  Ranking(const FactorModel& model, const TopFilter& filter, std::size_t length)
      : model_(model),
        filter_(filter),
        panels_(table_, model.item_factors.values().data(), model.items(), model.rank()),
        length_(length) {}

  std::size_t height() const { return table_.tile_rows; }

  void rank(std::span<const std::uint32_t> customers, std::size_t first, TopLists& lists) const {
    const std::size_t rank = model_.rank();
    std::vector<float> rows(height() * rank);
    for (std::size_t r = 0; r < customers.size(); ++r) {
      std::ranges::copy(model_.customer_factors.row(customers[r]), rows.data() + r * rank);
    }
    std::vector<float> packed(height() * rank);
    std::vector<float> scores(height() * kPanels * panels_.width());
    std::vector<Best> best(customers.size(), Best(length_));
    for (std::size_t panel = 0; panel < panels_.panels(); panel += kPanels) {
      const std::size_t count = std::min(kPanels, panels_.panels() - panel);
      panels_.multiply(rows.data(), customers.size(), packed.data(), panel, count, scores.data());
      const std::size_t item = panel * panels_.width();
      const std::size_t width = count * panels_.width();
      const std::size_t there = std::min(width, model_.items() - item);
      for (std::size_t r = 0; r < customers.size(); ++r) {
        add_scores(table_, {scores.data() + r * width, there}, static_cast<std::uint32_t>(item),
                   left_out_of(filter_, customers[r]), best[r]);
      }
    }
    for (std::size_t r = 0; r < customers.size(); ++r) lists.set(first + r, best[r].ranked());
  }

 private:
  static constexpr std::size_t kPanels = 32;

  const FactorModel& model_;
  const TopFilter& filter_;
  const Kernels& table_ = kernels();
  const Panels panels_;
  const std::size_t length_;
};

void top_of_factors(const FactorModel& model, std::span<const std::uint32_t> customers,
                    std::size_t length, const TopFilter& filter, int threads, TopLists& lists) {
  const Ranking ranking(model, filter, length);
  constexpr std::size_t kTiles = 8;
  const std::size_t chunk = kTiles * ranking.height();
  in_parallel(threads, (customers.size() + chunk - 1) / chunk, [&](std::size_t, std::size_t part) {
    const std::size_t end = std::min(customers.size(), (part + 1) * chunk);
    for (std::size_t first = part * chunk; first < end; first += ranking.height()) {
      ranking.rank(customers.subspan(first, std::min(ranking.height(), end - first)), first, lists);
    }
  });
}

}  // namespace

TopLists::TopLists(std::size_t customers, std::size_t length)
    : length_(length), ranked_(customers * length), lengths_(customers) {}

void TopLists::set(std::size_t index, std::span<const Ranked> best) {
  const std::size_t count = std::min(best.size(), length_);
  std::copy_n(best.begin(), count, ranked_.begin() + static_cast<std::ptrdiff_t>(index * length_));
  lengths_[index] = static_cast<std::uint32_t>(count);
}

TopLists top(const Model& model, std::span<const std::uint32_t> customers, std::size_t length,
             const TopFilter& filter, int threads) {
  TILLSIGHT_CHECK(filter.allowed.empty() || filter.allowed.size() == model.items(),
                  "a filter of another catalogue");
  TopLists lists(customers.size(), length);
  if (length == 0 || model.items() == 0) return lists;
  if (const FactorModel* factors = model.as_factors(); factors != nullptr) {
    top_of_factors(*factors, customers, length, filter, threads_for(threads), lists);
    return lists;
  }
  in_parallel(threads_for(threads), customers.size(), [&](std::size_t, std::size_t index) {
    std::vector<float> scores(model.items());
    model.score(customers[index], scores);
    Best best(length);
    add_scores(kernels(), scores, 0, left_out_of(filter, customers[index]), best);
    lists.set(index, best.ranked());
  });
  return lists;
}

std::vector<Ranked> top(std::span<const float> scores, std::size_t length,
                        std::span<const std::uint8_t> allowed,
                        std::span<const std::uint32_t> left_out) {
  if (length == 0) return {};
  Best best(length);
  add_scores(kernels(), scores, 0, {allowed, left_out}, best);
  return best.ranked();
}

}  // namespace tillsight::als
