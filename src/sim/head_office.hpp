/// \file
/// The hub's server: its disk outlives it, the process on it does not.
#pragma once

#include <memory>
#include <optional>

#include "sim/spoilt.hpp"
#include "sim/story.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/hub/downlink.hpp"
#include "tillsight/mqtt/fake_broker.hpp"
#include "tillsight/mqtt/supervisor.hpp"
#include "tillsight/sql/memory_disk.hpp"

namespace tillsight::sim {

class HeadOffice {
 public:
  HeadOffice(const std::filesystem::path& folder, mqtt::FakeBroker& broker, const FakeClock& clock,
             Random& random, PlantedBug bug, Story& story);
  ~HeadOffice();

  /// The process starts on what the disk has. \return whether it runs.
  bool start();
  bool runs() const { return process_ != nullptr; }
  void kill();
  void power_cut();
  void turn();

  void take_backup();
  bool has_backup() const { return backup_.has_value(); }
  /// What was stored since the backup is lost; the database has a new epoch. \pre has_backup()
  void restore_backup();

  /// \pre it runs
  mqtt::FakeClient& line();
  const hub::HubStore& store() const;

  sql::MemoryDisk& disk() { return disk_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  struct Process;

  const std::filesystem::path folder_;
  mqtt::FakeBroker& broker_;
  const FakeClock& clock_;
  Random& random_;
  const PlantedBug bug_;
  Story& story_;

  sql::MemoryDisk disk_;
  std::optional<sql::DiskState> backup_;
  std::unique_ptr<Process> process_;
};

}  // namespace tillsight::sim
