/// \file
/// One life of a program in a forked child, and memory that outlives it.
#pragma once

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <new>

#include "tillsight/core/check.hpp"

namespace tillsight::faults {

/// A `T` that parent and forked children see alike; what a child that was killed wrote stays.
template <typename T>
class SharedWithChildren {
 public:
  SharedWithChildren() { renew(); }
  ~SharedWithChildren() { ::munmap(value_, sizeof(T)); }
  SharedWithChildren(const SharedWithChildren&) = delete;
  SharedWithChildren& operator=(const SharedWithChildren&) = delete;

  /// A new `T`, and apart from what other forks of this process have.
  void renew() {
    if (value_ != nullptr) ::munmap(value_, sizeof(T));
    void* const memory =
        ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    TILLSIGHT_CHECK(memory != MAP_FAILED, "no memory to share");
    value_ = new (memory) T();
  }

  T& operator*() const { return *value_; }
  T* operator->() const { return value_; }

 private:
  T* value_ = nullptr;
};

/// How a child ended.
struct Ending {
  int signal = 0;  ///< 0: by itself
  int status = 0;
};

/// Runs `life` in a child and waits for its end.
template <typename Life>
Ending in_child(Life life) {
  const pid_t child = ::fork();
  TILLSIGHT_CHECK(child >= 0, "no process");
  if (child == 0) {
    // An exception ends the child here: it must not go on as a second test program.
    [&]() noexcept { life(); }();
    ::_exit(0);
  }
  int status = 0;
  TILLSIGHT_CHECK(::waitpid(child, &status, 0) == child, "lost a child");
  if (WIFSIGNALED(status)) return {.signal = WTERMSIG(status)};
  return {.status = WEXITSTATUS(status)};
}

}  // namespace tillsight::faults
