#include "hub/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace tillsight::hub {

namespace {

Result<int> open_lock(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd >= 0) return fd;
  return error(Code::kFailedPrecondition, "{}: {}; let this user write into the folder",
               file.string(), std::strerror(errno));
}

}  // namespace

Result<FolderLock> FolderLock::take_file(const std::filesystem::path& lock_file, bool wait) {
  TILLSIGHT_ASSIGN(const int fd, open_lock(lock_file));
  FolderLock lock(fd);
  int outcome = 0;
  do {
    outcome = ::flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
  } while (outcome != 0 && errno == EINTR);
  if (outcome == 0) return lock;
  return error(Code::kAborted, "{}: another process writes there; try again in a moment",
               lock_file.string());
}

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "hub.lock";
  TILLSIGHT_ASSIGN(const int fd, open_lock(file));
  FolderLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  return error(Code::kFailedPrecondition,
               "{}: another hub works in this folder; stop it, or choose another folder",
               folder.string());
}

FolderLock::FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace tillsight::hub
