#include "app/line_ports.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace tillsight::app {
namespace {

constexpr std::size_t kLineBytesMax = 16 * 1024;
constexpr std::size_t kUnsentBytesMax = 1024 * 1024;
constexpr std::size_t kPortsMax = 16;
// A pipe that is ready for writing takes this much without blocking (POSIX: PIPE_BUF).
constexpr std::size_t kWriteBytes = 4096;

Error socket_error(const std::filesystem::path& file, std::string_view what) {
  return error(Code::kUnavailable, "{}: {}: {}; is the folder there and writable?", file.string(),
               what, std::strerror(errno));
}

/// \return kFailedPrecondition if somebody listens on `file`; else the way is free.
Status clear_the_way(const std::filesystem::path& file, const sockaddr_un& address) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool taken =
      probe >= 0 && ::connect(probe, std::bit_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (probe >= 0) ::close(probe);
  if (taken) {
    return error(Code::kFailedPrecondition,
                 "{}: another till listens here; stop it, or give this one its own till.socket",
                 file.string());
  }
  std::error_code none_there;
  if (std::filesystem::is_socket(file, none_there)) std::filesystem::remove(file, none_there);
  return {};
}

Result<int> listen_on(const std::filesystem::path& file) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = file.string();
  if (path.size() >= sizeof address.sun_path) {
    return error(Code::kInvalidArgument, "{}: a socket's path may have {} bytes at most", path,
                 sizeof address.sun_path - 1);
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  TILLSIGHT_TRY(clear_the_way(file, address));
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0) return socket_error(file, "no socket");
  if (::bind(listener, std::bit_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::chmod(path.c_str(), 0660) != 0 || ::listen(listener, 8) != 0) {
    const Error failed = socket_error(file, "cannot listen");
    ::close(listener);
    return failed;
  }
  return listener;
}

}  // namespace

Result<LinePorts> LinePorts::open(const std::filesystem::path& socket_file) {
  LinePorts ports;
  if (!socket_file.empty()) {
    TILLSIGHT_ASSIGN(ports.listener_, listen_on(socket_file));
    ports.socket_file_ = socket_file;
  }
  ports.ports_[kStandard] = Port{-1, STDOUT_FILENO, {}, {}, false};
  ports.somebody_reads_ = ::isatty(STDOUT_FILENO) == 1;
  return ports;
}

LinePorts::LinePorts(LinePorts&& other) noexcept
    : socket_file_(std::exchange(other.socket_file_, {})),
      listener_(std::exchange(other.listener_, -1)),
      greeting_(std::move(other.greeting_)),
      ports_(std::exchange(other.ports_, {})),
      next_port_(other.next_port_),
      input_ended_(other.input_ended_),
      somebody_reads_(other.somebody_reads_) {}

LinePorts::~LinePorts() {
  for (const auto& [id, port] : ports_) {
    if (id != kStandard) ::close(port.in);
  }
  if (listener_ < 0) return;
  ::close(listener_);
  std::error_code gone;
  std::filesystem::remove(socket_file_, gone);
}

void LinePorts::run_once(std::chrono::milliseconds timeout, int wake_fd, const OnLine& on_line) {
  std::vector<pollfd> fds = {{wake_fd, POLLIN, 0}, {listener_, POLLIN, 0}};
  std::vector<PortId> owners;
  for (const auto& [id, port] : ports_) {
    owners.push_back(id);
    fds.push_back({port.in, POLLIN, 0});
    fds.push_back({port.unsent.empty() ? -1 : port.out, POLLOUT, 0});
  }
  if (::poll(fds.data(), fds.size(), static_cast<int>(timeout.count())) <= 0) return;
  if (fds[1].revents != 0) accept_one();
  for (std::size_t i = 0; i < owners.size(); ++i) {
    const auto port = ports_.find(owners[i]);
    if (port == ports_.end()) continue;
    const bool readable = fds[2 + 2 * i].revents != 0;
    const bool writable = fds[3 + 2 * i].revents != 0;
    if (writable && !write_to(port->second)) {
      finish(port, Half::kOutput);
    } else if (readable && !read_from(port->first, port->second, on_line)) {
      finish(port, Half::kInput);
    }
  }
}

void LinePorts::accept_one() {
  const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) return;
  if (ports_.size() >= kPortsMax) {
    ::close(fd);
    return;
  }
  Port& port = ports_[PortId(next_port_++)] = Port{fd, fd, {}, {}, false};
  if (!greeting_.empty()) append(port, greeting_);
}

bool LinePorts::read_from(PortId id, Port& port, const OnLine& on_line) {
  std::array<char, kWriteBytes> block;
  const ssize_t size = ::read(port.in, block.data(), block.size());
  if (size < 0) return errno == EINTR || errno == EAGAIN;
  if (size == 0) {
    if (!port.read.empty()) port.read += '\n';  // a last line without its end is a line
    split_lines(id, port, on_line);
    return false;
  }
  port.read.append(block.data(), static_cast<std::size_t>(size));
  split_lines(id, port, on_line);
  return true;
}

void LinePorts::split_lines(PortId id, Port& port, const OnLine& on_line) {
  std::size_t begin = 0;
  for (std::size_t end; (end = port.read.find('\n', begin)) != std::string::npos; begin = end + 1) {
    std::string_view line(port.read.data() + begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!port.skipping && !line.empty()) on_line(id, line);
    port.skipping = false;
  }
  port.read.erase(0, begin);
  if (port.read.size() <= kLineBytesMax) return;
  if (!port.skipping) on_line(id, "(line longer than 16 KiB)");  // answered as what it is: no JSON
  port.skipping = true;
  port.read.clear();
}

bool LinePorts::write_to(Port& port) {
  const ssize_t size =
      ::write(port.out, port.unsent.data(), std::min(port.unsent.size(), kWriteBytes));
  if (size < 0) return errno == EINTR || errno == EAGAIN;
  port.unsent.erase(0, static_cast<std::size_t>(size));
  return true;
}

void LinePorts::append(Port& port, std::string_view line) {
  if (port.out < 0 || port.unsent.size() + line.size() >= kUnsentBytesMax) return;
  port.unsent += line;
  port.unsent += '\n';
}

void LinePorts::read_standard_input() {
  ports_.at(kStandard).in = STDIN_FILENO;
}

void LinePorts::send(PortId port, std::string_view line) {
  const auto found = ports_.find(port);
  if (found != ports_.end()) append(found->second, line);
}

void LinePorts::send_to_all(std::string_view line, std::string_view nameless) {
  for (auto port = ports_.begin(); port != ports_.end();) {
    const auto current = port++;
    const bool is_log = current->first == kStandard && !somebody_reads_;
    append(current->second, is_log ? nameless : line);
    const bool full = current->second.unsent.size() + line.size() >= kUnsentBytesMax;
    if (full && current->first != kStandard) finish(current, Half::kOutput);
  }
}

void LinePorts::finish(std::map<PortId, Port>::iterator port, Half half) {
  if (port->first != kStandard) {
    ::close(port->second.in);
    ports_.erase(port);
  } else if (half == Half::kInput) {
    port->second.in = -1;
    input_ended_ = true;
  } else {
    port->second.out = -1;
    port->second.unsent.clear();
  }
}

void LinePorts::drain(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const auto standard = ports_.find(kStandard);
  while (!standard->second.unsent.empty() && std::chrono::steady_clock::now() < deadline) {
    pollfd out{standard->second.out, POLLOUT, 0};
    if (::poll(&out, 1, 50) > 0 && !write_to(standard->second)) return;
  }
}

}  // namespace tillsight::app
