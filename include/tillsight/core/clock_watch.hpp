/// \file
/// Notices when the wall clock becomes trustworthy, or is set: a Pi starts in the past and learns
/// the time minutes later, in the middle of a sale if need be.
///
/// Within one boot the monotonic clock never jumps, so what the wall clock should show follows from
/// any earlier reading.
///
/// **Threads** thread-compatible. **Ownership** the clock must outlive the watch.
/// **Example** tests/core/clock_watch_test.cpp
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "tillsight/core/clock.hpp"

namespace tillsight {

/// Everything that a clock says of one instant.
struct ClockReading {
  std::string boot_id;
  std::chrono::milliseconds monotonic{0};  ///< since the boot, as the kernel counts
  UtcTime utc;
  bool trusted = false;
  friend bool operator==(const ClockReading&, const ClockReading&) = default;
};
ClockReading read(const Clock& clock);

/// What `then` says the wall clock shows at `monotonic` of the same boot.
UtcTime reckon(const ClockReading& then, std::chrono::milliseconds monotonic);

class ClockWatch {
 public:
  /// More than the clocks of a box drift apart between two corrections, less than matters.
  static constexpr std::chrono::milliseconds kStep{2'000};

  /// \param before what was last written down; of another boot, or none: it says nothing.
  ClockWatch(const Clock& clock, const std::optional<ClockReading>& before);

  struct Step {
    UtcTime expected;  ///< what the wall clock would show without it
    ClockReading now;
  };
  /// \return what has happened and was not yet taken(): it became trusted, or was set by more than
  /// kStep.
  std::optional<Step> look() const;
  /// The step is written down.
  void taken(const Step& step) { known_ = step.now; }

 private:
  const Clock& clock_;
  ClockReading known_;
};

}  // namespace tillsight
