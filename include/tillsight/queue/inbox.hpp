/// \file
/// A bounded queue from many producers to one consumer that refuses, visibly, when it is full: a
/// clerk must see that a key did not count, rather than wait or find it applied later.
///
/// **Threads** thread-safe; meant for one consumer.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <stop_token>
#include <utility>

#include "tillsight/core/check.hpp"
#include "tillsight/core/mutex.hpp"
#include "tillsight/queue/doorbell.hpp"

namespace tillsight {

template <typename T>
class Inbox {
 public:
  /// \param bell is rung for each new item, for a consumer that also waits for something else;
  /// borrowed.
  explicit Inbox(std::size_t capacity, Doorbell* bell = nullptr)
      : capacity_(capacity), bell_(bell) {
    TILLSIGHT_CHECK(capacity > 0, "an inbox holds at least one item");
  }

  /// \return false, and leaves `item` untouched, when the inbox is full.
  [[nodiscard]] bool try_push(T&& item) {
    {
      const MutexLock lock(mutex_);
      if (items_.size() == capacity_) {
        ++refused_;
        return false;
      }
      items_.push_back(std::move(item));
    }
    news_.notify_one();
    if (bell_ != nullptr) bell_->ring();
    return true;
  }

  /// Items of one producer come in the order in which it pushed them.
  std::optional<T> try_pop() {
    const MutexLock lock(mutex_);
    return pop();
  }

  /// \return nothing after a stop, or when `timeout` has passed.
  std::optional<T> wait_pop(std::stop_token stop, std::chrono::milliseconds timeout) {
    const MutexLock lock(mutex_);
    news_.wait_for(mutex_, stop, timeout,
                   [this]() TILLSIGHT_REQUIRES(mutex_) { return !items_.empty(); });
    return pop();
  }

  std::size_t size() const {
    const MutexLock lock(mutex_);
    return items_.size();
  }
  std::size_t capacity() const { return capacity_; }
  std::int64_t refused() const {
    const MutexLock lock(mutex_);
    return refused_;
  }

 private:
  std::optional<T> pop() TILLSIGHT_REQUIRES(mutex_) {
    if (items_.empty()) return std::nullopt;
    std::optional<T> first(std::move(items_.front()));
    items_.pop_front();
    return first;
  }

  const std::size_t capacity_;
  Doorbell* const bell_;
  CondVar news_;
  mutable Mutex mutex_;
  std::deque<T> items_ TILLSIGHT_GUARDED_BY(mutex_);
  std::int64_t refused_ TILLSIGHT_GUARDED_BY(mutex_) = 0;
};

}  // namespace tillsight
