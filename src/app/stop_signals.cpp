#include "tillsight/app/stop_signals.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

#include "tillsight/core/check.hpp"

namespace tillsight::app {

StopSignals::StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  TILLSIGHT_CHECK(pthread_sigmask(SIG_BLOCK, &signals, nullptr) == 0, "signals cannot be blocked");
  fd_ = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  TILLSIGHT_CHECK(fd_ >= 0, "there is no signalfd");
  // A reader of our output that went away is an error of that write, not the end of a till.
  std::signal(SIGPIPE, SIG_IGN);
}

StopSignals::~StopSignals() {
  // The signal has been heard; the next one who waits must not hear it again.
  signalfd_siginfo heard;
  [[maybe_unused]] const ssize_t size = ::read(fd_, &heard, sizeof heard);
  ::close(fd_);
}

bool StopSignals::stop_requested() const {
  return wait(std::chrono::milliseconds(0));
}

bool StopSignals::wait(std::chrono::milliseconds timeout) const {
  pollfd poll_fd{fd_, POLLIN, 0};
  return ::poll(&poll_fd, 1, static_cast<int>(timeout.count())) > 0;
}

}  // namespace tillsight::app
