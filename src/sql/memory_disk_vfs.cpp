// How SQLite reaches the memory disks: a VFS that hands over what lies below a mounted folder and
// leaves everything else to the VFS that was there before.
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>

#include "handle.hpp"
#include "memory_disk_impl.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/core/mutex.hpp"

namespace tillsight::sql::detail {
namespace {

class Mounts {
 public:
  void add(MemoryDisk::Impl& disk) {
    const MutexLock lock(mutex_);
    if (disks_.empty()) take_over();
    for (const MemoryDisk::Impl* other : disks_) {
      TILLSIGHT_CHECK(!lies_below(other->folder(), disk.folder()) &&
                          !lies_below(disk.folder(), other->folder()),
                      "two memory disks over one folder");
    }
    disks_.push_back(&disk);
  }
  void remove(MemoryDisk::Impl& disk) {
    const MutexLock lock(mutex_);
    std::erase(disks_, &disk);
    if (!disks_.empty()) return;
    sqlite3_vfs_unregister(&router_);
    sqlite3_vfs_register(before_, /*makeDflt=*/1);
  }
  MemoryDisk::Impl* find(std::string_view path) {
    const MutexLock lock(mutex_);
    const auto has = [path](const auto* disk) { return lies_below(path, disk->folder()); };
    const auto found = std::ranges::find_if(disks_, has);
    return found == disks_.end() ? nullptr : *found;
  }
  sqlite3_vfs* before() const { return before_; }

 private:
  static bool lies_below(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
  }
  void take_over() TILLSIGHT_REQUIRES(mutex_);

  Mutex mutex_;
  std::vector<MemoryDisk::Impl*> disks_ TILLSIGHT_GUARDED_BY(mutex_);
  sqlite3_vfs* before_ = nullptr;  // set while nothing is mounted, so before anybody asks
  sqlite3_vfs router_{};
};

Mounts& mounts() {
  static Mounts all;
  return all;
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  MemoryDisk::Impl* const disk = name == nullptr ? nullptr : mounts().find(name);
  if (disk == nullptr) {
    return mounts().before()->xOpen(mounts().before(), name, file, flags, flags_out);
  }
  if (flags_out != nullptr) *flags_out = flags;
  return open_on(*disk, name, file, flags);
}

int erase(sqlite3_vfs*, const char* name, int sync_folder) {
  if (MemoryDisk::Impl* const disk = mounts().find(name)) {
    return delete_on(*disk, name, sync_folder != 0);
  }
  return mounts().before()->xDelete(mounts().before(), name, sync_folder);
}

int access(sqlite3_vfs*, const char* name, int flags, int* out) {
  if (const MemoryDisk::Impl* const disk = mounts().find(name)) {
    const auto file = disk->state().find(name);
    // As for SQLite's unix VFS, an empty file does not exist.
    *out = file && (flags != SQLITE_ACCESS_EXISTS || disk->state().content(*file).size() > 0);
    return SQLITE_OK;
  }
  return mounts().before()->xAccess(mounts().before(), name, flags, out);
}

int full_pathname(sqlite3_vfs*, const char* name, int bytes, char* out) {
  const std::string path = std::filesystem::absolute(name).lexically_normal().string();
  if (mounts().find(path) == nullptr) {
    return mounts().before()->xFullPathname(mounts().before(), name, bytes, out);
  }
  if (std::ssize(path) >= bytes) return SQLITE_CANTOPEN;
  std::copy_n(path.c_str(), path.size() + 1, out);
  return SQLITE_OK;
}

void Mounts::take_over() {
  count_no_memory();
  before_ = sqlite3_vfs_find(nullptr);
  router_ = *before_;  // what is not about one file goes straight to it
  router_.pNext = nullptr;
  router_.zName = "tillsight-memory";
  router_.szOsFile = std::max(before_->szOsFile, file_bytes());
  router_.xOpen = open;
  router_.xDelete = erase;
  router_.xAccess = access;
  router_.xFullPathname = full_pathname;
  sqlite3_vfs_register(&router_, /*makeDflt=*/1);
}

}  // namespace

void mount(MemoryDisk::Impl& disk) {
  mounts().add(disk);
}

void unmount(MemoryDisk::Impl& disk) {
  mounts().remove(disk);
}

bool forget_cached(const std::string& path) {
  const std::string absolute = std::filesystem::absolute(path).lexically_normal().string();
  MemoryDisk::Impl* const disk = mounts().find(absolute);
  if (disk == nullptr) return false;
  if (const auto file = disk->state().find(absolute)) disk->forget_cached(*file);
  return true;
}

}  // namespace tillsight::sql::detail
