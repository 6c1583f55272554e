#include "tillsight/queue/doorbell.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>

#include "tillsight/core/check.hpp"

namespace tillsight {

Doorbell::Doorbell() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  TILLSIGHT_CHECK(fd_ >= 0, "no file descriptor left for an eventfd; raise the limit (ulimit -n)");
}

Doorbell::~Doorbell() {
  ::close(fd_);
}

void Doorbell::ring() {
  if (armed_.exchange(false, std::memory_order_acq_rel)) wake();
}

void Doorbell::wake() {
  const std::uint64_t one = 1;
  // It fails only if 2^64 − 1 rings are waiting, and then the sleeper is awake anyway.
  [[maybe_unused]] const ssize_t written = ::write(fd_, &one, sizeof one);
}

void Doorbell::arm() {
  // First empty what an earlier ring left behind: the other way round it could take away a ring
  // that answers this very arming.
  std::uint64_t rings;
  [[maybe_unused]] const ssize_t got = ::read(fd_, &rings, sizeof rings);
  armed_.exchange(true, std::memory_order_acq_rel);
}

bool Doorbell::sleep(const std::stop_token& stop, std::chrono::steady_clock::time_point deadline) {
  using std::chrono::milliseconds;
  const std::stop_callback wake_up(stop, [this] { wake(); });
  while (!stop.stop_requested()) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd bell{fd_, POLLIN, 0};
    const auto most = milliseconds(std::numeric_limits<int>::max());
    const int ready = ::poll(&bell, 1, static_cast<int>(std::min(left, most).count()));
    TILLSIGHT_CHECK(ready >= 0 || errno == EINTR, "poll of an eventfd failed");
    if (ready > 0) return !stop.stop_requested();
  }
  return false;
}

}  // namespace tillsight
