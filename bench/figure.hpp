/// \file
/// How a benchmark says a number: one line that `./dev bench` collects and a person can read.
///
///     FIGURE detect.overhead_1_thread value=1.013 unit=ratio goal=<=1.05 rival=forward:41.20ms
///     ok=yes
#pragma once

#include <cstdio>
#include <string>

#include "tillsight/core/format.hpp"

namespace tillsight::bench {

enum class Goal { kNone, kAtMost, kAtLeast };

struct Figure {
  std::string name;  ///< area.what
  double value = 0;
  std::string unit;
  Goal goal = Goal::kNone;
  double bound = 0;
  std::string rival{};  ///< "name:value", measured in the same run
};

/// \return whether the goal, if there is one, is met. A test asserts it for counts and for time on
/// its own clock; not for what the wall clock says, which on a busy machine breaks no promise.
inline bool print(const Figure& figure) {
  const bool at_most = figure.goal == Goal::kAtMost;
  const bool met = at_most ? figure.value <= figure.bound : figure.value >= figure.bound;
  std::string line =
      format("FIGURE {} value={:.4g} unit={}", figure.name, figure.value, figure.unit);
  if (figure.goal != Goal::kNone) {
    line += format(" goal={}{:.4g}", at_most ? "<=" : ">=", figure.bound);
  }
  if (!figure.rival.empty()) line += " rival=" + figure.rival;
  if (figure.goal != Goal::kNone) line += met ? " ok=yes" : " ok=no";
  std::puts(line.c_str());
  return figure.goal == Goal::kNone || met;
}

}  // namespace tillsight::bench
