// An open file of a memory disk, as SQLite sees it.
#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <string>

#include "memory_disk_impl.hpp"

namespace tillsight::sql::detail {
namespace {

/// What SQLite allocates for us: `base` first, then ours.
struct MemoryFile {
  sqlite3_file base;
  struct Handle* handle;
};

struct Handle {
  MemoryDisk::Impl& disk;
  FileId file;
  int life;
  std::shared_ptr<SharedFile> shared;
  bool syncs_folder = false;  // with the next sync, as SQLite does for its journals
  std::string delete_on_close = {};
  int level = SQLITE_LOCK_NONE;
  bool is_mapped = false;
  unsigned slots_read = 0;  // bits

  bool dead() const { return life != disk.life(); }
};

Handle& handle_of(sqlite3_file* file) {
  return *reinterpret_cast<MemoryFile*>(file)->handle;
}

int answer(DiskError error, int io_code) {
  switch (error) {
    case DiskError::kIo: errno = EIO; return io_code;
    case DiskError::kFull: errno = ENOSPC; return SQLITE_FULL;
    case DiskError::kReadOnly: errno = EROFS; return io_code;
  }
  return io_code;
}

int unlock(sqlite3_file* f, int level) {
  Handle& handle = handle_of(f);
  SharedFile& shared = *handle.shared;
  if (level >= handle.level) return SQLITE_OK;
  if (shared.reserved == &handle) shared.reserved = nullptr;
  if (shared.exclusive == &handle) shared.exclusive = nullptr;
  if (level == SQLITE_LOCK_NONE) --shared.readers;
  handle.level = level;
  return SQLITE_OK;
}

int lock(sqlite3_file* f, int level) {
  Handle& handle = handle_of(f);
  SharedFile& shared = *handle.shared;
  if (handle.dead()) return SQLITE_IOERR_LOCK;
  if (level <= handle.level) return SQLITE_OK;
  if (shared.exclusive != nullptr && shared.exclusive != &handle) return SQLITE_BUSY;
  if (handle.level == SQLITE_LOCK_NONE) {
    ++shared.readers;
    handle.level = SQLITE_LOCK_SHARED;
  }
  if (level == SQLITE_LOCK_SHARED) return SQLITE_OK;
  if (shared.reserved != nullptr && shared.reserved != &handle) return SQLITE_BUSY;
  shared.reserved = &handle;
  handle.level = std::max(handle.level, SQLITE_LOCK_RESERVED);
  if (level == SQLITE_LOCK_RESERVED) return SQLITE_OK;
  shared.exclusive = &handle;  // new readers wait already while the old ones leave
  handle.level = SQLITE_LOCK_PENDING;
  if (shared.readers > 1) return SQLITE_BUSY;
  handle.level = level;
  return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* f, int* out) {
  *out = handle_of(f).shared->reserved != nullptr;
  return SQLITE_OK;
}

int shm_map(sqlite3_file* f, int region, int bytes, int extend, void volatile** out) {
  Handle& handle = handle_of(f);
  SharedFile& shared = *handle.shared;
  *out = nullptr;
  if (handle.dead()) return SQLITE_IOERR_SHMMAP;
  if (!handle.is_mapped) ++shared.mapped;
  handle.is_mapped = true;
  const auto wanted = static_cast<std::size_t>(region);
  if (wanted >= shared.regions.size() && extend == 0) return SQLITE_OK;
  while (wanted >= shared.regions.size()) {
    shared.regions.push_back(std::make_unique<std::byte[]>(static_cast<std::size_t>(bytes)));
  }
  *out = shared.regions[wanted].get();
  return SQLITE_OK;
}

void release_slot(Handle& handle, std::size_t slot) {
  SharedFile& shared = *handle.shared;
  if (shared.slot_writer.at(slot) == &handle) shared.slot_writer.at(slot) = nullptr;
  if ((handle.slots_read >> slot & 1U) != 0) --shared.slot_readers.at(slot);
  handle.slots_read &= ~(1U << slot);
}

bool is_free(const Handle& handle, std::size_t slot, bool for_all) {
  const SharedFile& shared = *handle.shared;
  const void* const writer = shared.slot_writer.at(slot);
  if (writer != nullptr && writer != &handle) return false;
  const int own = static_cast<int>(handle.slots_read >> slot & 1U);
  return for_all || shared.slot_readers.at(slot) == own;
}

int shm_lock(sqlite3_file* f, int offset, int count, int flags) {
  Handle& handle = handle_of(f);
  const auto first = static_cast<std::size_t>(offset);
  const std::size_t end = first + static_cast<std::size_t>(count);
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    for (std::size_t slot = first; slot < end; ++slot) release_slot(handle, slot);
    return SQLITE_OK;
  }
  if (handle.dead()) return SQLITE_IOERR_SHMLOCK;
  const bool for_all = (flags & SQLITE_SHM_SHARED) != 0;
  for (std::size_t slot = first; slot < end; ++slot) {
    if (!is_free(handle, slot, for_all)) return SQLITE_BUSY;
  }
  for (std::size_t slot = first; slot < end; ++slot) {
    if (!for_all) {
      handle.shared->slot_writer.at(slot) = &handle;
    } else if ((handle.slots_read >> slot & 1U) == 0) {
      ++handle.shared->slot_readers.at(slot);
      handle.slots_read |= 1U << slot;
    }
  }
  return SQLITE_OK;
}

void shm_barrier(sqlite3_file*) {}

int shm_unmap(sqlite3_file* f, int) {
  Handle& handle = handle_of(f);
  for (std::size_t slot = 0; slot < SharedFile::kSlots; ++slot) release_slot(handle, slot);
  if (handle.is_mapped && --handle.shared->mapped == 0) handle.shared->regions.clear();
  handle.is_mapped = false;
  return SQLITE_OK;
}

int close(sqlite3_file* f) {
  Handle* const handle = &handle_of(f);
  shm_unmap(f, 0);
  unlock(f, SQLITE_LOCK_NONE);
  if (!handle->delete_on_close.empty() && !handle->dead()) {
    handle->disk.remove(handle->delete_on_close);
  }
  MemoryDisk::Impl& disk = handle->disk;
  const FileId file = handle->file;
  delete handle;
  disk.detach(file);
  return SQLITE_OK;
}

int read(sqlite3_file* f, void* to, int bytes, sqlite3_int64 at) {
  Handle& handle = handle_of(f);
  if (handle.dead()) return SQLITE_IOERR_READ;
  if (const auto error = handle.disk.fault(DiskOperation::kRead)) {
    return answer(*error, SQLITE_IOERR_READ);
  }
  const FileBytes& content = handle.disk.state().content(handle.file);
  content.read(at, {static_cast<std::byte*>(to), static_cast<std::size_t>(bytes)});
  return at + bytes <= content.size() ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* f, const void* from, int bytes, sqlite3_int64 at) {
  Handle& handle = handle_of(f);
  if (handle.dead()) return SQLITE_IOERR_WRITE;
  auto error = handle.disk.fault(DiskOperation::kWrite);
  if (!error && !handle.disk.has_room_for(handle.file, at + bytes)) error = DiskError::kFull;
  const std::span all(static_cast<const std::byte*>(from), static_cast<std::size_t>(bytes));
  if (!error) {
    handle.disk.write(handle.file, at, all);
    return SQLITE_OK;
  }
  const auto half = all.first(all.size() / 2);
  if (*error != DiskError::kReadOnly &&
      handle.disk.has_room_for(handle.file, at + std::ssize(half))) {
    handle.disk.write(handle.file, at, half);
  }
  return answer(*error, SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* f, sqlite3_int64 size) {
  Handle& handle = handle_of(f);
  if (handle.dead()) return SQLITE_IOERR_TRUNCATE;
  if (const auto error = handle.disk.fault(DiskOperation::kTruncate)) {
    return answer(*error, SQLITE_IOERR_TRUNCATE);
  }
  handle.disk.truncate(handle.file, size);
  return SQLITE_OK;
}

int sync(sqlite3_file* f, int) {
  Handle& handle = handle_of(f);
  if (handle.dead()) return SQLITE_IOERR_FSYNC;
  const auto error = handle.disk.fault(DiskOperation::kSync);
  handle.disk.sync(handle.file, !error);
  if (error) return answer(*error, SQLITE_IOERR_FSYNC);
  if (handle.syncs_folder) handle.disk.sync_folder();
  handle.syncs_folder = false;
  return SQLITE_OK;
}

int file_size(sqlite3_file* f, sqlite3_int64* size) {
  const Handle& handle = handle_of(f);
  if (handle.dead()) return SQLITE_IOERR_FSTAT;
  *size = handle.disk.state().content(handle.file).size();
  return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) {
  return SQLITE_NOTFOUND;
}

// What SQLite's unix VFS says of an ordinary file system.
int sector_size(sqlite3_file*) {
  return 4096;
}
int device_characteristics(sqlite3_file*) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

const sqlite3_io_methods kMethods = {.iVersion = 2,
                                     .xClose = close,
                                     .xRead = read,
                                     .xWrite = write,
                                     .xTruncate = truncate,
                                     .xSync = sync,
                                     .xFileSize = file_size,
                                     .xLock = lock,
                                     .xUnlock = unlock,
                                     .xCheckReservedLock = check_reserved_lock,
                                     .xFileControl = file_control,
                                     .xSectorSize = sector_size,
                                     .xDeviceCharacteristics = device_characteristics,
                                     .xShmMap = shm_map,
                                     .xShmLock = shm_lock,
                                     .xShmBarrier = shm_barrier,
                                     .xShmUnmap = shm_unmap,
                                     .xFetch = nullptr,
                                     .xUnfetch = nullptr};

}  // namespace

int file_bytes() {
  return static_cast<int>(sizeof(MemoryFile));
}

int open_on(MemoryDisk::Impl& disk, const char* path, sqlite3_file* file, int flags) {
  auto* const opened = reinterpret_cast<MemoryFile*>(file);
  opened->base.pMethods = nullptr;
  if (const auto error = disk.fault(DiskOperation::kOpen)) {
    answer(*error, SQLITE_CANTOPEN);
    return SQLITE_CANTOPEN;
  }
  auto found = disk.state().find(path);
  const bool creates = (flags & SQLITE_OPEN_CREATE) != 0;
  if (!found && !creates) {
    errno = ENOENT;
    return SQLITE_CANTOPEN;
  }
  if (!found) found = disk.create(path);
  constexpr int kJournals = SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
  opened->handle = new Handle{.disk = disk,
                              .file = *found,
                              .life = disk.life(),
                              .shared = disk.attach(*found),
                              .syncs_folder = creates && (flags & kJournals) != 0};
  if ((flags & SQLITE_OPEN_DELETEONCLOSE) != 0) opened->handle->delete_on_close = path;
  opened->base.pMethods = &kMethods;
  return SQLITE_OK;
}

int delete_on(MemoryDisk::Impl& disk, const std::string& name, bool sync_folder) {
  if (const auto error = disk.fault(DiskOperation::kDelete)) {
    return answer(*error, SQLITE_IOERR_DELETE);
  }
  if (!disk.state().find(name)) return SQLITE_IOERR_DELETE_NOENT;
  disk.remove(name);
  if (sync_folder) disk.sync_folder();
  return SQLITE_OK;
}

}  // namespace tillsight::sql::detail
