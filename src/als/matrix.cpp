#include "tillsight/als/matrix.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tillsight::als {
namespace {

Status check(const Rating& rating, std::uint32_t rows, std::uint32_t columns) {
  if (rating.row >= rows || rating.column >= columns) {
    return error(Code::kInvalidArgument,
                 "rating ({}, {}): outside a matrix of {} × {}; count the rows and columns again",
                 rating.row, rating.column, rows, columns);
  }
  if (!std::isfinite(rating.value) || rating.value < 0) {
    return error(Code::kInvalidArgument,
                 "rating ({}, {}): {} is not a weight; give a finite number from 0 on", rating.row,
                 rating.column, rating.value);
  }
  return {};
}

}  // namespace

Result<Matrix> Matrix::from(std::span<const Rating> ratings, std::uint32_t rows,
                            std::uint32_t columns) {
  Matrix matrix;
  matrix.rows_ = rows;
  matrix.columns_ = columns;
  matrix.starts_.assign(std::size_t{rows} + 1, 0);
  for (const Rating& rating : ratings) {
    TILLSIGHT_TRY(check(rating, rows, columns));
    ++matrix.starts_[rating.row + std::size_t{1}];
  }
  for (std::size_t row = 0; row < rows; ++row) matrix.starts_[row + 1] += matrix.starts_[row];

  std::vector<std::size_t> next(matrix.starts_.begin(), matrix.starts_.end() - 1);
  std::vector<std::pair<std::uint32_t, float>> pairs(ratings.size());
  for (const Rating& rating : ratings) pairs[next[rating.row]++] = {rating.column, rating.value};

  matrix.column_of_.reserve(pairs.size());
  matrix.values_.reserve(pairs.size());
  for (std::size_t row = 0; row < rows; ++row) {
    const auto begin = pairs.begin() + static_cast<std::ptrdiff_t>(matrix.starts_[row]);
    const auto end = pairs.begin() + static_cast<std::ptrdiff_t>(matrix.starts_[row + 1]);
    // Stable by value too, so that the order of the input does not change a sum's last bit.
    std::sort(begin, end);
    const std::size_t first = matrix.values_.size();
    matrix.starts_[row] = first;
    for (auto pair = begin; pair != end; ++pair) {
      if (matrix.values_.size() > first && matrix.column_of_.back() == pair->first) {
        matrix.values_.back() += pair->second;
      } else {
        matrix.column_of_.push_back(pair->first);
        matrix.values_.push_back(pair->second);
      }
    }
  }
  matrix.starts_[rows] = matrix.values_.size();
  matrix.column_of_.shrink_to_fit();
  matrix.values_.shrink_to_fit();
  return matrix;
}

Matrix::Row Matrix::row(std::uint32_t index) const {
  const std::size_t start = starts_[index];
  const std::size_t size = starts_[index + std::size_t{1}] - start;
  return {{column_of_.data() + start, size}, {values_.data() + start, size}};
}

Matrix Matrix::transposed() const {
  Matrix other;
  other.rows_ = columns_;
  other.columns_ = rows_;
  other.starts_.assign(std::size_t{columns_} + 1, 0);
  other.column_of_.resize(size());
  other.values_.resize(size());
  for (const std::uint32_t column : column_of_) ++other.starts_[column + std::size_t{1}];
  for (std::size_t row = 0; row < columns_; ++row) other.starts_[row + 1] += other.starts_[row];
  std::vector<std::size_t> next(other.starts_.begin(), other.starts_.end() - 1);
  for (std::uint32_t index = 0; index < rows_; ++index) {
    const Row from = row(index);
    for (std::size_t i = 0; i < from.size(); ++i) {
      const std::size_t at = next[from.columns[i]]++;
      other.column_of_[at] = index;
      other.values_[at] = from.values[i];
    }
  }
  return other;
}

}  // namespace tillsight::als
