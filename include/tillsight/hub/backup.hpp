/// \file
/// A head office's folder copied while its hub runs, and put back when its disk is lost.
///
/// A backup is a folder: hub.db and persons.db as single files that fit each other, the key of the
/// pseudonyms if the folder has one of its own, and SHA256SUMS, which `sha256sum -c` reads too. It
/// appears under its name only when it is complete and has been checked.
///
/// A restored database is another one than the tills have spoken to: it gets a new epoch, so that
/// they offer again what it lacks.
///
/// **Threads** the functions are thread-safe. Backing up only reads, over connections of its own;
/// restoring takes the folder's lock, so no hub may run.
/// **Example** tests/hub/backup_test.cpp
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::hub {

/// From 0 to 1.
using Progress = std::function<void(double done)>;

/// What a database holds.
struct Holding {
  std::int64_t events = 0;
  std::int64_t invoices = 0;
  std::int64_t persons = 0;
  std::int64_t cursor = 0;  ///< of the newest event
  std::string newest;       ///< when that arrived, ISO 8601; empty: nothing did
};

struct Backup {
  Holding holding;
  bool has_key = false;  ///< false: the pseudonyms are under the chain's key, which is elsewhere
};

/// \param to must not exist, its parent must.
/// \return kAlreadyExists, kNotFound without a database or parent, kDataLoss if the copy, and so
/// the original, is damaged; kResourceExhausted if the disk of `to` is full. `to` then does not
/// exist.
Result<Backup> back_up(const std::filesystem::path& hub_folder, const std::filesystem::path& to,
                       const Progress& progress);

struct Restored {
  Holding holding;
  std::string epoch;
  std::filesystem::path put_aside;  ///< what stood there before; empty: nothing did
};

enum class Existing {
  kRefuse,
  kPutAside,  ///< into a folder inside `hub_folder`
};

/// \return kFailedPrecondition if a hub runs there, or if there is a database and `existing` says
/// to refuse; kNotFound, kDataLoss if `backup` is no backup, or not what was backed up. Until it
/// succeeds no hub starts on the folder once restoring has begun; it may be run again.
Result<Restored> restore(const std::filesystem::path& backup,
                         const std::filesystem::path& hub_folder, Existing existing,
                         const Clock& clock, Random& random);

}  // namespace tillsight::hub
