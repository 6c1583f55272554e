#include "app/hub_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <utility>

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kLineBytesMax = 16 * 1024;
constexpr milliseconds kCallerPatience{200};
// A replay of a full quarantine is a few thousand commits.
constexpr milliseconds kHubPatience{120'000};

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

std::optional<sockaddr_un> address_of(const std::filesystem::path& file) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = file.string();
  if (path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

const sockaddr* raw(const sockaddr_un& address) {
  return std::bit_cast<const sockaddr*>(&address);
}

/// \return the first line, nothing if it does not come within `patience` of silence or is too long.
std::optional<std::string> read_line(int fd, milliseconds patience) {
  std::string line;
  std::array<char, 4096> block;
  while (line.size() <= kLineBytesMax) {
    pollfd ready{fd, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(patience.count())) <= 0) return std::nullopt;
    const ssize_t size = ::recv(fd, block.data(), block.size(), 0);
    if (size <= 0) return std::nullopt;
    line.append(block.data(), static_cast<std::size_t>(size));
    if (const auto end = line.find('\n'); end != std::string::npos) return line.substr(0, end);
  }
  return std::nullopt;
}

bool send_line(int fd, std::string_view text) {
  const std::string line = std::string(text) + "\n";
  return ::send(fd, line.data(), line.size(), MSG_NOSIGNAL) == std::ssize(line);
}

Error cannot_listen(const std::filesystem::path& file, std::string_view why) {
  return error(Code::kFailedPrecondition,
               "{}: cannot be the hub's socket: {}; choose a shorter [hub] data of this user's",
               file.string(), why);
}

}  // namespace

std::filesystem::path hub_socket_file(const std::filesystem::path& data_folder) {
  return data_folder / "hub.sock";
}

Result<HubSocket> HubSocket::open(const std::filesystem::path& data_folder) {
  const std::filesystem::path file = hub_socket_file(data_folder);
  const auto address = address_of(file);
  if (!address) return cannot_listen(file, "the path is too long");
  std::error_code none_there;
  std::filesystem::remove(file, none_there);
  Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (::bind(listener.get(), raw(*address), sizeof *address) != 0 ||
      ::chmod(file.c_str(), S_IRUSR | S_IWUSR) != 0 || ::listen(listener.get(), 8) != 0) {
    return cannot_listen(file, std::strerror(errno));
  }
  return HubSocket(listener.release(), file);
}

HubSocket::HubSocket(HubSocket&& other) noexcept
    : listener_(std::exchange(other.listener_, -1)), file_(std::exchange(other.file_, {})) {}

HubSocket::~HubSocket() {
  if (listener_ < 0) return;
  ::close(listener_);
  std::error_code gone;
  std::filesystem::remove(file_, gone);
}

void HubSocket::serve(const Answer& answer) {
  const Descriptor caller(::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
  if (caller.get() < 0) return;
  const auto line = read_line(caller.get(), kCallerPatience);
  if (line) send_line(caller.get(), answer(*line));
}

Result<std::string> call_hub(const std::filesystem::path& data_folder, std::string_view line) {
  const std::filesystem::path file = hub_socket_file(data_folder);
  const Descriptor hub(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = address_of(file);
  if (!address || ::connect(hub.get(), raw(*address), sizeof *address) != 0) {
    return error(Code::kNotFound, "{}: no hub listens: {}", file.string(), std::strerror(errno));
  }
  if (!send_line(hub.get(), line)) {
    return error(Code::kUnavailable, "{}: the hub takes no order", file.string());
  }
  auto answer = read_line(hub.get(), kHubPatience);
  if (answer) return *std::move(answer);
  return error(Code::kUnavailable, "{}: the hub did not answer; look at its log", file.string());
}

}  // namespace tillsight::app
