#include "tillsight/core/clock_watch.hpp"

namespace tillsight {

using std::chrono::milliseconds;

ClockReading read(const Clock& clock) {
  return {clock.boot_id(),
          std::chrono::floor<milliseconds>(clock.monotonic_now().time_since_epoch()),
          clock.utc_now(), clock.trusted()};
}

UtcTime reckon(const ClockReading& then, milliseconds monotonic) {
  return then.utc + (monotonic - then.monotonic);
}

ClockWatch::ClockWatch(const Clock& clock, const std::optional<ClockReading>& before)
    : clock_(clock), known_(read(clock)) {
  if (before && before->boot_id == known_.boot_id && before->monotonic <= known_.monotonic) {
    known_ = *before;
  }
}

std::optional<ClockWatch::Step> ClockWatch::look() const {
  const ClockReading now = read(clock_);
  const UtcTime expected = reckon(known_, now.monotonic);
  const milliseconds off = now.utc - expected;
  const bool set = off > kStep || off < -kStep;
  const bool became_trusted = now.trusted && !known_.trusted;
  if (!set && !became_trusted) return std::nullopt;
  return Step{expected, now};
}

}  // namespace tillsight
