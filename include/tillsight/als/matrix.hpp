/// \file
/// Who bought what: the ratings as compressed sparse rows, the input of every trainer.
///
/// **Shapes** customers × items where a trainer takes it; `transposed()` is items × customers.
/// **Errors** values that no trainer can use (negative, infinite, not a number) are refused here,
/// by name, so that trainers need not look again.
/// **Threads** thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tillsight/core/result.hpp"

namespace tillsight::als {

/// r_ui: how much customer `row` has bought of item `column`, in whatever unit the caller weighs.
struct Rating {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  float value = 0;
};

class Matrix {
 public:
  /// One row, borrowed from its matrix: columns ascending, a value for each.
  struct Row {
    std::span<const std::uint32_t> columns;
    std::span<const float> values;
    std::size_t size() const { return columns.size(); }
  };

  /// Without rows and columns.
  Matrix() = default;

  /// \param ratings in any order; a pair that comes again is added up.
  /// \return kInvalidArgument for a value below zero or not finite, and for a pair outside
  /// rows × columns.
  static Result<Matrix> from(std::span<const Rating> ratings, std::uint32_t rows,
                             std::uint32_t columns);

  std::uint32_t rows() const { return rows_; }
  std::uint32_t columns() const { return columns_; }
  /// Pairs that are there, those of value zero included.
  std::size_t size() const { return values_.size(); }
  /// \pre index < rows()
  Row row(std::uint32_t index) const;

  Matrix transposed() const;

 private:
  std::uint32_t rows_ = 0;
  std::uint32_t columns_ = 0;
  std::vector<std::size_t> starts_ = {0};  ///< of each row in the two below, and the end
  std::vector<std::uint32_t> column_of_;
  std::vector<float> values_;
};

}  // namespace tillsight::als
