// Goal: whoever storms the broker with connections shuts nobody out for good, and ends nobody's.
// Method: raw connections to a real Mosquitto without TLS, which only makes the storm stronger; its
// descriptors are limited as the service's drop-in does it.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bit>
#include <deque>
#include <string>
#include <string_view>

#include "tests/support/broker.hpp"
#include "tillsight/core/format.hpp"

namespace tillsight::security {
namespace {

using namespace std::literals;

/// One connection, in MQTT 3.1.1.
class Knock {
 public:
  Knock(int port, const std::string& client) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{2, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, std::bit_cast<const sockaddr*>(&address), sizeof address) != 0) return;
    const auto bytes = static_cast<char>(client.size());
    let_in_ = answer("\x10"s + static_cast<char>(12 + bytes) + "\0\4MQTT\4\2\0\x3c\0"s + bytes +
                     client) == "\x20\2\0\0"s;
  }
  ~Knock() { ::close(fd_); }
  Knock(const Knock&) = delete;
  Knock& operator=(const Knock&) = delete;

  bool let_in() const { return let_in_; }
  bool is_alive() { return answer("\xc0\0"s) == "\xd0\0"s; }

 private:
  std::string answer(std::string_view packet) const {
    ::send(fd_, packet.data(), packet.size(), MSG_NOSIGNAL);
    char bytes[4];
    const ssize_t size = ::recv(fd_, bytes, sizeof bytes, 0);
    return {bytes, static_cast<std::size_t>(std::max<ssize_t>(0, size))};
  }

  const int fd_;
  bool let_in_ = false;
};

int storm(int port, int knocks, std::deque<Knock>& storm) {
  int let_in = 0;
  for (int i = 0; i < knocks; ++i) {
    storm.emplace_back(port, format("storm-{}", i));
    let_in += storm.back().let_in() ? 1 : 0;
  }
  return let_in;
}

TEST(Storm, OfConnectionsEndsNobodysAndShutsNobodyOut) {
  test::Broker broker;
  broker.limit_descriptors(64);
  Knock till(broker.port(), "till");
  ASSERT_TRUE(till.let_in());
  {
    std::deque<Knock> knocks;
    EXPECT_LT(storm(broker.port(), 200, knocks), 64);
    EXPECT_TRUE(till.is_alive());
  }
  EXPECT_TRUE(till.is_alive());
  bool back = false;
  for (int attempt = 0; attempt < 20 && !back; ++attempt) {
    back = Knock(broker.port(), "late").let_in();
  }
  EXPECT_TRUE(back);
}

// Why the drop-in limits descriptors: when this fails, Mosquitto has been mended.
TEST(Storm, MaxConnectionsOfMosquittoHoldsOnlyTheFirstTime) {
  test::Broker broker({"allow_anonymous true", "max_connections 20"});
  std::deque<Knock> first;
  EXPECT_LT(storm(broker.port(), 45, first), 30);
  first.clear();
  std::deque<Knock> second;
  EXPECT_GT(storm(broker.port(), 45, second), 30);
}

}  // namespace
}  // namespace tillsight::security
