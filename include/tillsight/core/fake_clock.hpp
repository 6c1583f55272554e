/// \file
/// A clock that moves only when told to; for tests and for the simulator.
#pragma once

#include <atomic>
#include <string>

#include "tillsight/core/clock.hpp"

namespace tillsight {

class FakeClock final : public Clock {
 public:
  /// Starts at 2026-01-05 (a Monday) 09:00:00 UTC.
  FakeClock();

  UtcTime utc_now() const override;
  MonotonicTime monotonic_now() const override;
  bool trusted() const override { return trusted_; }
  std::string boot_id() const override;

  /// Moves both clocks.
  void advance(std::chrono::milliseconds by);
  /// Moves the wall clock alone, as NTP or a wrong hand does.
  void jump_utc(std::chrono::milliseconds by);
  /// The box is switched off and on: another boot, whose monotonic clock starts anew.
  void reboot();
  void set_trusted(bool trusted) { trusted_ = trusted; }

 private:
  std::atomic<std::chrono::milliseconds::rep> utc_ms_;
  std::atomic<std::chrono::milliseconds::rep> monotonic_ms_{0};
  std::atomic<int> boot_{7};
  std::atomic<bool> trusted_{true};
};

}  // namespace tillsight
