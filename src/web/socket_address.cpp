#include "web/socket_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <bit>
#include <cstring>

namespace tillsight::web {

Result<SocketAddress> SocketAddress::parse(const std::string& address, int port) {
  SocketAddress parsed;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<std::uint16_t>(port));
    std::memcpy(&parsed.storage_, &v4, sizeof v4);
  } else if (::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<std::uint16_t>(port));
    std::memcpy(&parsed.storage_, &v6, sizeof v6);
  } else {
    return error(Code::kInvalidArgument,
                 "web: '{}' is no address to listen on; use 127.0.0.1 for this machine alone, or "
                 "0.0.0.0 for every network",
                 address);
  }
  return parsed;
}

const sockaddr* SocketAddress::raw() const {
  return std::bit_cast<const sockaddr*>(&storage_);
}

bool SocketAddress::is_loopback() const {
  if (is_v6()) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &storage_, sizeof v6);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0;
  }
  sockaddr_in v4{};
  std::memcpy(&v4, &storage_, sizeof v4);
  return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
}

std::string address_text(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* number = nullptr;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (address != nullptr && address->sa_family == AF_INET) {
    std::memcpy(&v4, address, sizeof v4);
    number = &v4.sin_addr;
  } else if (address != nullptr && address->sa_family == AF_INET6) {
    std::memcpy(&v6, address, sizeof v6);
    number = &v6.sin6_addr;
  }
  if (number == nullptr) return "?";
  ::inet_ntop(address->sa_family, number, text.data(), text.size());
  return text.data();
}

}  // namespace tillsight::web
