/// \file
/// A network of the test's own, in which packets may be lost and the line may be narrow for
/// everybody: what no proxy can do to TCP.
///
/// Needs root, or a kernel that lets users have namespaces, and the programs nft and tc.
///
/// **Threads** The thread that makes it moves into it, and with it the processes and threads that
/// it starts. Make it while there is no other thread.
/// **Ownership** Root moves back when it ends; a user stays, in a network without faults.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "tillsight/core/result.hpp"

namespace tillsight::test {

class NetworkNamespace {
 public:
  /// \return kFailedPrecondition saying what this machine does not allow or lacks.
  static Result<NetworkNamespace> enter();
  NetworkNamespace(NetworkNamespace&& other) noexcept;
  ~NetworkNamespace();

  /// Drops so many of a hundred packets on the loopback line, each way.
  Status lose(int percent);
  /// \return how many packets that was since lose().
  std::int64_t lost_packets() const;
  /// Everybody together has so many kilobits a second.
  Status narrow(int kbit_per_s);
  /// Undoes both.
  void heal();

  /// Shows `content` in place of a file of the system, to who was started from here.
  Status replace(const std::filesystem::path& system_file, const std::filesystem::path& content);

 private:
  NetworkNamespace(int old_network, int old_mounts)
      : old_network_(old_network), old_mounts_(old_mounts) {}

  int old_network_;
  int old_mounts_;
};

}  // namespace tillsight::test
