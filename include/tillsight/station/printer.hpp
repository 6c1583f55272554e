/// \file
/// A receipt printer: a device file ("/dev/usb/lp0") or a socket ("192.168.1.50:9100").
///
/// It is asked for its paper before a receipt and after it: what did not come out whole is printed
/// again, whole. A printer that does not answer that question is taken to have paper.
///
/// **Threads** thread-safe; print() waits, so it belongs in a thread of its own.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"

namespace tillsight {

class Printer {
 public:
  static constexpr std::chrono::milliseconds kAnswer{300};       ///< to the question for paper
  static constexpr std::chrono::milliseconds kPatience{10'000};  ///< with one that takes no bytes

  Printer() = default;
  /// \return kInvalidArgument unless it is an absolute path or HOST:PORT.
  static Result<Printer> parse(std::string_view address);

  const std::string& address() const { return address_; }

  /// \param stop_fd readable when waiting is over; -1: never.
  /// \return kUnavailable naming what is wrong with the printer (paper, cable, power), kCancelled
  /// when stopped.
  Status print(std::string_view bytes, int stop_fd = -1) const;

 private:
  Result<int> open(int stop_fd) const;
  Result<int> connect(int stop_fd) const;
  Error trouble(std::string_view what) const;

  std::string address_;
  std::string host_;  // empty: a device
  std::string port_;
};

}  // namespace tillsight
