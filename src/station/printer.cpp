#include "tillsight/station/printer.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "tillsight/station/escpos.hpp"

namespace tillsight {
namespace {

using std::chrono::milliseconds;

class Line {
 public:
  explicit Line(int fd) : fd_(fd) {}
  ~Line() { ::close(fd_); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  int fd() const { return fd_; }

  /// A pipe or a file says nothing back; asked, a pipe would say the question.
  bool answers() const {
    struct stat kind {};
    return ::fstat(fd_, &kind) == 0 && (S_ISCHR(kind.st_mode) || S_ISSOCK(kind.st_mode));
  }

 private:
  const int fd_;
};

/// \return kUnavailable after `patience`, kCancelled after a stop.
Status wait_for(int fd, short events, milliseconds patience, int stop_fd) {
  std::array<pollfd, 2> fds = {{{fd, events, 0}, {stop_fd, POLLIN, 0}}};
  const int ready = ::poll(fds.data(), fds.size(), static_cast<int>(patience.count()));
  if (fds[1].revents != 0) return Error(Code::kCancelled, "stopped");
  if (ready > 0 && fds[0].revents != 0) return {};
  return Error(Code::kUnavailable, "does not answer; is it switched on, and its cable in?");
}

Status send(int fd, std::string_view bytes, int stop_fd) {
  while (!bytes.empty()) {
    TILLSIGHT_TRY(wait_for(fd, POLLOUT, Printer::kPatience, stop_fd));
    const ssize_t sent = ::write(fd, bytes.data(), bytes.size());
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (sent < 0 && errno == ENOSPC) {  // as usblp calls it
      return Error(Code::kUnavailable, "out of paper; put a new roll in");
    }
    if (sent < 0) return error(Code::kUnavailable, "{}; is its cable in?", std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

/// \return kUnavailable when it says that its paper is at its end.
Status check_paper(const Line& line, int stop_fd) {
  if (!line.answers()) return {};
  TILLSIGHT_TRY(send(line.fd(), kAskPaper, stop_fd));
  const Status answered = wait_for(line.fd(), POLLIN, Printer::kAnswer, stop_fd);
  if (!answered.ok()) {
    return answered.error().code() == Code::kCancelled ? answered : Status();
  }
  unsigned char answer = 0;
  if (::read(line.fd(), &answer, 1) != 1 || !paper_is_out(answer)) return {};
  return Error(Code::kUnavailable, "out of paper; put a new roll in");
}

}  // namespace

Result<Printer> Printer::parse(std::string_view address) {
  Printer printer;
  printer.address_ = address;
  if (address.starts_with('/')) return printer;
  const std::size_t colon = address.rfind(':');
  const std::string_view port = colon == std::string_view::npos ? "" : address.substr(colon + 1);
  const bool digits = !port.empty() && port.size() <= 5 &&
                      port.find_first_not_of("0123456789") == std::string_view::npos;
  if (!digits || colon == 0) {
    return error(Code::kInvalidArgument,
                 "'{}' is no printer; use a device (/dev/usb/lp0) or HOST:PORT (192.168.1.50:9100)",
                 address);
  }
  printer.host_ = address.substr(0, colon);
  printer.port_ = port;
  return printer;
}

Error Printer::trouble(std::string_view what) const {
  return error(Code::kUnavailable, "printer {}: {}", address_, what);
}

Result<int> Printer::open(int stop_fd) const {
  if (!host_.empty()) return connect(stop_fd);
  // O_APPEND means nothing to a device; a file in its place keeps every receipt.
  const int flags = O_NONBLOCK | O_CLOEXEC | O_NOCTTY | O_APPEND;
  int fd = ::open(address_.c_str(), O_RDWR | flags);
  if (fd < 0) fd = ::open(address_.c_str(), O_WRONLY | flags);
  if (fd >= 0) return fd;
  return trouble(format("{}; is it plugged in, and may the till's user write to it (group lp)?",
                        std::strerror(errno)));
}

Result<int> Printer::connect(int stop_fd) const {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int failed = ::getaddrinfo(host_.c_str(), port_.c_str(), &hints, &found); failed != 0) {
    return trouble(::gai_strerror(failed));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
  const int fd = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return trouble(std::strerror(errno));
  if (::connect(fd, found->ai_addr, found->ai_addrlen) == 0) return fd;
  int refused = errno;
  if (refused == EINPROGRESS) {
    const Status answered = wait_for(fd, POLLOUT, kPatience, stop_fd);
    socklen_t size = sizeof refused;
    if (answered.ok() && ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &refused, &size) == 0 &&
        refused == 0) {
      return fd;
    }
    if (!answered.ok()) {
      ::close(fd);
      return answered.error().with_context("printer " + address_);
    }
  }
  ::close(fd);
  return trouble(format("{}; is it switched on, and its cable in?", std::strerror(refused)));
}

Status Printer::print(std::string_view bytes, int stop_fd) const {
  TILLSIGHT_ASSIGN(const int fd, open(stop_fd));
  const Line line(fd);
  const auto whole = [&]() -> Status {
    TILLSIGHT_TRY(check_paper(line, stop_fd));
    TILLSIGHT_TRY(send(fd, bytes, stop_fd));
    return check_paper(line, stop_fd);
  };
  const Status done = whole();
  if (done.ok() || done.error().code() == Code::kCancelled) return done;
  return trouble(done.error().message());
}

}  // namespace tillsight
