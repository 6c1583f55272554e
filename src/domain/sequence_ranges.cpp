#include "tillsight/domain/sequence_ranges.hpp"

#include <algorithm>

#include "tillsight/core/check.hpp"

namespace tillsight {

void SequenceRanges::insert(SequenceRange range) {
  TILLSIGHT_CHECK(range.first >= 1 && range.first <= range.last, "a range of sequences is empty");
  // All ranges that touch the new one, also by being adjacent, become one with it.
  const auto begin = std::ranges::lower_bound(ranges_, range.first - 1, {}, &SequenceRange::last);
  auto end = begin;
  for (; end != ranges_.end() && end->first <= range.last + 1; ++end) {
    range.first = std::min(range.first, end->first);
    range.last = std::max(range.last, end->last);
  }
  ranges_.insert(ranges_.erase(begin, end), range);
}

void SequenceRanges::insert(const SequenceRanges& other) {
  for (const SequenceRange& range : other.ranges_) insert(range);
}

bool SequenceRanges::contains(Sequence one) const {
  const auto range = std::ranges::lower_bound(ranges_, one.value(), {}, &SequenceRange::last);
  return range != ranges_.end() && range->first <= one.value();
}

std::int64_t SequenceRanges::contiguous_to() const {
  return ranges_.empty() || ranges_.front().first != 1 ? 0 : ranges_.front().last;
}

std::int64_t SequenceRanges::count() const {
  std::int64_t total = 0;
  for (const SequenceRange& range : ranges_) total += range.last - range.first + 1;
  return total;
}

std::vector<SequenceRange> SequenceRanges::gaps(std::int64_t last) const {
  std::vector<SequenceRange> missing;
  std::int64_t next = 1;
  for (const SequenceRange& range : ranges_) {
    if (range.first > last) break;
    if (range.first > next) missing.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= last) missing.push_back({next, last});
  return missing;
}

}  // namespace tillsight
