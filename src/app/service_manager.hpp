/// \file
/// What systemd hears of this process: that it is ready, how it is, that it is alive. Started by
/// anybody else, nothing is said to nobody.
///
/// Alive is not that some thread still runs: a sale that hangs in one of them is a till that hangs.
/// So every thread whose standing still would be the clerk's or head office's trouble has a Pulse,
/// and the watchdog is fed only after all of them have beaten since it was last fed. A camera has
/// none: selling goes on without it, and restarting would not mend it.
///
/// **Threads** Pulse::beat() is thread-safe; ServiceManager is thread-bound.
/// **Source** sd_notify(3), sd_watchdog_enabled(3). **Example** tests/app/service_manager_test.cpp
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "tillsight/core/clock.hpp"

namespace tillsight::app {

/// Beats once a turn of a thread's loop, and each loop turns at least every few seconds.
class Pulse {
 public:
  void beat() { beats_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t beats() const { return beats_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> beats_{0};
};

class ServiceManager {
 public:
  /// Takes what systemd has put into the environment.
  explicit ServiceManager(const Clock& clock);
  /// Says that the process is about to end.
  ~ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  /// It does its work from now on. \param status for `systemctl status`, in one line.
  void ready(const std::string& status);
  /// Whose beats count from now on; they must outlive the watching. Empty: the caller's turn alone.
  void watch(std::vector<const Pulse*> pulses);
  /// Feeds the watchdog, a few times in its interval, if all have beaten since; call it often.
  void turn();

 private:
  struct Watched {
    const Pulse* pulse;
    std::uint64_t fed_at;  ///< its beats when the watchdog was last fed
  };

  const Clock& clock_;
  const MonotonicTime::duration pause_;  ///< between two feedings; zero: no watchdog
  MonotonicTime next_{};
  std::vector<Watched> watched_;
};

}  // namespace tillsight::app
