/// \file
/// A disk in memory under SQLite, for tests and for the simulator: it loses what was not synced
/// when its power is cut, fails when it is told to, fills up, and records what is done to it.
///
/// A MemoryDisk lies over a folder: while it exists, every database that anybody in the process
/// opens below that folder, with its log, stands on it and not on the real disk. Nothing has to be
/// told to use it. Files that are not SQLite's are untouched and stay where they are. Two devices
/// are two folders with a disk each.
///
/// **Ownership** Every database on it must be closed before it goes.
/// **Threads** thread-compatible, and so are all databases on one disk together: it knows no locks
/// but SQLite's own. Different disks may be used by different threads.
/// **Errors** SQLite's, as its unix VFS would give them for the same trouble.
///
/// **Example** tests/sql/memory_disk_test.cpp
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "tillsight/core/random.hpp"
#include "tillsight/sql/disk_state.hpp"

namespace tillsight::sql {

enum class DiskOperation { kOpen, kRead, kWrite, kSync, kTruncate, kDelete };

enum class DiskError {
  kIo,        ///< EIO; of a write the first half arrives, of a sync nothing
  kFull,      ///< ENOSPC; of a write the first half arrives
  kReadOnly,  ///< EROFS
};

struct DiskFault {
  DiskOperation operation = DiskOperation::kWrite;
  DiskError error = DiskError::kIo;
  std::int64_t after = 0;  ///< so many of these operations succeed before it
  bool for_ever = false;   ///< otherwise once
};

/// Since the disk was made; what failed is counted too.
struct DiskCounters {
  std::int64_t opens = 0;
  std::int64_t reads = 0;
  std::int64_t writes = 0;
  std::int64_t syncs = 0;
  std::int64_t truncates = 0;
  std::int64_t deletes = 0;
  std::int64_t bytes_written = 0;
  std::int64_t failed = 0;
};

class MemoryDisk {
 public:
  /// \pre no other disk lies over this folder, one above it or one below it.
  explicit MemoryDisk(const std::filesystem::path& folder);
  ~MemoryDisk();
  MemoryDisk(const MemoryDisk&) = delete;
  MemoryDisk& operator=(const MemoryDisk&) = delete;

  /// Whatever was open is dead: all that it can still do is close.
  void power_cut(Random& random);

  /// Faults add up; the first that fits an operation decides.
  void fail(const DiskFault& fault);
  /// Ends all faults.
  void heal();
  /// \param bytes that all files together may have; a negative number is no limit.
  void set_capacity(std::int64_t bytes);

  const DiskState& state() const;
  /// Puts another disk's content here; whatever was open is dead.
  void restore(DiskState state);

  /// Begins to keep every change. Applied to what state() is now, they give what it will be.
  void record();
  /// \return how many changes were kept so far.
  std::size_t recorded() const;
  /// Ends the recording. \pre no power was cut meanwhile.
  std::vector<DiskChange> take_recording();

  const DiskCounters& counters() const;

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace tillsight::sql
