#include "tests/support/quiet_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bit>
#include <cstdint>

#include "tillsight/core/check.hpp"
#include "tillsight/core/random.hpp"

namespace tillsight::test {
namespace {

bool is_free(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool bound = ::bind(fd, std::bit_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return bound;
}

}  // namespace

int quiet_port() {
  constexpr int kFirst = 12'000;
  constexpr int kCount = 20'000;  // up to the 32768 where Linux begins to give ports away
  SystemRandom random;
  for (int attempt = 0; attempt < 100; ++attempt) {
    const int port = kFirst + static_cast<int>(random.next_u64() % kCount);
    if (is_free(port)) return port;
  }
  check_failed("a loopback port is free", "100 were tried");
}

}  // namespace tillsight::test
