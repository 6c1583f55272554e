#include "columns/table.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

namespace tillsight::columns {
namespace {

/// In thousandths, rounded half away from zero.
std::int64_t average(std::int64_t sum, std::int64_t count) {
  const std::int64_t rest = sum % count;
  return 1000 * (sum / count) + (2000 * rest + (rest < 0 ? -count : count)) / (2 * count);
}

int order_of(std::int64_t a, std::int64_t b) {
  return int{a > b} - int{a < b};
}

}  // namespace

Table::Table(const Columns& columns, const Scanned& scanned, const std::vector<Measure>& measures)
    : columns_(columns), scanned_(scanned) {
  for (const Measure& measure : measures) add(measure);
}

const std::vector<std::int64_t>& Table::values(const Reckoned& what) const {
  const auto at = std::ranges::find(scanned_.reckoned, what) - scanned_.reckoned.begin();
  return scanned_.groups.values[static_cast<std::size_t>(at)];
}

void Table::add(const Measure& measure) {
  const MeasureParts parts = parts_of(measure, scanned_.by_line);
  std::vector<std::int64_t>& result = measures_.emplace_back(values(parts.first));
  if (measure.reckoning == Reckoning::kLeast) {
    // What it began with: no line was counted. The greatest begins with kNothing itself.
    std::ranges::replace(result, std::numeric_limits<std::int64_t>::max(), kNothing);
  }
  if (measure.reckoning != Reckoning::kAverage) return;
  const std::vector<std::int64_t>& lines = values(parts.lines);
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = lines[i] == 0 ? kNothing : average(result[i], lines[i]);
  }
}

int Table::compare_dimension(std::size_t axis, std::size_t a, std::size_t b) const {
  const std::uint64_t left = scanned_.group(axis, a);
  const std::uint64_t right = scanned_.group(axis, b);
  const Axis& of = scanned_.axes[axis];
  if (left == right) return 0;
  if (is_text(of.field)) return text(of, left).compare(text(of, right));
  return left < right ? -1 : 1;
}

int Table::compare_measure(std::size_t measure, std::size_t a, std::size_t b) const {
  const std::int64_t left = measures_[measure][a];
  const std::int64_t right = measures_[measure][b];
  if (left == kNothing || right == kNothing) return order_of(right, left);
  return order_of(left, right);
}

/// By group: its place among the texts that occur.
std::vector<std::uint64_t> Table::text_ranks(std::size_t axis) const {
  const Axis& of = scanned_.axes[axis];
  std::vector<std::uint8_t> occurs(of.groups, 0);
  for (std::size_t row = 0; row < rows(); ++row) occurs[scanned_.group(axis, row)] = 1;
  std::vector<std::uint32_t> groups;
  for (std::uint32_t group = 0; group < of.groups; ++group) {
    if (occurs[group] != 0) groups.push_back(group);
  }
  std::ranges::sort(groups, {}, [&](std::uint32_t group) { return text(of, group); });
  std::vector<std::uint64_t> ranks(of.groups, 0);
  for (std::size_t rank = 0; rank < groups.size(); ++rank) ranks[groups[rank]] = rank;
  return ranks;
}

std::vector<std::uint64_t> Table::ranks() const {
  std::vector<std::uint64_t> ranks(rows(), 0);
  for (std::size_t axis = 0; axis < scanned_.axes.size(); ++axis) {
    const std::uint64_t stride = scanned_.strides[axis];
    if (is_text(scanned_.axes[axis].field)) {
      const std::vector<std::uint64_t> of_group = text_ranks(axis);
      for (std::size_t row = 0; row < ranks.size(); ++row) {
        ranks[row] += stride * of_group[scanned_.group(axis, row)];
      }
    } else {
      for (std::size_t row = 0; row < ranks.size(); ++row) {
        ranks[row] += stride * scanned_.group(axis, row);
      }
    }
  }
  return ranks;
}

std::vector<std::int64_t> Table::dimension(std::size_t axis,
                                           std::span<const std::uint32_t> rows) const {
  std::vector<std::int64_t> numbers;
  numbers.reserve(rows.size());
  const std::int64_t first = scanned_.axes[axis].first;
  for (const std::uint32_t row : rows) {
    numbers.push_back(first + static_cast<std::int64_t>(scanned_.group(axis, row)));
  }
  return numbers;
}

std::vector<std::int64_t> Table::measure(std::size_t measure,
                                         std::span<const std::uint32_t> rows) const {
  std::vector<std::int64_t> numbers;
  numbers.reserve(rows.size());
  for (const std::uint32_t row : rows) numbers.push_back(measures_[measure][row]);
  return numbers;
}

Result<std::vector<SortKey>> sort_keys(const std::vector<Dimension>& by,
                                       const std::vector<Measure>& measures,
                                       const std::vector<Order>& order) {
  std::vector<SortKey> keys;
  for (const Order& wanted : order) {
    std::optional<SortKey> found;
    std::string known;
    const auto offer = [&](std::string_view column, const SortKey& key) {
      known += (known.empty() ? "" : ", ") + std::string(column);
      if (column == wanted.column) found = key;
    };
    for (std::size_t i = 0; i < by.size(); ++i) {
      offer(name(by[i]), {false, i, wanted.descending});
    }
    for (std::size_t i = 0; i < measures.size(); ++i) {
      offer(name(measures[i]), {true, i, wanted.descending});
    }
    if (!found) {
      return error(Code::kInvalidArgument, "cannot order by '{}'; the columns are {}",
                   wanted.column, known);
    }
    keys.push_back(*found);
  }
  return keys;
}

std::vector<std::uint32_t> in_order(const Table& table, const std::vector<SortKey>& keys,
                                    std::size_t limit) {
  std::vector<std::uint32_t> rows(table.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  const std::size_t wanted = std::min(limit, rows.size());
  // Few of many are found faster without a rank for each.
  const bool few = wanted < rows.size() / 8;
  const std::vector<std::uint64_t> ranks = few ? std::vector<std::uint64_t>() : table.ranks();
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    for (const SortKey& key : keys) {
      const int order = key.is_measure ? table.compare_measure(key.number, a, b)
                                       : table.compare_dimension(key.number, a, b);
      if (order != 0) return key.descending ? order > 0 : order < 0;
    }
    if (!few) return ranks[a] < ranks[b];
    for (std::size_t axis = 0; axis < table.axes(); ++axis) {
      const int order = table.compare_dimension(axis, a, b);
      if (order != 0) return order < 0;
    }
    return false;
  };
  if (few) {
    std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(wanted), rows.end(),
                      before);
  } else if (!std::ranges::is_sorted(rows, before)) {
    std::ranges::sort(rows, before);
  }
  rows.resize(wanted);
  return rows;
}

}  // namespace tillsight::columns
