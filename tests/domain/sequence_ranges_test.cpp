// Goal: the ranges are exactly the set of numbers put in, in the fewest ranges.
// Method: random insertions beside a std::set as the model.
#include "tillsight/domain/sequence_ranges.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace tillsight {
namespace {

TEST(SequenceRanges, MergesWhatTouches) {
  SequenceRanges ranges;
  ranges.insert({1, 3});
  ranges.insert({7, 9});
  ranges.insert({5, 5});
  EXPECT_EQ(ranges.ranges().size(), 3u);
  ranges.insert({4, 6});
  ASSERT_EQ(ranges.ranges().size(), 1u);
  EXPECT_EQ(ranges.ranges()[0], (SequenceRange{1, 9}));
}

TEST(SequenceRanges, TellsItsGaps) {
  SequenceRanges ranges;
  ranges.insert({3, 4});
  ranges.insert({8, 8});
  EXPECT_EQ(ranges.contiguous_to(), 0);
  EXPECT_EQ(ranges.gaps(10), (std::vector<SequenceRange>{{1, 2}, {5, 7}, {9, 10}}));
  EXPECT_EQ(ranges.gaps(3), (std::vector<SequenceRange>{{1, 2}}));
}

TEST(SequenceRanges, IsTheSetOfWhatWasInserted) {
  std::mt19937 random(5);
  std::uniform_int_distribution<std::int64_t> number(1, 60);
  std::uniform_int_distribution<std::int64_t> length(0, 5);
  for (int round = 0; round < 200; ++round) {
    SequenceRanges ranges;
    std::set<std::int64_t> model;
    for (int i = 0; i < 15; ++i) {
      const std::int64_t first = number(random);
      const std::int64_t last = first + length(random);
      ranges.insert({first, last});
      for (std::int64_t n = first; n <= last; ++n) model.insert(n);

      EXPECT_EQ(ranges.count(), static_cast<std::int64_t>(model.size()));
      EXPECT_EQ(ranges.last(), *model.rbegin());
      for (std::int64_t n = 1; n <= 70; ++n)
        ASSERT_EQ(ranges.contains(Sequence(n)), model.contains(n)) << n;
      for (std::size_t r = 1; r < ranges.ranges().size(); ++r)
        ASSERT_GT(ranges.ranges()[r].first, ranges.ranges()[r - 1].last + 1);
    }
  }
}

}  // namespace
}  // namespace tillsight
