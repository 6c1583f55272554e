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

  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace tillsight::hub
