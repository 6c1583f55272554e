/// \file
/// Threads for handlers that may wait: jobs are done in their order, as many at a time as there are
/// threads.
///
/// **Threads** thread-safe. **Limits** the caller's: it has at most one job for each connection.
#pragma once

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "tillsight/core/mutex.hpp"

namespace tillsight::web {

class HttpWorkers {
 public:
  using Job = std::function<void()>;

  explicit HttpWorkers(unsigned threads) {
    for (unsigned i = 0; i < threads; ++i) {
      threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
  }
  ~HttpWorkers() { stop(); }
  HttpWorkers(const HttpWorkers&) = delete;
  HttpWorkers& operator=(const HttpWorkers&) = delete;

  void add(Job job) {
    {
      const MutexLock lock(mutex_);
      jobs_.push_back(std::move(job));
    }
    added_.notify_one();
  }

  /// Jobs that were begun are done when it returns, others are dropped.
  void stop() {
    for (std::jthread& thread : threads_) thread.request_stop();
    threads_.clear();
  }

 private:
  void work(const std::stop_token& stop) {
    while (true) {
      Job job;
      {
        const MutexLock lock(mutex_);
        if (!added_.wait(mutex_, stop,
                         [this]() TILLSIGHT_REQUIRES(mutex_) { return !jobs_.empty(); }) ||
            stop.stop_requested()) {
          return;
        }
        job = std::move(jobs_.front());
        jobs_.pop_front();
      }
      job();
    }
  }

  // Guarded by mutex_.
  Mutex mutex_;
  CondVar added_;
  std::deque<Job> jobs_ TILLSIGHT_GUARDED_BY(mutex_);
  // Last, so that it ends before what its threads use.
  std::vector<std::jthread> threads_;
};

}  // namespace tillsight::web
