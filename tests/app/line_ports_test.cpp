// Goal: lines come in whole, from many, and nobody who reads slowly or writes rubbish holds up the
// till.
// Method: real sockets in a temporary folder; the port loop is driven until what is expected came.
#include "app/line_ports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <bit>
#include <cstring>

#include "tests/support/temp_dir.hpp"

namespace tillsight::app {
namespace {

using ::testing::ElementsAre;

class Peer {
 public:
  explicit Peer(const std::filesystem::path& socket) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, socket.c_str());
    connected_ = ::connect(fd_, std::bit_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Peer() { ::close(fd_); }
  bool connected() const { return connected_; }
  void write(std::string_view bytes) const {
    ASSERT_EQ(::send(fd_, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }
  std::string read() const {
    char block[4096];
    const ssize_t size = ::recv(fd_, block, sizeof block, MSG_DONTWAIT);
    return size > 0 ? std::string(block, static_cast<std::size_t>(size)) : "";
  }

 private:
  int fd_;
  bool connected_;
};

class Ports : public ::testing::Test {
 protected:
  Ports() : ports_(*LinePorts::open(socket_)) {}

  void turn(int times = 4) {
    for (int i = 0; i < times; ++i) {
      ports_.run_once(std::chrono::milliseconds(20), -1, [&](PortId port, std::string_view line) {
        lines_.emplace_back(line);
        last_port_ = port;
      });
    }
  }

  TempDir folder_;
  std::filesystem::path socket_ = folder_ / "till.sock";
  LinePorts ports_;
  std::vector<std::string> lines_;
  PortId last_port_;
};

TEST_F(Ports, DeliverLinesWholeHoweverTheyArrive) {
  const Peer peer(socket_);
  peer.write("{\"do\":");
  turn();
  EXPECT_TRUE(lines_.empty());
  peer.write("\"next\"}\r\n\nsecond\nthi");
  turn();
  EXPECT_THAT(lines_, ElementsAre("{\"do\":\"next\"}", "second"));
}

TEST_F(Ports, AnswerOnlyTheOneWhoAskedAndTellAllTheNews) {
  const Peer one(socket_);
  const Peer other(socket_);
  turn();
  one.write("question\n");
  turn();
  ports_.send(last_port_, "answer");
  ports_.send_to_all("news");
  turn();
  EXPECT_EQ(one.read(), "answer\nnews\n");
  EXPECT_EQ(other.read(), "news\n");
}

TEST_F(Ports, GreetWhoeverConnectsWithHowThingsStand) {
  ports_.greet_with("the sale so far");
  const Peer late(socket_);
  turn();
  EXPECT_EQ(late.read(), "the sale so far\n");
}

TEST_F(Ports, PassOverALineThatIsTooLongAndGoOn) {
  const Peer peer(socket_);
  for (int i = 0; i < 10; ++i) {
    peer.write(std::string(4000, 'x'));
    turn();
  }
  peer.write("\nshort\n");
  turn();
  ASSERT_EQ(lines_.size(), 2u);
  EXPECT_EQ(lines_[1], "short");
}

TEST_F(Ports, DropAReaderThatDoesNotKeepUp) {
  const Peer lazy(socket_);
  turn();
  const std::string line(1000, 'n');
  for (int i = 0; i < 5000; ++i) ports_.send_to_all(line);
  turn();
  while (!lazy.read().empty()) {
  }
  ports_.send_to_all("after");
  turn();
  EXPECT_THAT(lazy.read(), ::testing::Not(::testing::HasSubstr("after")));
}

TEST_F(Ports, RefuseASecondTillOnTheSameSocket) {
  const auto second = LinePorts::open(socket_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), Code::kFailedPrecondition);
}

TEST(PortsAfterACrash, ReplaceTheSocketOfATillThatDied) {
  const TempDir folder;
  const std::filesystem::path socket = folder / "till.sock";
  // What kill -9 leaves: a socket file that nobody listens on.
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, socket.c_str());
  ASSERT_EQ(::bind(fd, std::bit_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(fd);

  const auto ports = LinePorts::open(socket);
  ASSERT_TRUE(ports.ok()) << ports.error().message();
  EXPECT_TRUE(Peer(socket).connected());
}

}  // namespace
}  // namespace tillsight::app
