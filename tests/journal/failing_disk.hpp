/// \file
/// A disk that fails on demand, under SQLite: the default VFS, whose writes or syncs can be told to
/// answer with an error.
#pragma once

#include <filesystem>

namespace tillsight::testing {

/// Exists at most once at a time, and before the databases that it is to hurt are opened.
class FailingDisk {
 public:
  enum class Operation { kWrite, kSync, kOpen };

  FailingDisk();
  ~FailingDisk();
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;

  /// \param code SQLite's, for example SQLITE_FULL. Stays until heal().
  void fail(Operation operation, int code);
  /// Writes fail as long as there is such a file: it fills the disk.
  void fail_while_exists(std::filesystem::path file, int code);
  void heal();
};

}  // namespace tillsight::testing
