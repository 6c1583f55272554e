/// \file
/// A bar on the terminal for work that takes long; nothing in a pipe.
#pragma once

#include <string>

namespace tillsight::cli {

class ProgressBar {
 public:
  explicit ProgressBar(std::string what);
  /// Wipes the bar away.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// \param done from 0 to 1.
  void show(double done);

 private:
  const std::string what_;
  const bool on_terminal_;
  int shown_percent_ = -1;
};

}  // namespace tillsight::cli
