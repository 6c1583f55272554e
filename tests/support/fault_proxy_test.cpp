// Goal: a line that a test calls bad is bad; else the tests over it would pass for nothing.
// Method: a client and a server of our own at the ends of the line.
#include "tests/support/fault_proxy.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <string>
#include <utility>

#include "tests/support/quiet_port.hpp"

namespace tillsight::test {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{10'000};
constexpr milliseconds kSilence{100};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

/// One end of a TCP connection.
class End {
 public:
  explicit End(int fd) : fd_(fd) {}
  End(End&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~End() { ::close(fd_); }

  void say(const std::string& text) { ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL); }
  /// \return what came within the time, at least `bytes` of it if they come at all.
  std::string hear(std::size_t bytes, milliseconds patience = kPatience) {
    std::string heard;
    while (heard.size() < bytes && readable(patience)) {
      std::array<char, 4096> block;
      const ssize_t size = ::recv(fd_, block.data(), block.size(), 0);
      error_ = size < 0 ? errno : 0;
      if (size <= 0) break;
      heard.append(block.data(), static_cast<std::size_t>(size));
    }
    return heard;
  }
  bool readable(milliseconds patience) const {
    pollfd file{fd_, POLLIN, 0};
    return ::poll(&file, 1, static_cast<int>(patience.count())) > 0;
  }
  int error() const { return error_; }

 private:
  int fd_;
  int error_ = 0;
};

class FaultProxyTest : public testing::Test {
 protected:
  FaultProxyTest() {
    const sockaddr_in address = loopback(server_port_);
    ::bind(server_, std::bit_cast<const sockaddr*>(&address), sizeof address);
    ::listen(server_, 8);
  }
  ~FaultProxyTest() override { ::close(server_); }

  End call() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(line_.port());
    refused_ = ::connect(fd, std::bit_cast<const sockaddr*>(&address), sizeof address) != 0 &&
               errno == ECONNREFUSED;
    return End(fd);
  }
  End answer() { return End(::accept4(server_, nullptr, nullptr, SOCK_CLOEXEC)); }

  const int server_port_ = quiet_port();
  const int server_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  FaultProxy line_{server_port_};
  bool refused_ = false;
};

TEST_F(FaultProxyTest, GoodLineCarriesAndCountsBothWays) {
  End client = call();
  End server = answer();
  client.say("up");
  EXPECT_EQ(server.hear(2), "up");
  server.say("down");
  EXPECT_EQ(client.hear(4), "down");
  EXPECT_EQ(line_.traffic().up_bytes, 2);
  EXPECT_EQ(line_.traffic().down_bytes, 4);
  EXPECT_EQ(line_.traffic().connections, 1);
}

TEST_F(FaultProxyTest, SilentLineStaysOpenAndCarriesNothingEvenLater) {
  End client = call();
  End server = answer();
  line_.fall_silent();
  client.say("up");
  EXPECT_FALSE(server.readable(kSilence));
  line_.heal();
  EXPECT_FALSE(server.readable(kSilence));
  EXPECT_FALSE(client.readable(milliseconds(0)));
  End second = call();
  second.say("again");
  EXPECT_EQ(answer().hear(5), "again");
}

TEST_F(FaultProxyTest, ResetReachesBothEnds) {
  End client = call();
  End server = answer();
  client.say("up");
  ASSERT_EQ(server.hear(2), "up");
  line_.reset();
  EXPECT_EQ(client.hear(1), "");
  EXPECT_EQ(client.error(), ECONNRESET);
  EXPECT_EQ(server.hear(1), "");
  EXPECT_EQ(server.error(), ECONNRESET);
}

TEST_F(FaultProxyTest, RefusedLineKeepsWhoIsConnected) {
  End client = call();
  End server = answer();
  line_.refuse();
  call();
  EXPECT_TRUE(refused_);
  client.say("up");
  EXPECT_EQ(server.hear(2), "up");
  line_.heal();
  call();
  EXPECT_FALSE(refused_);
}

TEST_F(FaultProxyTest, NarrowLineTakesItsTime) {
  End client = call();
  End server = answer();
  client.say("what went before does not count");
  server.hear(31);
  line_.slow_down(milliseconds(50), 10'000);
  const auto begin = std::chrono::steady_clock::now();
  client.say(std::string(2'000, 'x'));
  EXPECT_EQ(server.hear(2'000).size(), 2'000U);
  EXPECT_GE(std::chrono::steady_clock::now() - begin,
            milliseconds(50 + 150));  // two of its breaths are free
}

TEST_F(FaultProxyTest, EndOfOneEndIsTheEndOfTheOther) {
  {
    End client = call();
    client.say("last words");
  }
  End server = answer();
  EXPECT_EQ(server.hear(11), "last words");
}

}  // namespace
}  // namespace tillsight::test
