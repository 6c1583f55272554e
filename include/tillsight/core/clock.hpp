/// \file
/// Time, as one seam to the operating system.
///
/// **Threads** SystemClock and FakeClock are thread-safe.
#pragma once

#include <chrono>
#include <string>

namespace tillsight {

/// Wall clock, UTC. May jump: a Pi has no battery behind its clock.
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;
/// Never jumps; only differences mean anything.
using MonotonicTime = std::chrono::steady_clock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;

  virtual UtcTime utc_now() const = 0;
  virtual MonotonicTime monotonic_now() const = 0;
  /// \return whether the wall clock is disciplined by NTP (or known good by other means).
  virtual bool trusted() const = 0;
  /// \return the kernel's id of this boot; orders monotonic times of different boots apart.
  virtual std::string boot_id() const = 0;
};

class SystemClock final : public Clock {
 public:
  UtcTime utc_now() const override;
  MonotonicTime monotonic_now() const override;
  bool trusted() const override;
  std::string boot_id() const override;
};

/// "2026-11-23T05:46:32.123Z": the one text form of a UtcTime, on the wire and in files.
std::string to_iso8601(UtcTime time);

}  // namespace tillsight
