/// \file
/// A shop, a broker and a head office in one thread and one seed: the real journal, uplink, store
/// and ingest, on disks, a network and clocks that fail as the seed says.
///
///     seller ─► Journal on a MemoryDisk ─► Uplink ─► FakeBroker ─► Downlink ─► HubStore on a
///     MemoryDisk; Supervisors on both sides; one monotonic clock, and a wall clock for each box
///
/// Sales and faults take turns until there have been enough of both; then the faults end, and all
/// must become well by itself: every confirmed sale at head office once and as it was sealed, the
/// chain verified, nothing owed, and at no time more in flight than the wire allows.
///
/// **Threads** one simulation, one thread; two at once in one process need folders of their own.
/// **Errors** What breaks a promise is a violation. The simulator itself has none.
/// **Example** tests/sim/simulation_test.cpp
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tillsight::sim {

/// A mistake that somebody might make, so that one can see that the simulator finds it. None of
/// them is in the product's code: they stand between it and the broker.
enum class PlantedBug {
  kNone,
  kFirstOfABatchOnly,     ///< the hub stores the first event of a message and acknowledges all
  kAckBeforeCommit,       ///< the hub acknowledges what it has received
  kDeliveredOnPuback,     ///< the till takes the broker's acknowledgement for the hub's
  kNewHubTakenForTheOld,  ///< the till does not notice that the hub's epoch is another
};
inline constexpr PlantedBug kPlantedBugs[] = {
    PlantedBug::kFirstOfABatchOnly, PlantedBug::kAckBeforeCommit, PlantedBug::kDeliveredOnPuback,
    PlantedBug::kNewHubTakenForTheOld};
std::string_view name(PlantedBug bug);

/// Gets a line for everything that happens, if anybody wants to read it.
using Trace = std::function<void(std::chrono::milliseconds at, std::string_view what)>;

struct Plan {
  std::uint64_t seed = 1;
  int sales = 200;  ///< at least
  int faults = 20;  ///< at least
  PlantedBug bug = PlantedBug::kNone;
  Trace trace{};
};

struct Outcome {
  int sales = 0;  ///< confirmed
  int faults = 0;
  std::int64_t duplicates = 0;  ///< deliveries that the hub already had
  int reopened = 0;             ///< how often a till or a hub came back on what its disk had left
  std::vector<std::string> violations;
  std::uint64_t fingerprint = 0;  ///< of everything that happened: equal for equal plans
};

/// \param folder empty, and the caller's to remove; databases lie over it, in memory.
Outcome simulate(const Plan& plan, const std::filesystem::path& folder);

}  // namespace tillsight::sim
