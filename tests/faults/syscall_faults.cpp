#include "tests/faults/syscall_faults.hpp"

#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>

namespace tillsight::faults {
namespace {

CallFault g_fault;
CallLog* g_log = nullptr;

using Callers = std::array<void*, 64>;
int g_callers_of_arm = 0;

/// Two calls have the same site if everybody who led to them, up to who armed, is the same.
std::uint64_t site() {
  Callers callers{};
  const int depth = ::backtrace(callers.data(), static_cast<int>(callers.size()));
  std::uint64_t hash = 14695981039346656037ULL;
  for (int i = 0; i < depth - g_callers_of_arm; ++i) {
    hash = (hash ^ reinterpret_cast<std::uintptr_t>(callers.at(static_cast<std::size_t>(i)))) *
           1099511628211ULL;
  }
  return hash;
}

/// \return whether this call is to fail or to kill.
bool is_hit(Call call) {
  if (g_log == nullptr || (g_fault.calls & call) == 0) return false;
  const std::int64_t n = ++g_log->calls;
  const bool hit = g_fault.at > 0 && (g_fault.for_ever ? n >= g_fault.at : n == g_fault.at);
  if (hit) ++g_log->hits;
  const auto index = static_cast<std::size_t>(n);
  if (index < CallLog::kSites) {
    g_log->kinds.at(index) = call;
    if (hit || g_fault.at == 0) g_log->sites.at(index) = site();
  }
  return hit;
}

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  while (true) ::pause();
}

/// What a call that was hit answers.
int fail() {
  if (g_fault.error == 0) die();
  errno = g_fault.error;
  return -1;
}

/// libc's own function of that name.
template <typename Function>
Function* libc(Function*& known, const char* name) {
  if (known == nullptr) known = reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
  return known;
}

/// \param write_some writes so many bytes with libc's function.
template <typename WriteSome>
ssize_t faulty_write(std::size_t bytes, WriteSome write_some) {
  if (!is_hit(kWrite)) return write_some(bytes);
  ssize_t written = 0;
  if (g_fault.half || g_fault.error == kShort)
    written = write_some(std::max<std::size_t>(1, bytes / 2));
  return g_fault.error == kShort ? written : fail();
}

mode_t mode_of(int flags, std::va_list arguments) {
  return (flags & O_CREAT) != 0 ? static_cast<mode_t>(va_arg(arguments, int)) : 0;
}

}  // namespace

void arm(const CallFault& fault, CallLog& log) {
  // The first call loads a library, which must not be counted.
  Callers callers{};
  g_callers_of_arm = ::backtrace(callers.data(), static_cast<int>(callers.size())) - 1;
  g_fault = fault;
  g_log = &log;
  log.calls = 0;
  log.hits = 0;
}

void disarm() {
  g_log = nullptr;
}

}  // namespace tillsight::faults

// The calls themselves. `half` and kShort concern writes only; everything else fails as a whole.
using namespace tillsight::faults;

#define TILLSIGHT_FAULTY(call, name, ...)                       \
  do {                                                          \
    static decltype(&::name) known = nullptr;                   \
    if (g_fault.error != kShort && is_hit(call)) return fail(); \
    return libc(known, #name)(__VA_ARGS__);                     \
  } while (false)

extern "C" {

int open(const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  TILLSIGHT_FAULTY(kOpen, open, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  TILLSIGHT_FAULTY(kOpen, open64, path, flags, mode);
}
int mkdir(const char* path, mode_t mode) noexcept {
  TILLSIGHT_FAULTY(kOpen, mkdir, path, mode);
}
ssize_t read(int fd, void* to, std::size_t bytes) {
  TILLSIGHT_FAULTY(kRead, read, fd, to, bytes);
}
ssize_t pread64(int fd, void* to, std::size_t bytes, off64_t at) {
  TILLSIGHT_FAULTY(kRead, pread64, fd, to, bytes, at);
}
ssize_t write(int fd, const void* from, std::size_t bytes) {
  static decltype(&::write) known = nullptr;
  return faulty_write(bytes, [&](std::size_t n) { return libc(known, "write")(fd, from, n); });
}
ssize_t pwrite64(int fd, const void* from, std::size_t bytes, off64_t at) {
  static decltype(&::pwrite64) known = nullptr;
  return faulty_write(bytes,
                      [&](std::size_t n) { return libc(known, "pwrite64")(fd, from, n, at); });
}
int fsync(int fd) {
  TILLSIGHT_FAULTY(kSync, fsync, fd);
}
int fdatasync(int fd) {
  TILLSIGHT_FAULTY(kSync, fdatasync, fd);
}
int ftruncate64(int fd, off64_t bytes) noexcept {
  TILLSIGHT_FAULTY(kTruncate, ftruncate64, fd, bytes);
}
int posix_fallocate(int fd, off_t at, off_t bytes) {
  static decltype(&::posix_fallocate) known = nullptr;
  if (g_fault.error != kShort && is_hit(kTruncate)) return fail() == -1 ? errno : 0;
  return libc(known, "posix_fallocate")(fd, at, bytes);
}
int unlink(const char* path) noexcept {
  TILLSIGHT_FAULTY(kDelete, unlink, path);
}
int unlinkat(int folder, const char* path, int flags) noexcept {
  TILLSIGHT_FAULTY(kDelete, unlinkat, folder, path, flags);
}
int rename(const char* from, const char* to) noexcept {
  TILLSIGHT_FAULTY(kRename, rename, from, to);
}
int fchmod(int fd, mode_t mode) noexcept {
  TILLSIGHT_FAULTY(kMode, fchmod, fd, mode);
}
int fchmodat(int folder, const char* path, mode_t mode, int flags) noexcept {
  TILLSIGHT_FAULTY(kMode, fchmodat, folder, path, mode, flags);
}
int fcntl64(int fd, int command, ...) {
  static decltype(&::fcntl64) known = nullptr;
  std::va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  // To let go of a lock cannot fail.
  const bool locks = command == F_SETLK && static_cast<flock*>(argument)->l_type != F_UNLCK;
  if (locks && g_fault.error != kShort && is_hit(kLock)) return fail();
  return libc(known, "fcntl64")(fd, command, argument);
}
void* mmap64(void* at, std::size_t bytes, int protection, int flags, int fd,
             off64_t offset) noexcept {
  static decltype(&::mmap64) known = nullptr;
  // Memory without a file belongs to malloc.
  if (fd >= 0 && g_fault.error != kShort && is_hit(kMap)) {
    fail();
    return MAP_FAILED;
  }
  return libc(known, "mmap64")(at, bytes, protection, flags, fd, offset);
}

}  // extern "C"
