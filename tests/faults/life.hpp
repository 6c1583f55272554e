/// \file
/// What a till's and a hub's life in a forked child have in common, for the tests that kill it or
/// let its calls fail.
///
/// A life is a fixture with
///   begin_anew()         an empty folder of this process's own, nothing answered
///   live(Doctor&)        from opening to closing; goes on after every error
///   check(unanswered)    opens what was left and compares it with what was answered; so much more
///                        than that may be there
///   adopt_unanswered()   after check(): the next life knows what is there
#pragma once

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "tests/faults/child.hpp"
#include "tests/faults/verdict.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::faults {

/// The first complaint of a child, in memory that survives it.
class Complaint {
 public:
  void say(std::string_view what) {
    if (text_.front() == '\0') what.copy(text_.data(), text_.size() - 1);
  }
  std::string text() const { return text_.data(); }

 private:
  std::array<char, 1024> text_{};
};

/// Looks at the errors that a life meets, and ends what causes them.
class Doctor {
 public:
  /// \param cure ends the fault. \param folder every message must name something in it.
  Doctor(Complaint& complaint, std::filesystem::path folder, std::function<void()> cure)
      : complaint_(complaint), folder_(std::move(folder)), cure_(std::move(cure)) {}

  /// An error says what is hit and what to do about it.
  template <typename Outcome>
  void look_at(const Outcome& outcome) {
    if (outcome.ok()) return;
    const std::string& message = outcome.error().message();
    if (message.find(folder_.string()) == std::string::npos) {
      complaint_.say("names no file: " + message);
    } else if (message.find("; ") == std::string::npos) {
      complaint_.say("knows no remedy: " + message);
    }
  }

  void cure() { cure_(); }

  /// \pre cured
  template <typename Outcome>
  void expect_health(const Outcome& outcome) {
    if (!outcome.ok()) complaint_.say("is not healed: " + outcome.error().message());
  }

 private:
  Complaint& complaint_;
  const std::filesystem::path folder_;
  const std::function<void()> cure_;
};

/// Opens until it works: under the fault, once more, and when it is cured.
/// \return what the last try brought.
template <typename Open>
auto open_with(Doctor& doctor, Open open) {
  auto opened = open();
  for (int tries = 1; !opened.ok() && tries < 3; ++tries) {
    doctor.look_at(opened);
    if (tries == 2) doctor.cure();
    opened = open();
  }
  doctor.expect_health(opened);
  return opened;
}

/// The death of a process needs no durable medium, and memory is faster. Thousands of lives that
/// say how they begin are too much to read.
inline void prepare_for_many_lives() {
  log::set_level(log::Level::kError);
  // Waiting for a lock that nobody holds changes nothing but the clock.
  sqlite3_vfs_find(nullptr)->xSleep = [](sqlite3_vfs*, int microseconds) { return microseconds; };
  if (std::filesystem::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 0);
}

}  // namespace tillsight::faults
