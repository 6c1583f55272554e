/// \file
/// Rows ─► the bytes of a segment.
///
/// **Threads** thread-compatible.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "columns/segment.hpp"

namespace tillsight::columns {

/// An invoice, and a line, by field; those of the other level are not looked at. The builder adds
/// kFirstLine, kLines and the sums.
using Row = std::array<std::int64_t, kFields>;

class SegmentBuilder {
 public:
  /// \pre invoices come in order of their cursors, each before its lines.
  void add_invoice(const Row& invoice);
  void add_line(const Row& line);

  std::size_t lines() const { return values_[index(Field::kQuantity)].size(); }
  std::size_t invoices() const { return values_[index(Field::kCursor)].size(); }
  std::string finish();

 private:
  std::array<std::vector<std::int64_t>, kFields> values_;
};

/// \param values gives all rows of a field, in order; asked once for each, in any order.
std::string encode_segment(
    std::size_t invoices, std::size_t lines,
    const std::function<const std::vector<std::int64_t>&(Field field)>& values);

/// Rows of one after those of the other. \pre their cursors are in this order.
std::string join_segments(const Segment& before, const Segment& after);

/// Of a segment's bytes: what the manifest says of its head.
std::uint64_t head_checksum(std::string_view bytes);

}  // namespace tillsight::columns
