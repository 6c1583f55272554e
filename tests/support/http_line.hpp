/// \file
/// A connection to an HTTP server on loopback that says exactly what the test says.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tillsight {

inline constexpr std::chrono::milliseconds kLinePatience{20'000};

class Line {
 public:
  explicit Line(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, std::bit_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  Line(Line&& other) noexcept : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_) {}
  ~Line() {
    if (fd_ >= 0) ::close(fd_);
  }
  bool connected() const { return connected_; }

  /// \return false once the other side has hung up.
  bool say(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// \return what comes until it contains `wanted`, the line is closed, or patience ends.
  std::string hear(std::string_view wanted = "\r\n\r\n",
                   std::chrono::milliseconds patience = kLinePatience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    std::string heard;
    std::array<char, 4096> block;
    while (heard.find(wanted) == std::string::npos && std::chrono::steady_clock::now() < until) {
      pollfd ready{fd_, POLLIN, 0};
      if (::poll(&ready, 1, 100) <= 0) continue;
      const ssize_t size = ::recv(fd_, block.data(), block.size(), 0);
      if (size <= 0) {
        closed_ = true;
        break;
      }
      heard.append(block.data(), static_cast<std::size_t>(size));
    }
    return heard;
  }
  bool closed() const { return closed_; }

 private:
  int fd_;
  bool connected_ = false;
  bool closed_ = false;
};

}  // namespace tillsight
