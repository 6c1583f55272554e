/// \file
/// Wakes a thread that sleeps until something new is in a queue, together with its sockets.
///
/// The sleeper arms the bell, looks once more, and sleeps; a ringer makes a system call only if the
/// bell is armed. Nothing is missed: arming and ringing are read-modify-writes of one flag, so one
/// comes first. If it is the arming, the ringer sees it and rings; if it is the ringing, the
/// sleeper sees all that was put in before it.
///
/// **Threads** ring() is thread-safe; the rest belongs to the one sleeping thread.
///
/// **Source** eventfd(2).
///
/// **Example**
/// \code
///   while (bell.wait(stop, 1s, [&] { return reader.lag() > 0; })) drain(reader);
/// \endcode
#pragma once

#include <atomic>
#include <chrono>
#include <stop_token>

namespace tillsight {

class Doorbell {
 public:
  /// A process without file descriptors cannot start: that ends it.
  Doorbell();
  ~Doorbell();
  Doorbell(const Doorbell&) = delete;
  Doorbell& operator=(const Doorbell&) = delete;

  /// Call after the new thing can be seen.
  void ring();

  /// Sleeps until `ready()` holds. \return false after a stop, or when `timeout` has passed.
  template <typename Ready>
  bool wait(const std::stop_token& stop, std::chrono::milliseconds timeout, Ready ready) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (true) {
      arm();
      if (ready()) return true;
      if (!sleep(stop, deadline)) return false;
    }
  }

  /// For a poll(2) of one's own: arm, look whether there is something, then poll for POLLIN.
  void arm();
  int fd() const { return fd_; }

 private:
  /// \return false after a stop, or past the deadline.
  bool sleep(const std::stop_token& stop, std::chrono::steady_clock::time_point deadline);
  void wake();

  const int fd_;
  std::atomic<bool> armed_{false};
};

}  // namespace tillsight
