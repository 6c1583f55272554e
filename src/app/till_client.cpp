#include "app/till_client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

namespace tillsight::app {

Result<TillClient> TillClient::connect(const std::filesystem::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket.string();
  if (path.size() >= sizeof address.sun_path) {
    return error(Code::kInvalidArgument, "{}: a socket's path may have {} bytes at most", path,
                 sizeof address.sun_path - 1);
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  TillClient client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(client.fd_, std::bit_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return error(Code::kUnavailable, "{}: no till listens: {}", path, std::strerror(errno));
  }
  return client;
}

TillClient::TillClient(TillClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), read_(std::move(other.read_)) {}

TillClient& TillClient::operator=(TillClient&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(read_, other.read_);
  return *this;
}

TillClient::~TillClient() {
  if (fd_ >= 0) ::close(fd_);
}

Status TillClient::say(const Json& action) {
  std::string line = action.dump() + "\n";
  for (std::string_view rest = line; !rest.empty();) {
    const ssize_t sent = ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return error(Code::kUnavailable, "the till is gone: {}", std::strerror(errno));
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

Result<TillClient::Json> TillClient::wait_for(std::string_view what,
                                              const std::function<bool(const Json&)>& wanted,
                                              std::chrono::milliseconds patience,
                                              const StopSignals& stop) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    TILLSIGHT_ASSIGN(Json line, next_line(what, deadline, stop));
    if (line.is_object() && wanted(line)) return line;
  }
}

Result<TillClient::Json> TillClient::next_line(std::string_view what,
                                               std::chrono::steady_clock::time_point deadline,
                                               const StopSignals& stop) {
  std::size_t end = 0;
  while ((end = read_.find('\n')) == std::string::npos) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return error(Code::kUnavailable, "the till did not show {}", what);
    std::array<pollfd, 2> fds = {{{fd_, POLLIN, 0}, {stop.fd(), POLLIN, 0}}};
    ::poll(fds.data(), fds.size(), static_cast<int>(left.count()));
    if (stop.stop_requested()) return Error(Code::kCancelled, "stopped");
    if (fds[0].revents == 0) continue;
    std::array<char, 4096> block;
    const ssize_t size = ::read(fd_, block.data(), block.size());
    if (size <= 0) return error(Code::kUnavailable, "the till is gone before it showed {}", what);
    read_.append(block.data(), static_cast<std::size_t>(size));
  }
  Json line = Json::parse(read_.substr(0, end), nullptr, /*allow_exceptions=*/false);
  read_.erase(0, end + 1);
  return line;
}

}  // namespace tillsight::app
