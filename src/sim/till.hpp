/// \file
/// A till's box: its disk outlives it, the process on it does not.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/spoilt.hpp"
#include "sim/story.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/journal/journal.hpp"
#include "tillsight/journal/reader.hpp"
#include "tillsight/mqtt/fake_broker.hpp"
#include "tillsight/mqtt/supervisor.hpp"
#include "tillsight/sql/memory_disk.hpp"
#include "tillsight/sync/uplink.hpp"

namespace tillsight::sim {

class Till {
 public:
  Till(const std::filesystem::path& folder, mqtt::FakeBroker& broker, const FakeClock& clock,
       Random& random, PlantedBug bug, Story& story);
  ~Till();

  /// The process starts on what the disk has. \return whether it runs.
  bool start();
  bool runs() const { return process_ != nullptr; }
  /// The process is gone; the disk keeps what was written, the broker sees the line drop.
  void kill();
  /// The box is dark: of what was not synced, anything may be left.
  void power_cut();

  void sell(const Invoice& invoice);
  void turn();
  /// What the clerk has been told is paid since this was last asked.
  std::vector<Event> take_confirmed() { return std::exchange(confirmed_, {}); }

  /// What the ring was to hand over is overtaken; the outbox has it.
  void lose_ring();
  /// The journal's thread does not come round to what the hub has told.
  void stall_journal(bool stalled) { stalled_ = stalled; }
  /// \pre it runs
  mqtt::FakeClient& line();
  bool settled();

  sql::MemoryDisk& disk() { return disk_; }
  const JournalSettings& settings() const { return settings_; }

 private:
  class Process;

  const JournalSettings settings_;
  mqtt::FakeBroker& broker_;
  const FakeClock& clock_;
  Random& random_;
  const PlantedBug bug_;
  Story& story_;

  sql::MemoryDisk disk_;
  bool stalled_ = false;
  std::vector<Event> confirmed_;
  std::unique_ptr<Process> process_;
};

}  // namespace tillsight::sim
