#include "tests/support/broker.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <utility>

#include "tillsight/core/check.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/core/format.hpp"

namespace tillsight::test {
namespace {

constexpr const char* kMosquitto = "/usr/sbin/mosquitto";
constexpr int kAttemptMs = 5;
constexpr int kAttempts = 1000;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

const sockaddr* raw(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

/// A descriptor that is readable once the process has ended.
int handle_of(pid_t process) {
  // glibc 2.36 forgot to make its own pidfd_open() callable from C++.
  return static_cast<int>(syscall(SYS_pidfd_open, process, 0));
}

}  // namespace

int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  TILLSIGHT_CHECK(bind(fd, raw(address), size) == 0, "no loopback port is free");
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  close(fd);
  return ntohs(address.sin_port);
}

Broker::Broker(std::vector<std::string> settings)
    : settings_(std::move(settings)), port_(free_port()) {
  start();
}

Broker::Broker(std::filesystem::path configuration, int port)
    : configuration_(std::move(configuration)), port_(port) {
  start();
}

Broker::~Broker() {
  if (pid_ != 0) kill();
}

void Broker::write_configuration() {
  // Started as root it would become a user who may not read our directory.
  std::string text = format("user root\nlog_dest file {}\n", (directory_ / "log").string());
  if (configuration_.empty()) {
    text += format("listener {} 127.0.0.1\n", port_);
    for (const std::string& line : settings_) text += line + "\n";
  } else {
    const Result<std::string> whole = read_file(configuration_);
    TILLSIGHT_CHECK(whole.ok(), "cannot read the broker's configuration");
    text += *whole;
  }
  const Status written = write_file_atomically(directory_ / "mosquitto.conf", text);
  TILLSIGHT_CHECK(written.ok(), "cannot write mosquitto.conf");
}

void Broker::start() {
  TILLSIGHT_CHECK(pid_ == 0, "the broker is running");
  write_configuration();
  const std::string file = (directory_ / "mosquitto.conf").string();
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nothing = open("/dev/null", O_RDWR);
    for (const int fd : {0, 1, 2}) dup2(nothing, fd);
    execl(kMosquitto, kMosquitto, "-c", file.c_str(), nullptr);
    _exit(127);
  }
  const int process = handle_of(pid_);
  for (int attempt = 0; !accepts_connections(); ++attempt) {
    pollfd ended{process, POLLIN, 0};
    if (poll(&ended, 1, kAttemptMs) > 0 || attempt >= kAttempts) {
      check_failed("mosquitto did not come up", log());
    }
  }
  close(process);
}

void Broker::limit_descriptors(unsigned most) const {
  const rlimit limit{most, most};
  TILLSIGHT_CHECK(prlimit(pid_, RLIMIT_NOFILE, &limit, nullptr) == 0, "cannot limit the broker");
}

bool Broker::accepts_connections() const {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port_);
  const bool connected = connect(fd, raw(address), sizeof address) == 0;
  close(fd);
  return connected;
}

void Broker::stop() {
  end(SIGTERM);
}

void Broker::kill() {
  end(SIGKILL);
}

void Broker::restart() {
  kill();
  start();
}

void Broker::reload() {
  signal(SIGHUP);
}

void Broker::hang() {
  signal(SIGSTOP);
}

void Broker::wake() {
  signal(SIGCONT);
}

void Broker::signal(int number) {
  TILLSIGHT_CHECK(pid_ != 0, "the broker is not running");
  ::kill(pid_, number);
}

std::string Broker::log() const {
  const Result<std::string> text = read_file(directory_ / "log");
  return text ? *text : "";
}

void Broker::end(int signal) {
  TILLSIGHT_CHECK(pid_ != 0, "the broker is not running");
  const int process = handle_of(pid_);
  pollfd ended{process, POLLIN, 0};
  // Again, because Mosquitto 2.0.11 forgets a SIGTERM that comes just before its main loop.
  do {
    ::kill(pid_, signal);
  } while (poll(&ended, 1, kAttemptMs) == 0);
  close(process);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

}  // namespace tillsight::test
