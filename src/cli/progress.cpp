#include "cli/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "tillsight/core/format.hpp"

namespace tillsight::cli {
namespace {

constexpr int kWidth = 30;

}  // namespace

ProgressBar::ProgressBar(std::string what)
    : what_(std::move(what)), on_terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (shown_percent_ >= 0) std::cerr << "\r\x1b[K" << std::flush;
}

void ProgressBar::show(double done) {
  const int percent = static_cast<int>(100 * std::clamp(done, 0.0, 1.0));
  if (!on_terminal_ || percent == shown_percent_) return;
  shown_percent_ = percent;
  const int filled = kWidth * percent / 100;
  std::cerr << format("\r{} [{:#<{}}{:.<{}}] {:3} %", what_, "", filled, "", kWidth - filled,
                      percent)
            << std::flush;
}

}  // namespace tillsight::cli
