#include "tillsight/journal/disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

namespace tillsight {
namespace {

/// A heartbeat holds so much of it; the log has it all.
std::string shortened(std::string text) {
  constexpr std::size_t kBytesMax = 250;
  if (text.size() <= kBytesMax) return text;
  std::size_t end = kBytesMax - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // whole letters
  return text.substr(0, end) + "...";
}

}  // namespace

std::string to_string(const DiskState& state) {
  std::string text;
  switch (state.kind) {
    case DiskState::Kind::kOk: text = "ok"; break;
    case DiskState::Kind::kReserve:
      text = format("reserve: {} sales left", state.sales_left);
      break;
    case DiskState::Kind::kFull: text = "full"; break;
    case DiskState::Kind::kReadOnly: text = "read-only"; break;
    case DiskState::Kind::kFailed: text = "failed: " + state.why; break;
  }
  if (!state.warning.empty()) text += "; " + state.warning;
  return shortened(std::move(text));
}

std::string refusal(const DiskState& state) {
  switch (state.kind) {
    case DiskState::Kind::kFull:
      return "the disk is full: no sale can be taken; call for help, free space on the till's disk";
    case DiskState::Kind::kReadOnly:
      return "the disk has become read-only: no sale can be taken; call for help, the till's disk "
             "must be replaced or repaired";
    default: return "";
  }
}

namespace journal {
namespace {

/// Fully allocated, and durable: a file of holes would reserve nothing.
bool allocate(const std::filesystem::path& file, std::int64_t bytes) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return false;
  const bool done = ::posix_fallocate(fd, 0, bytes) == 0 && ::fsync(fd) == 0;
  ::close(fd);
  return done;
}

bool is_allocated(const std::filesystem::path& file, std::int64_t bytes) {
  struct stat found {};
  constexpr std::int64_t kBlock = 512;  // stat(2) counts in these, whatever the file system uses
  return ::stat(file.c_str(), &found) == 0 && found.st_size >= bytes &&
         found.st_blocks * kBlock >= bytes;
}

struct statvfs file_system_of(const std::filesystem::path& file) {
  struct statvfs found {};
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  if (::statvfs(folder.c_str(), &found) != 0) found = {};
  return found;
}

}  // namespace

std::int64_t Reserve::free_bytes() const {
  const struct statvfs found = file_system_of(file_);
  if (found.f_frsize == 0) return std::numeric_limits<std::int64_t>::max();  // it does not say
  return static_cast<std::int64_t>(found.f_bavail) * static_cast<std::int64_t>(found.f_frsize);
}

bool Reserve::medium_is_read_only() const {
  return (file_system_of(file_).f_flag & ST_RDONLY) != 0;
}

std::int64_t Reserve::sales_left() const {
  return std::max<std::int64_t>(0, free_bytes() - kBookkeepingBytes) / kSaleBytes;
}

bool Reserve::make() {
  if (held_) return true;
  held_ = bytes_ == 0 || is_allocated(file_, bytes_);
  // Taking the last byte for the reserve would only make the disk full again.
  if (held_ || free_bytes() < bytes_ + 2 * kBookkeepingBytes) return held_;
  held_ = allocate(file_, bytes_);
  if (!held_) ::unlink(file_.c_str());
  return held_;
}

bool Reserve::give_up() {
  if (bytes_ == 0) return false;
  held_ = false;
  return ::unlink(file_.c_str()) == 0;
}

}  // namespace journal
}  // namespace tillsight
