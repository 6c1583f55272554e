/// \file
/// How the camera is, in words. A driver may hang in the middle of a call; so whoever calls it says
/// that he asks, and what came; in between, others see how long nothing has.
///
/// **Threads** thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/mutex.hpp"

namespace tillsight::app {

class CameraHealth {
 public:
  /// Longer than a camera takes for a frame, and most for being opened.
  static constexpr std::chrono::seconds kHangs{8};

  void asked(MonotonicTime now) {
    const MutexLock lock(mutex_);
    asked_at_ = now;
  }
  /// \param text "ok", or why no frame came.
  void answered(std::string text) {
    const MutexLock lock(mutex_);
    asked_at_.reset();
    text_ = std::move(text);
  }
  /// What is wrong although frames come.
  void set(std::string text) {
    const MutexLock lock(mutex_);
    text_ = std::move(text);
  }

  std::string get(MonotonicTime now) const {
    const MutexLock lock(mutex_);
    if (!asked_at_ || now < *asked_at_ + kHangs) return text_;
    return "does not answer; check its cable, then restart the till";
  }

 private:
  mutable Mutex mutex_;
  std::optional<MonotonicTime> asked_at_ TILLSIGHT_GUARDED_BY(mutex_);
  std::string text_ TILLSIGHT_GUARDED_BY(mutex_) = "ok";
};

}  // namespace tillsight::app
