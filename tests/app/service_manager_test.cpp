#include "src/app/service_manager.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "tests/support/temp_dir.hpp"
#include "tillsight/core/fake_clock.hpp"

namespace tillsight::app {
namespace {

using std::chrono::seconds;

/// What systemd is to a service: a datagram socket, and two names in the environment.
class Systemd {
 public:
  explicit Systemd(const char* watchdog_us = nullptr)
      : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    const std::string path = (dir_.path() / "notify").string();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    if (watchdog_us != nullptr) ::setenv("WATCHDOG_USEC", watchdog_us, 1);
  }
  ~Systemd() {
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
    ::close(fd_);
  }
  Systemd(const Systemd&) = delete;
  Systemd& operator=(const Systemd&) = delete;

  /// \return the next that was said; empty: nothing.
  std::string heard() {
    std::array<char, 1024> text{};
    const ssize_t length = ::recv(fd_, text.data(), text.size(), 0);
    return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : "";
  }

 private:
  TempDir dir_;
  int fd_;
};

TEST(ServiceManager, SaysWhenItIsReadyAndWhenItEnds) {
  Systemd systemd;
  const FakeClock clock;
  {
    ServiceManager manager(clock);
    manager.ready("selling");
    EXPECT_EQ(systemd.heard(), "READY=1\nSTATUS=selling");
    manager.turn();
    EXPECT_EQ(systemd.heard(), "");  // no watchdog was asked for
  }
  EXPECT_EQ(systemd.heard(), "STOPPING=1");
}

TEST(ServiceManager, FeedsTheWatchdogFourTimesInItsInterval) {
  Systemd systemd("60000000");
  FakeClock clock;
  ServiceManager manager(clock);
  manager.turn();
  EXPECT_EQ(systemd.heard(), "WATCHDOG=1");
  clock.advance(seconds(14));
  manager.turn();
  EXPECT_EQ(systemd.heard(), "");
  clock.advance(seconds(1));
  manager.turn();
  EXPECT_EQ(systemd.heard(), "WATCHDOG=1");
}

TEST(ServiceManager, OneThreadThatStandsStillStarvesTheWatchdog) {
  Systemd systemd("60000000");
  FakeClock clock;
  ServiceManager manager(clock);
  Pulse counter;
  Pulse journal;
  manager.watch({&counter, &journal});
  counter.beat();
  manager.turn();
  EXPECT_EQ(systemd.heard(), "");
  journal.beat();
  manager.turn();
  EXPECT_EQ(systemd.heard(), "WATCHDOG=1");
  clock.advance(seconds(15));
  counter.beat();
  manager.turn();
  EXPECT_EQ(systemd.heard(), "");
}

TEST(ServiceManager, OutsideASystemdServiceItIsSilent) {
  const FakeClock clock;
  ServiceManager manager(clock);
  manager.ready("selling");
  manager.turn();
}

}  // namespace
}  // namespace tillsight::app
