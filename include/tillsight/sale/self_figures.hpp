/// \file
/// What a till says of its own work since it was started: how often nobody had to correct it, and
/// how long a sale takes.
///
/// **Threads** thread-compatible.
#pragma once

#include <cstdint>
#include <optional>

#include "tillsight/core/clock.hpp"
#include "tillsight/domain/basket_line.hpp"
#include "tillsight/domain/till_figures.hpp"

namespace tillsight {

class SelfFigures {
 public:
  /// The basket has lines, or has none. Call after everything that may change that.
  void basket_has_lines(bool any, MonotonicTime now);
  /// The clerk removed, chose or counted.
  void corrected() { ++corrections_; }
  /// \param lines what was paid.
  void paid(const std::vector<BasketLine>& lines, MonotonicTime now);
  /// The sale was given up, or put aside.
  void gone();

  const TillFigures& figures() const { return figures_; }

 private:
  TillFigures figures_;
  std::int64_t corrections_ = 0;  // in the open sale
  std::optional<MonotonicTime> first_line_;
};

}  // namespace tillsight
