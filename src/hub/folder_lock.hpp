/// \file
/// Keeps a second process from writing into the same folder. The lock is the kernel's: it ends with
/// the process, however that ends, so there is no stale lock to remove.
#pragma once

#include <filesystem>

#include "tillsight/core/result.hpp"

namespace tillsight::hub {

class FolderLock {
 public:
  /// \return kFailedPrecondition if another process, or another object of this one, holds it.
  static Result<FolderLock> take(const std::filesystem::path& folder);
  /// Of one file alone, by the lock file beside it. \param wait until whoever holds it lets go.
  /// \return kAborted if it is held and not waited for.
  static Result<FolderLock> take_file(const std::filesystem::path& lock_file, bool wait);

  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace tillsight::hub
