/// \file
/// A filter, worked out for one view: which segments have anything to say, and what must still be
/// asked of each row.
///
/// **Threads** const calls from many threads.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "tillsight/columns/columns.hpp"
#include "tillsight/columns/query.hpp"

namespace tillsight::columns {

/// Keeps rows by a field whose values are few: those with a 1 in the table.
struct TableTest {
  Field field = Field::kStore;
  std::int64_t least = 0;  ///< value that the table begins with
  std::vector<std::uint8_t> keep;
};

/// Keeps lines by a number.
struct NumberTest {
  Field field = Field::kGross;
  Compare compare = Compare::kEqual;
  std::vector<std::int64_t> values;
};
bool holds(const NumberTest& test, std::int64_t value);

/// What is left to ask in a segment.
struct SegmentWork {
  std::shared_ptr<const Segment> segment;
  int sign = 1;        ///< −1: refunds
  bool counts = true;  ///< false: it is only added up (refunds, unless the kind is named)
  std::vector<const TableTest*> tables;  ///< borrowed from the Selection
  std::vector<NumberTest> numbers;
};

struct Selection {
  bool asks_lines = false;
  std::vector<std::unique_ptr<TableTest>> tables;
  std::vector<SegmentWork> work;
};

/// \param kind_is_named by a dimension; a condition may name it too.
/// \return kInvalidArgument for a value that its dimension or amount cannot have.
Result<Selection> select(const Columns& columns, const Filter& filter, bool kind_is_named);

}  // namespace tillsight::columns
