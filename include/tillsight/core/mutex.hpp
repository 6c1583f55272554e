/// \file
/// std::mutex with the annotations that clang's thread-safety analysis needs: it cannot see into
/// libstdc++'s own. Guarded members say `TILLSIGHT_GUARDED_BY(mutex_)`.
///
/// **Threads** thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#if defined(__clang__)
#define TILLSIGHT_ANNOTATE(x) __attribute__((x))
#else
#define TILLSIGHT_ANNOTATE(x)
#endif
#define TILLSIGHT_GUARDED_BY(mutex) TILLSIGHT_ANNOTATE(guarded_by(mutex))
#define TILLSIGHT_REQUIRES(mutex) TILLSIGHT_ANNOTATE(requires_capability(mutex))

namespace tillsight {

class TILLSIGHT_ANNOTATE(capability("mutex")) Mutex {
 public:
  void lock() TILLSIGHT_ANNOTATE(acquire_capability()) { mutex_.lock(); }
  void unlock() TILLSIGHT_ANNOTATE(release_capability()) { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

/// Holds a Mutex for a scope.
class TILLSIGHT_ANNOTATE(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) TILLSIGHT_ANNOTATE(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() TILLSIGHT_ANNOTATE(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

/// Every wait ends by its predicate, by a stop, or by its deadline.
class CondVar {
 public:
  void notify_one() { cv_.notify_one(); }
  void notify_all() { cv_.notify_all(); }

  /// \return whether `ready()` holds; false means that a stop was asked for.
  template <typename Ready>
  bool wait(Mutex& mutex, std::stop_token stop, Ready ready) TILLSIGHT_REQUIRES(mutex) {
    return cv_.wait(mutex, stop, ready);
  }
  /// \return whether `ready()` holds; false means a stop, or that `timeout` passed.
  template <typename Ready>
  bool wait_for(Mutex& mutex, std::stop_token stop, std::chrono::milliseconds timeout, Ready ready)
      TILLSIGHT_REQUIRES(mutex) {
    return cv_.wait_for(mutex, stop, timeout, ready);
  }

 private:
  std::condition_variable_any cv_;
};

}  // namespace tillsight
