/// \file
/// The far end of a till's socket: says actions, reads what the till answers.
///
/// **Threads** thread-bound.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "tillsight/app/stop_signals.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::app {

class TillClient {
 public:
  using Json = nlohmann::ordered_json;

  /// \return kUnavailable while no till listens there.
  static Result<TillClient> connect(const std::filesystem::path& socket);

  TillClient(TillClient&& other) noexcept;
  TillClient& operator=(TillClient&& other) noexcept;
  ~TillClient();

  Status say(const Json& action);

  /// Reads lines until one satisfies `wanted`; the others are passed over.
  /// \return that line; kUnavailable after `patience` or when the till is gone, kCancelled after a
  /// stop.
  Result<Json> wait_for(std::string_view what, const std::function<bool(const Json&)>& wanted,
                        std::chrono::milliseconds patience, const StopSignals& stop);

 private:
  explicit TillClient(int fd) : fd_(fd) {}
  Result<Json> next_line(std::string_view what, std::chrono::steady_clock::time_point deadline,
                         const StopSignals& stop);

  int fd_ = -1;
  std::string read_;
};

}  // namespace tillsight::app
