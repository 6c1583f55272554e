/// \file
/// SIGTERM and SIGINT as something a program can wait for instead of something that happens to it.
///
/// **Threads** Construct it in main before any thread starts: threads inherit the blocked signals.
/// **Source** signalfd(2).
#pragma once

#include <chrono>

namespace tillsight::app {

class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Readable once a signal has come; stays readable.
  int fd() const { return fd_; }
  bool stop_requested() const;
  /// \return stop_requested(), at the latest after `timeout`.
  bool wait(std::chrono::milliseconds timeout) const;

 private:
  int fd_;
};

}  // namespace tillsight::app
