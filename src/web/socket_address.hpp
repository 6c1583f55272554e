/// \file
/// An address of this machine to listen on, and the other side's as text.
///
/// **Threads** thread-compatible.
#pragma once

#include <sys/socket.h>

#include <string>

#include "tillsight/core/result.hpp"

namespace tillsight::web {

class SocketAddress {
 public:
  /// \param address "127.0.0.1", "::1", "0.0.0.0": numbers, no names.
  static Result<SocketAddress> parse(const std::string& address, int port);

  const sockaddr* raw() const;
  bool is_v6() const { return storage_.ss_family == AF_INET6; }
  /// Whether only this machine can reach it.
  bool is_loopback() const;

 private:
  sockaddr_storage storage_{};
};

/// \return "192.0.2.7"; "?" of what is no address.
std::string address_text(const sockaddr* address);

}  // namespace tillsight::web
