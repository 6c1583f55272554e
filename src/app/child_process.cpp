#include "app/child_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace tillsight::app {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

/// Each of them as far as the system allows it.
void step_back() {
  constexpr int kIoprioWhoProcess = 1;
  constexpr int kIoprioIdle = 3 << 13;
  const sched_param no_priority{};
  ::sched_setscheduler(0, SCHED_IDLE, &no_priority);
  ::setpriority(PRIO_PROCESS, 0, 19);
  ::syscall(SYS_ioprio_set, kIoprioWhoProcess, 0, kIoprioIdle);
  const int memory = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (memory < 0) return;
  [[maybe_unused]] const auto written = ::write(memory, "1000", 4);
  ::close(memory);
}

/// What runs between fork and exec: only calls that are safe there.
[[noreturn]] void become(char* const* arguments, int log, pid_t parent, Turn turn) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(126);  // it ended before it could be watched
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (turn == Turn::kLast) step_back();
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  // A lock or a line to somebody would live on in it.
  ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const std::vector<std::string>& arguments,
                                         const std::filesystem::path& log, Turn turn) {
  if (::access(arguments.at(0).c_str(), X_OK) != 0) {
    return error(Code::kNotFound, "{}: cannot be started: {}; is it installed?", arguments[0],
                 std::strerror(errno));
  }
  std::vector<char*> raw;
  for (const std::string& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
  raw.push_back(nullptr);
  const int log_fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log_fd < 0) {
    return error(Code::kUnavailable, "{}: cannot write: {}", log.string(), std::strerror(errno));
  }
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become(raw.data(), log_fd, parent, turn);
  ::close(log_fd);
  if (pid < 0) {
    return error(Code::kUnavailable, "{}: cannot fork: {}", arguments[0], std::strerror(errno));
  }
  return ChildProcess(pid);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), wait_status_(other.wait_status_) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  stop();
  pid_ = std::exchange(other.pid_, 0);
  wait_status_ = other.wait_status_;
  return *this;
}

bool ChildProcess::running() {
  if (pid_ != 0 && ::waitpid(pid_, &wait_status_, WNOHANG) == pid_) pid_ = 0;
  return pid_ != 0;
}

void ChildProcess::stop(std::chrono::milliseconds patience) {
  if (!running()) return;
  ::kill(pid_, SIGTERM);
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  pollfd ended{handle, POLLIN, 0};
  if (::poll(&ended, 1, static_cast<int>(patience.count())) <= 0) ::kill(pid_, SIGKILL);
  ::close(handle);
  ::waitpid(std::exchange(pid_, 0), nullptr, 0);
}

void ChildProcess::kill() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(std::exchange(pid_, 0), nullptr, 0);
}

Result<int> free_loopback_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  const bool bound = ::bind(fd, std::bit_cast<const sockaddr*>(&address), size) == 0 &&
                     ::getsockname(fd, std::bit_cast<sockaddr*>(&address), &size) == 0;
  ::close(fd);
  if (!bound) return error(Code::kUnavailable, "no loopback port is free");
  return ntohs(address.sin_port);
}

bool listens(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool connected =
      ::connect(fd, std::bit_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return connected;
}

}  // namespace tillsight::app
