/// \file
/// The hub's local socket: one line in, one line out, one caller at a time.
///
/// **Threads** thread-bound. A caller that does not finish its line keeps the hub from its work for
/// a fifth of a second at most.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"

namespace tillsight::app {

std::filesystem::path hub_socket_file(const std::filesystem::path& data_folder);

class HubSocket {
 public:
  /// \pre this process holds the lock of `data_folder`: a socket that is there is nobody's.
  /// \return kFailedPrecondition if the path is too long for a socket or cannot be made.
  static Result<HubSocket> open(const std::filesystem::path& data_folder);

  HubSocket(HubSocket&& other) noexcept;
  HubSocket& operator=(HubSocket&&) = delete;
  ~HubSocket();

  /// Readable while somebody calls.
  int fd() const { return listener_; }

  using Answer = std::function<std::string(std::string_view line)>;
  /// Serves who has called, if anybody has.
  void serve(const Answer& answer);

 private:
  HubSocket(int listener, std::filesystem::path file)
      : listener_(listener), file_(std::move(file)) {}
  int listener_;
  std::filesystem::path file_;
};

/// Sends a line to the hub of a folder and waits for its answer.
/// \return kNotFound if no hub listens there, kUnavailable if it does not answer.
Result<std::string> call_hub(const std::filesystem::path& data_folder, std::string_view line);

}  // namespace tillsight::app
