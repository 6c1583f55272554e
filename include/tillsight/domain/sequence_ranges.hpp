/// \file
/// A set of sequence numbers as few ranges: what a hub has, what a till still owes.
///
/// **Threads** thread-compatible. **Law** ranges are sorted, disjoint and never adjacent.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tillsight/domain/ids.hpp"

namespace tillsight {

/// Both ends included.
struct SequenceRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
  friend bool operator==(const SequenceRange&, const SequenceRange&) = default;
};

class SequenceRanges {
 public:
  /// \pre 1 ≤ first ≤ last
  void insert(SequenceRange range);
  void insert(Sequence one) { insert({one.value(), one.value()}); }
  void insert(const SequenceRanges& other);

  bool contains(Sequence one) const;
  /// \return the last number of the run that starts at 1; 0 if 1 is missing.
  std::int64_t contiguous_to() const;
  std::int64_t last() const { return ranges_.empty() ? 0 : ranges_.back().last; }
  std::int64_t count() const;
  bool empty() const { return ranges_.empty(); }
  /// \return what is missing between 1 and `last`.
  std::vector<SequenceRange> gaps(std::int64_t last) const;

  std::span<const SequenceRange> ranges() const { return ranges_; }
  friend bool operator==(const SequenceRanges&, const SequenceRanges&) = default;

 private:
  std::vector<SequenceRange> ranges_;
};

}  // namespace tillsight
