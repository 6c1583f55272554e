/// \file
/// How fast a till that comes back may offer what it has kept: a bucket that fills with time.
///
/// Live sales never wait for it, so it bounds only what has already waited.
///
/// **Threads** thread-compatible.
#pragma once

#include <algorithm>
#include <chrono>

#include "tillsight/core/clock.hpp"

namespace tillsight::sync {

class Pace {
 public:
  /// \param burst so many may go at once after a pause. \pre both at least 1
  Pace(int per_second, int burst, MonotonicTime now)
      : each_(MonotonicTime::duration(std::chrono::seconds(1)) / per_second),
        pause_max_(each_ * burst),
        free_at_(now - pause_max_) {}

  /// \return when `count` may go; not later than now: they may. \pre count ≤ burst
  MonotonicTime ready_at(int count) const { return free_at_ + each_ * count; }
  /// `count` have gone; more than were free is a debt.
  void spend(int count, MonotonicTime now) {
    free_at_ = std::max(free_at_, now - pause_max_) + each_ * count;
  }

 private:
  MonotonicTime::duration each_;
  MonotonicTime::duration pause_max_;
  MonotonicTime free_at_;  ///< the bucket was empty then; a time long ago means that it is full
};

}  // namespace tillsight::sync
