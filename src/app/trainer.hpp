/// \file
/// Trains at set times, in a process of its own: `tillsight recommend train`, which gets processor
/// and disk when nobody else wants them. Its memory is free when it ends, a crash of it is not the
/// hub's, and when memory runs out it goes and the hub stays.
///
/// Why not a thread: docs/adr/0027-recommendations.md.
///
/// **Threads** Trainer is thread-bound; TrainingThread has one of its own.
/// **Errors** a training that fails is logged once, written down for head office's page, and tried
/// again on the next day; what is in use stays in use.
#pragma once

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/child_process.hpp"
#include "tillsight/app/training.hpp"
#include "tillsight/core/mutex.hpp"

namespace tillsight::app {

/// What ends by itself in less than this is left alone.
inline constexpr std::chrono::hours kTrainingMost{6};

class Trainer {
 public:
  /// \param command the program that trains, with its arguments. \param clock must outlive it.
  Trainer(const HubSettings& settings, const Clock& clock, std::vector<std::string> command);

  /// Starts what is due, notes what has ended; call it every second or so.
  void turn();
  /// The one that runs ends at once; it is due again at the next start.
  void stop();

 private:
  void apply_rules();
  void begin();
  void note_end();
  void end(bool failed, std::string said);
  void write();
  void warn_once(const std::string& wrong);
  std::filesystem::path log_file() const;

  const HubSettings settings_;
  const Clock& clock_;
  const std::vector<std::string> command_;
  std::optional<TimeZone> zone_;
  TrainingRecord record_;
  bool read_ = false;
  bool ruled_ = false;
  std::string told_;
  MonotonicTime began_{};
  std::optional<ChildProcess> child_;
};

/// The program that runs, as the trainer's command.
std::vector<std::string> training_command(const HubSettings& settings);

class TrainingThread {
 public:
  /// \param clock must outlive it.
  TrainingThread(const HubSettings& settings, const Clock& clock);

 private:
  void run(const std::stop_token& stop);

  // Constant after construction.
  const HubSettings settings_;
  const Clock& clock_;
  // Thread-safe on its own.
  CondVar never_;
  Mutex mutex_;
  // Ends before all of them go.
  std::jthread thread_;
};

}  // namespace tillsight::app
