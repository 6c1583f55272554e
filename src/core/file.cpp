#include "tillsight/core/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace tillsight {
namespace {

/// An open file descriptor, closed at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

struct Meaning {
  Code code;
  std::string_view remedy;
};

Meaning meaning(int system_errno) {
  switch (system_errno) {
    case ENOSPC:
    case EDQUOT: return {Code::kResourceExhausted, "free space on its file system"};
    case EACCES:
    case ENOENT:
    case ENOTDIR:
    case EPERM:
    case EROFS:
      return {Code::kFailedPrecondition,
              "check that the folder exists and that this user may use it"};
    default: return {Code::kUnavailable, "try again, and look at the kernel log"};
  }
}

Error io_error(const std::filesystem::path& file, std::string_view what) {
  const int why = errno;
  const Meaning is = meaning(why);
  return error(is.code, "{}: {}: {}; {}", file.string(), what, std::strerror(why), is.remedy);
}

Status write_all(int fd, std::string_view content, const std::filesystem::path& file) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return io_error(file, "cannot write");
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& file, std::size_t bytes_max) {
  std::error_code failure;
  const auto size = std::filesystem::file_size(file, failure);
  if (failure) {
    return error(Code::kNotFound, "{}: cannot read: {}; check the path", file.string(),
                 failure.message());
  }
  if (size > bytes_max) {
    return error(Code::kResourceExhausted, "{}: {} bytes are more than the {} allowed here",
                 file.string(), size, bytes_max);
  }
  // Not through a stream: one that cannot read throws.
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (in.get() < 0) return io_error(file, "cannot read");
  std::string content;
  std::array<char, 4096> part;
  while (content.size() <= bytes_max) {
    const ssize_t bytes = ::read(in.get(), part.data(), part.size());
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) return io_error(file, "cannot read");
    if (bytes == 0) return content;
    content.append(part.data(), static_cast<std::size_t>(bytes));
  }
  return error(Code::kResourceExhausted, "{}: grows while it is read", file.string());
}

Status write_file_atomically(const std::filesystem::path& file, std::string_view content,
                             std::filesystem::perms perms) {
  const std::filesystem::path fresh = file.string() + ".new";
  {
    const Descriptor out(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                                static_cast<mode_t>(perms)));
    if (out.get() < 0) return io_error(fresh, "cannot create");
    TILLSIGHT_TRY(write_all(out.get(), content, fresh));
    if (::fsync(out.get()) != 0) return io_error(fresh, "cannot make durable");
  }
  if (::rename(fresh.c_str(), file.c_str()) != 0) return io_error(file, "cannot replace");
  // The rename itself is durable only once the folder is.
  return sync_to_disk(file.has_parent_path() ? file.parent_path() : ".");
}

Status sync_to_disk(const std::filesystem::path& file_or_folder) {
  const Descriptor opened(::open(file_or_folder.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) {
    return io_error(file_or_folder, "cannot make durable");
  }
  return {};
}

}  // namespace tillsight
