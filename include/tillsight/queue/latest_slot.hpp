/// \file
/// Room for one value, where the newest wins: a picture that nobody has looked at yet is worthless
/// once there is a newer one.
///
/// **Threads** thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <utility>

#include "tillsight/core/mutex.hpp"
#include "tillsight/queue/doorbell.hpp"

namespace tillsight {

template <typename T>
class LatestSlot {
 public:
  /// \param bell is rung for each new value, for takers that also wait for something else;
  /// borrowed.
  explicit LatestSlot(Doorbell* bell = nullptr) : bell_(bell) {}

  /// Replaces, and counts, a value that nobody has taken.
  void put(T value) {
    {
      const MutexLock lock(mutex_);
      if (value_) ++dropped_;
      value_ = std::move(value);
    }
    news_.notify_one();
    if (bell_ != nullptr) bell_->ring();
  }

  std::optional<T> take() {
    const MutexLock lock(mutex_);
    return std::exchange(value_, std::nullopt);
  }

  /// \return nothing after a stop, or when `timeout` has passed.
  std::optional<T> wait(std::stop_token stop, std::chrono::milliseconds timeout) {
    const MutexLock lock(mutex_);
    news_.wait_for(mutex_, stop, timeout,
                   [this]() TILLSIGHT_REQUIRES(mutex_) { return value_.has_value(); });
    return std::exchange(value_, std::nullopt);
  }

  bool empty() const {
    const MutexLock lock(mutex_);
    return !value_.has_value();
  }
  /// Values that were replaced before anybody took them.
  std::int64_t dropped() const {
    const MutexLock lock(mutex_);
    return dropped_;
  }

 private:
  Doorbell* const bell_;
  CondVar news_;
  mutable Mutex mutex_;
  std::optional<T> value_ TILLSIGHT_GUARDED_BY(mutex_);
  std::int64_t dropped_ TILLSIGHT_GUARDED_BY(mutex_) = 0;
};

}  // namespace tillsight
