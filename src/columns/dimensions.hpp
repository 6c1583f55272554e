/// \file
/// Dimensions as numbers that have an order: the days since 1970-01-01 of a date, months since year
/// 0, Monday as 0; of a text its code.
///
/// **Threads** thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/columns/columns.hpp"
#include "tillsight/columns/field.hpp"
#include "tillsight/columns/query.hpp"

namespace tillsight::columns {

constexpr bool is_date(Field field) {
  return field == Field::kDate || field == Field::kReceiptDate;
}
/// Whether `<` means something.
bool is_ordered(Dimension dimension);

/// \param value of the dimension's field.
std::int64_t ordinal(Dimension dimension, std::int64_t value);
/// \return text, or a number of a year and an hour. \pre the dimension is no text
Value value_of(Dimension dimension, std::int64_t ordinal);
/// \return kInvalidArgument with the form that it should have. \pre the dimension is no text
Result<std::int64_t> parse_ordinal(Dimension dimension, std::string_view text);

/// The values that a field has somewhere.
struct Bounds {
  std::int64_t least = 0;
  std::int64_t greatest = -1;  ///< below `least`: none
};
Bounds bounds_of(const Segments& segments, Field field);

/// The values of a field that a dimension sorts into groups.
struct Axis {
  Dimension dimension = Dimension::kStore;
  Field field = Field::kStore;
  std::int64_t least = 0;            ///< of the field, that the table begins with
  std::int64_t first = 0;            ///< ordinal of group 0
  std::uint64_t groups = 0;          ///< at least 1
  std::vector<std::uint32_t> table;  ///< value − least → group; empty: the value is the group
};
Axis axis_of(const Columns& columns, Dimension dimension, const Segments& segments);

}  // namespace tillsight::columns
