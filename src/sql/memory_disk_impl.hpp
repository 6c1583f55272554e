/// \file
/// The inside of a MemoryDisk: what its SQLite face (memory_disk_vfs.cpp) asks of it.
#pragma once

#include <sqlite3.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/sql/memory_disk.hpp"

namespace tillsight::sql {

/// SQLite's locks on one database file and the shared memory of its log, for all handles together.
struct SharedFile {
  static constexpr int kSlots = SQLITE_SHM_NLOCK;

  int readers = 0;                  // handles at SHARED or above
  const void* reserved = nullptr;   // the handle that has RESERVED or above
  const void* exclusive = nullptr;  // the handle that has PENDING or EXCLUSIVE
  std::array<int, kSlots> slot_readers{};
  std::array<const void*, kSlots> slot_writer{};
  int mapped = 0;  // handles that use `regions`
  std::vector<std::unique_ptr<std::byte[]>> regions;
};

class MemoryDisk::Impl {
 public:
  explicit Impl(std::string folder) : folder_(std::move(folder)) {}

  const std::string& folder() const { return folder_; }
  /// Rises with every power cut; a handle of an older life is dead.
  int life() const { return life_; }
  const DiskState& state() const { return state_; }

  /// Counts the operation. \return the error that it must answer with.
  std::optional<DiskError> fault(DiskOperation operation);
  bool has_room_for(FileId file, std::int64_t end) const;

  FileId create(const std::string& name);
  void remove(const std::string& name);
  void write(FileId file, std::int64_t at, std::span<const std::byte> bytes);
  void truncate(FileId file, std::int64_t size);
  void sync(FileId file, bool succeeds);
  void sync_folder();
  void forget_cached(FileId file);

  /// What the handles of `file` share. They keep it over a power cut, to let go of it.
  std::shared_ptr<SharedFile> attach(FileId file);
  void detach(FileId file);

 private:
  friend class MemoryDisk;

  void change(DiskChange change);
  void begin_new_life();

  const std::string folder_;
  DiskState state_;
  int life_ = 0;
  int handles_ = 0;
  std::map<FileId, std::weak_ptr<SharedFile>> open_;
  std::vector<DiskFault> faults_;
  std::int64_t capacity_ = -1;
  bool records_ = false;
  std::vector<DiskChange> recorded_;
  std::shared_ptr<const std::vector<std::byte>> last_written_;
  DiskCounters counters_;
};

namespace detail {

/// From now on SQLite asks `disk` for what lies below its folder; until unmount().
void mount(MemoryDisk::Impl& disk);
void unmount(MemoryDisk::Impl& disk);

/// What the kernel shows of a file that is on a memory disk is from now on what the disk has.
/// \return whether there is a disk over `path`.
bool forget_cached(const std::string& path);

/// SQLite's face of one disk: \return a result code.
int open_on(MemoryDisk::Impl& disk, const char* path, sqlite3_file* file, int flags);
int delete_on(MemoryDisk::Impl& disk, const std::string& name, bool sync_folder);
/// Room that open_on() needs behind an sqlite3_file.
int file_bytes();

}  // namespace detail
}  // namespace tillsight::sql
