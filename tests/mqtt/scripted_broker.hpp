/// \file
/// A broker that is a socket of the test: it gives one client what it is told to, byte by byte, and
/// shows what the client says.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>

namespace tillsight::mqtt {

inline constexpr std::string_view kConnack("\x20\x03\x00\x00\x00", 5);

class ScriptedBroker {
 public:
  ScriptedBroker() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 1), 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~ScriptedBroker() {
    close(client_);
    close(listener_);
  }
  ScriptedBroker(const ScriptedBroker&) = delete;
  ScriptedBroker& operator=(const ScriptedBroker&) = delete;

  int port() const { return port_; }
  /// \pre the client's connection has been begun: the kernel accepts it on our behalf.
  void accept_client() { client_ = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC); }
  void send(std::string_view packet) {
    EXPECT_EQ(::send(client_, packet.data(), packet.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(packet.size()));
  }
  /// \return what the client has said and nobody has looked at yet; on loopback that is there as
  /// soon as the client has said it.
  std::string heard() {
    std::string bytes;
    std::array<char, 4096> block{};
    for (ssize_t size = 1; size > 0;) {
      size = recv(client_, block.data(), block.size(), MSG_DONTWAIT);
      if (size > 0) bytes.append(block.data(), static_cast<std::size_t>(size));
    }
    return bytes;
  }

 private:
  const int listener_;
  int client_ = -1;
  int port_ = 0;
};

}  // namespace tillsight::mqtt
