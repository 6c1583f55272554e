/// \file
/// What has happened in one simulation, for its reader and for its verdict.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/format.hpp"
#include "tillsight/sim/simulation.hpp"

namespace tillsight::sim {

/// **Threads** thread-compatible.
class Story {
 public:
  /// \param folder is left out of what is told: the story of a seed is the same in every folder.
  Story(const Clock& clock, std::string folder, Trace trace)
      : clock_(clock), folder_(std::move(folder)), trace_(std::move(trace)) {}

  template <typename... Args>
  void tell(format_string<Args...> text, Args&&... args) {
    note(format(text, std::forward<Args>(args)...));
  }
  template <typename... Args>
  void violation(format_string<Args...> text, Args&&... args) {
    std::string what = format(text, std::forward<Args>(args)...);
    note("VIOLATION: " + what);
    // The first few say it; a broken world breaks the same promise at every step.
    if (outcome_.violations.size() < kViolationsMax) outcome_.violations.push_back(std::move(what));
  }

  Outcome& outcome() { return outcome_; }
  const Outcome& outcome() const { return outcome_; }
  bool broken() const { return !outcome_.violations.empty(); }
  std::chrono::milliseconds now() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        clock_.monotonic_now().time_since_epoch());
  }

 private:
  static constexpr std::size_t kViolationsMax = 10;

  /// FNV-1a, over every line with its time.
  void note(std::string what) {
    for (std::size_t at; (at = what.find(folder_)) != std::string::npos;)
      what.erase(at, folder_.size());
    const auto mix = [this](std::uint64_t byte) {
      outcome_.fingerprint = (outcome_.fingerprint ^ byte) * 0x100000001b3U;
    };
    mix(static_cast<std::uint64_t>(now().count()));
    for (const char c : what) mix(static_cast<unsigned char>(c));
    if (trace_) trace_(now(), what);
  }

  const Clock& clock_;
  const std::string folder_;
  const Trace trace_;
  Outcome outcome_;
};

}  // namespace tillsight::sim
