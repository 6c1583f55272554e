#include "tillsight/als/baselines.hpp"

#include <algorithm>
#include <cmath>

namespace tillsight::als {
namespace {

std::vector<float> norms_of(const Matrix& columns) {
  std::vector<float> norms;
  for (std::uint32_t item = 0; item < columns.rows(); ++item) {
    float sum = 0;
    for (const float value : columns.row(item).values) sum += value * value;
    norms.push_back(std::sqrt(sum));
  }
  return norms;
}

/// Keeps the `most` greatest.
void keep_best(std::vector<Rating>& ratings, std::size_t most) {
  const auto better = [](const Rating& a, const Rating& b) {
    return a.value != b.value ? a.value > b.value : a.column < b.column;
  };
  if (ratings.size() <= most) return;
  std::nth_element(ratings.begin(), ratings.begin() + static_cast<std::ptrdiff_t>(most),
                   ratings.end(), better);
  ratings.resize(most);
}

/// A matrix of what cannot be refused: products of values that a matrix has taken.
Matrix matrix_of(const std::vector<Rating>& ratings, std::uint32_t size) {
  auto made = Matrix::from(ratings, size, size);
  TILLSIGHT_CHECK(made.ok(), "similarities are finite");
  return std::move(made).value();
}

Matrix nearest(const Matrix& bought, const NeighbourSettings& settings) {
  const Matrix buyers = bought.transposed();
  const std::vector<float> norms = norms_of(buyers);
  std::vector<Rating> kept;
  std::vector<float> sums(bought.columns(), 0);
  std::vector<std::uint32_t> touched;
  for (std::uint32_t item = 0; item < buyers.rows(); ++item) {
    const Matrix::Row of_item = buyers.row(item);
    for (std::size_t i = 0; i < of_item.size(); ++i) {
      const Matrix::Row basket = bought.row(of_item.columns[i]);
      for (std::size_t j = 0; j < basket.size(); ++j) {
        float& sum = sums[basket.columns[j]];
        if (sum == 0) touched.push_back(basket.columns[j]);
        sum += of_item.values[i] * basket.values[j];
      }
    }
    std::vector<Rating> row;
    for (const std::uint32_t other : touched) {
      const float product = std::exchange(sums[other], 0.0F);
      if (other == item || product <= 0) continue;
      row.push_back({item, other, product / (norms[item] * norms[other] + settings.shrinkage)});
    }
    touched.clear();
    keep_best(row, settings.neighbours);
    kept.insert(kept.end(), row.begin(), row.end());
  }
  return matrix_of(kept, bought.columns());
}

/// Scores as so many standard deviations from their mean.
void standardise(std::span<float> scores) {
  double sum = 0;
  double squares = 0;
  for (const float score : scores) {
    sum += score;
    squares += double{score} * score;
  }
  const auto count = static_cast<double>(std::max<std::size_t>(scores.size(), 1));
  const double mean = sum / count;
  const double spread = std::sqrt(std::max(0.0, squares / count - mean * mean));
  for (float& score : scores) {
    score = spread > 0 ? static_cast<float>((score - mean) / spread) : 0;
  }
}

}  // namespace

Popularity::Popularity(const Matrix& bought)
    : customers_(bought.rows()), buyers_(bought.columns(), 0) {
  for (std::uint32_t customer = 0; customer < bought.rows(); ++customer) {
    for (const std::uint32_t item : bought.row(customer).columns) ++buyers_[item];
  }
}

void Popularity::score(std::uint32_t, std::span<float> scores) const {
  std::ranges::transform(buyers_, scores.begin(),
                         [](std::uint32_t buyers) { return static_cast<float>(buyers); });
}

void BuyAgain::score(std::uint32_t customer, std::span<float> scores) const {
  rest_.score(customer, scores);
  float most = 0;
  for (const float score : scores) most = std::max(most, std::abs(score));
  // Between -1 and 1, so that no rest comes before anything that was bought.
  for (float& score : scores) score = most > 0 ? score / most : 0;
  const Matrix::Row own = weighed_.row(customer);
  float least = 1;
  for (const float value : own.values) {
    if (value > 0) least = std::min(least, value);
  }
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (own.values[i] > 0) scores[own.columns[i]] += 1e3F * own.values[i] / least;
  }
}

void Blend::score(std::uint32_t customer, std::span<float> scores) const {
  model_.score(customer, scores);
  standardise(scores);
  std::vector<float> again(scores.size(), 0);
  const Matrix::Row own = weighed_.row(customer);
  for (std::size_t i = 0; i < own.size(); ++i) again[own.columns[i]] = std::log1p(own.values[i]);
  standardise(again);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores[i] = (1 - share_) * scores[i] + share_ * again[i];
  }
}

ItemNeighbours::ItemNeighbours(const Matrix& bought, const NeighbourSettings& settings)
    : bought_(bought), similar_(nearest(bought, settings).transposed()) {}

void ItemNeighbours::score(std::uint32_t customer, std::span<float> scores) const {
  std::ranges::fill(scores, 0.0F);
  const Matrix::Row own = bought_.row(customer);
  for (std::size_t i = 0; i < own.size(); ++i) {
    const Matrix::Row near = similar_.row(own.columns[i]);
    for (std::size_t j = 0; j < near.size(); ++j) {
      scores[near.columns[j]] += own.values[i] * near.values[j];
    }
  }
}

std::vector<float> ItemNeighbours::shares(const Matrix::Row& bought, std::uint32_t item) const {
  std::vector<float> shares;
  for (std::size_t i = 0; i < bought.size(); ++i) {
    const Matrix::Row near = similar_.row(bought.columns[i]);
    const auto found = std::ranges::lower_bound(near.columns, item);
    const bool is_near = found != near.columns.end() && *found == item;
    const auto place = static_cast<std::size_t>(found - near.columns.begin());
    shares.push_back(is_near ? bought.values[i] * near.values[place] : 0);
  }
  return shares;
}

}  // namespace tillsight::als
