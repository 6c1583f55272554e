/// \file
/// A query's groups, reckoned over all that its filter leaves.
///
/// **Threads** thread-safe.
#pragma once

#include <vector>

#include "columns/filter.hpp"
#include "columns/groups.hpp"
#include "tillsight/columns/query.hpp"

namespace tillsight::columns {

struct Scanned {
  std::vector<Axis> axes;  ///< in the order of the dimensions
  std::vector<std::uint64_t> strides;
  Grouped groups;
  std::vector<Reckoned> reckoned;
  bool by_line = false;
  std::uint64_t group(std::size_t axis, std::size_t row) const {
    return groups.keys[row] / strides[axis] % axes[axis].groups;
  }
};

/// What a measure is made of: an average is a sum, and the lines that it goes by.
struct MeasureParts {
  Reckoned first;
  Reckoned lines;  ///< of an average
};
MeasureParts parts_of(const Measure& measure, bool by_line);
/// Whether the lines must be looked at one by one.
bool needs_lines(const Measure& measure);

/// \return kResourceExhausted if the groups, or a sum, could exceed 64 bits.
Result<Scanned> scan(const Columns& columns, const Selection& selection,
                     const std::vector<Dimension>& by, const std::vector<Measure>& measures,
                     int threads);

}  // namespace tillsight::columns
