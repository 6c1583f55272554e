/// \file
/// Scanned groups as rows, and the order in which they are answered.
///
/// **Threads** thread-compatible.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "columns/scan.hpp"
#include "tillsight/columns/query.hpp"

namespace tillsight::columns {

class Table {
 public:
  /// \param columns, scanned must outlive the table.
  Table(const Columns& columns, const Scanned& scanned, const std::vector<Measure>& measures);

  std::size_t rows() const { return scanned_.groups.keys.size(); }
  std::size_t axes() const { return scanned_.axes.size(); }

  /// \return below, equal or above 0. Texts by their bytes.
  int compare_dimension(std::size_t axis, std::size_t a, std::size_t b) const;
  /// What there is none of is above everything.
  int compare_measure(std::size_t measure, std::size_t a, std::size_t b) const;
  /// A number a row that has the order of all dimensions together.
  std::vector<std::uint64_t> ranks() const;

  /// What an answer holds of these rows.
  std::vector<std::int64_t> dimension(std::size_t axis, std::span<const std::uint32_t> rows) const;
  std::vector<std::int64_t> measure(std::size_t measure, std::span<const std::uint32_t> rows) const;

 private:
  std::string_view text(const Axis& axis, std::uint64_t group) const {
    return columns_.text(axis.field, static_cast<std::uint32_t>(group));
  }
  std::vector<std::uint64_t> text_ranks(std::size_t axis) const;
  const std::vector<std::int64_t>& values(const Reckoned& what) const;
  void add(const Measure& measure);

  const Columns& columns_;
  const Scanned& scanned_;
  std::vector<std::vector<std::int64_t>> measures_;
};

/// A column by which rows are put in order.
struct SortKey {
  bool is_measure = false;
  std::size_t number = 0;
  bool descending = false;
};

/// \return kInvalidArgument naming the columns, for one that is none.
Result<std::vector<SortKey>> sort_keys(const std::vector<Dimension>& by,
                                       const std::vector<Measure>& measures,
                                       const std::vector<Order>& order);

/// The rows in order of the keys, then of the dimensions; the first `limit` of them.
std::vector<std::uint32_t> in_order(const Table& table, const std::vector<SortKey>& keys,
                                    std::size_t limit);

}  // namespace tillsight::columns
