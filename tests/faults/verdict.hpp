/// \file
/// What came of trying something many thousand times, and two processes to try it in.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace tillsight::faults {

/// What is wrong with what was found.
struct Finding {
  bool lost = false;     ///< something answered is not there
  bool damaged = false;  ///< something is there by half, cannot be read, or nobody asked for it
  std::string what = {};
};

struct Verdict {
  std::int64_t tried = 0;
  std::int64_t lost = 0;
  std::int64_t damaged = 0;
  std::string first = {};  ///< what was wrong first

  std::int64_t bad() const { return lost + damaged; }
  /// Counts one try. \param where names it for whoever wants to see it again.
  void add(const Finding& finding, const std::string& where);
  Verdict& operator+=(const Verdict& other);
};

/// Asks `verdict_of(seed)` for seeds 1, 2, 3, …, in two processes, until `wanted` were tried.
Verdict in_two_processes(std::int64_t wanted,
                         const std::function<Verdict(std::uint64_t seed)>& verdict_of);

}  // namespace tillsight::faults
