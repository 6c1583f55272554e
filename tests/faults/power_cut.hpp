/// \file
/// Every state in which a power cut can leave a disk: a workload is recorded on a MemoryDisk, then
/// the power is cut after each single change, again and again, and what is left is opened.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/faults/verdict.hpp"
#include "tillsight/sql/memory_disk.hpp"

namespace tillsight::faults {

/// What a workload did to a disk. A step is what somebody got an answer to: a sale, for example.
struct History {
  sql::DiskState start;
  std::vector<sql::DiskChange> changes;
  std::vector<std::size_t> answered;  ///< step i was answered after so many changes

  /// \return how many steps were answered when the disk had seen `changes_made`.
  std::size_t steps_at(std::size_t changes_made) const;
};

/// Opens what is on the disk. \param steps were answered; the next one may have happened.
using Check = std::function<Finding(std::size_t steps)>;

/// Cuts the power up to `cuts` times after every change; a few times once more while `check` has
/// the disk open, as happens to a till that starts while the power comes and goes.
/// \return a verdict over states of which no two are alike.
Verdict cut_power_everywhere(sql::MemoryDisk& disk, const History& history, int cuts,
                             std::uint64_t seed, const Check& check);

/// While it exists, connections that are opened can be told to care less about power cuts than
/// they do: the controls, which the same check must find wanting.
class Carelessness {
 public:
  Carelessness();
  ~Carelessness();
  Carelessness(const Carelessness&) = delete;
  Carelessness& operator=(const Carelessness&) = delete;

  /// \param synchronous NORMAL or OFF, for every connection that was opened since the last call.
  void spoil(const std::string& synchronous);
};

}  // namespace tillsight::faults
