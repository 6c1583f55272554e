/// \file
/// The line between a client and a broker on this machine, as bad as a test wants it: slow, narrow,
/// silent, cut, refused. It also counts what goes over it.
///
/// **Threads** thread-safe; a thread of its own carries the bytes.
/// **Ownership** Every connection ends with this object.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>

namespace tillsight::test {

class FaultProxy {
 public:
  /// Since the proxy was made.
  struct Traffic {
    std::int64_t up_bytes = 0;  ///< to the broker
    std::int64_t down_bytes = 0;
    std::int64_t connections = 0;  ///< that reached the broker
  };

  /// Listens on a loopback port, and for every connection makes one to `target_port`.
  explicit FaultProxy(int target_port);
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  int port() const;
  Traffic traffic() const;

  /// A good line for every connection that is made from now on. What went silent stays silent, as
  /// after a router has forgotten it.
  void heal();
  /// Nobody listens; what is connected stays so.
  void refuse();
  /// Half-open: connections stay and can be made, and nothing ever comes through them.
  void fall_silent();
  /// Every byte takes so long, and all connections together carry so much each way.
  /// \param bytes_per_s 0: no limit.
  void slow_down(std::chrono::milliseconds latency, std::int64_t bytes_per_s);
  /// Ends every connection with an RST to both sides.
  void reset();

 private:
  class Carrier;

  std::unique_ptr<Carrier> carrier_;
  std::jthread thread_;  // last, so that it ends before what it works with
};

}  // namespace tillsight::test
