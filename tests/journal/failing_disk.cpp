#include "tests/journal/failing_disk.hpp"

#include <sqlite3.h>

#include <cstring>

#include "tillsight/core/check.hpp"

namespace tillsight::testing {
namespace {

sqlite3_vfs* g_real = nullptr;
sqlite3_vfs g_failing;
int g_write_code = SQLITE_OK;
int g_sync_code = SQLITE_OK;
int g_open_code = SQLITE_OK;
std::filesystem::path g_filler;

int write_code() {
  return g_filler.empty() || std::filesystem::exists(g_filler) ? g_write_code : SQLITE_OK;
}

/// SQLite allocates szOsFile bytes: this, and behind it the real VFS's own file.
struct File {
  sqlite3_file base;
};

sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<File*>(file) + 1);
}
const sqlite3_io_methods& methods(sqlite3_file* file) {
  return *real(file)->pMethods;
}

int close(sqlite3_file* f) {
  return methods(f).xClose(real(f));
}
int read(sqlite3_file* f, void* to, int bytes, sqlite3_int64 at) {
  return methods(f).xRead(real(f), to, bytes, at);
}
int write(sqlite3_file* f, const void* from, int bytes, sqlite3_int64 at) {
  const int code = write_code();
  return code != SQLITE_OK ? code : methods(f).xWrite(real(f), from, bytes, at);
}
int truncate(sqlite3_file* f, sqlite3_int64 size) {
  return methods(f).xTruncate(real(f), size);
}
int sync(sqlite3_file* f, int flags) {
  return g_sync_code != SQLITE_OK ? g_sync_code : methods(f).xSync(real(f), flags);
}
int file_size(sqlite3_file* f, sqlite3_int64* size) {
  return methods(f).xFileSize(real(f), size);
}
int lock(sqlite3_file* f, int level) {
  return methods(f).xLock(real(f), level);
}
int unlock(sqlite3_file* f, int level) {
  return methods(f).xUnlock(real(f), level);
}
int check_reserved_lock(sqlite3_file* f, int* out) {
  return methods(f).xCheckReservedLock(real(f), out);
}
int file_control(sqlite3_file* f, int op, void* arg) {
  return methods(f).xFileControl(real(f), op, arg);
}
int sector_size(sqlite3_file* f) {
  return methods(f).xSectorSize(real(f));
}
int device_characteristics(sqlite3_file* f) {
  return methods(f).xDeviceCharacteristics(real(f));
}
int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return methods(f).xShmMap(real(f), page, size, extend, out);
}
int shm_lock(sqlite3_file* f, int offset, int count, int flags) {
  return methods(f).xShmLock(real(f), offset, count, flags);
}
void shm_barrier(sqlite3_file* f) {
  methods(f).xShmBarrier(real(f));
}
int shm_unmap(sqlite3_file* f, int remove) {
  return methods(f).xShmUnmap(real(f), remove);
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

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  std::memset(file, 0, static_cast<std::size_t>(g_failing.szOsFile));
  if (g_open_code != SQLITE_OK) return g_open_code;
  const int code = g_real->xOpen(g_real, name, real(file), flags, flags_out);
  if (real(file)->pMethods != nullptr) file->pMethods = &kMethods;
  return code;
}

}  // namespace

FailingDisk::FailingDisk() {
  TILLSIGHT_CHECK(g_real == nullptr, "one failing disk at a time");
  g_real = sqlite3_vfs_find(nullptr);
  g_failing = *g_real;  // what is not about one file goes straight to the real VFS
  g_failing.pNext = nullptr;
  g_failing.zName = "failing";
  g_failing.szOsFile += static_cast<int>(sizeof(File));
  g_failing.xOpen = open;
  sqlite3_vfs_register(&g_failing, /*makeDflt=*/1);
}

FailingDisk::~FailingDisk() {
  heal();
  sqlite3_vfs_unregister(&g_failing);
  sqlite3_vfs_register(g_real, /*makeDflt=*/1);
  g_real = nullptr;
}

void FailingDisk::fail(Operation operation, int code) {
  switch (operation) {
    case Operation::kWrite: g_write_code = code; break;
    case Operation::kSync: g_sync_code = code; break;
    case Operation::kOpen: g_open_code = code; break;
  }
}

void FailingDisk::fail_while_exists(std::filesystem::path file, int code) {
  g_filler = std::move(file);
  g_write_code = code;
}

void FailingDisk::heal() {
  g_write_code = g_sync_code = g_open_code = SQLITE_OK;
  g_filler.clear();
}

}  // namespace tillsight::testing
