#include "columns/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tillsight::columns {

Result<MappedFile> MappedFile::open(const std::filesystem::path& file, std::size_t size) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const int why = errno;
    return error(why == ENOENT ? Code::kNotFound : Code::kFailedPrecondition,
                 "{}: cannot be read: {}", file.string(), std::strerror(why));
  }
  struct stat is {};
  const bool fits = ::fstat(fd, &is) == 0 && static_cast<std::size_t>(is.st_size) == size;
  void* const at = fits && size > 0 ? ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0) : nullptr;
  const int why = errno;
  ::close(fd);
  if (!fits || size == 0) {
    return error(Code::kDataLoss, "{}: has {} bytes, {} were written", file.string(), is.st_size,
                 size);
  }
  if (at == MAP_FAILED) {
    return error(Code::kResourceExhausted, "{}: cannot be mapped: {}; free memory", file.string(),
                 std::strerror(why));
  }
  return MappedFile(std::span(static_cast<const std::byte*>(at), size));
}

MappedFile::~MappedFile() {
  if (bytes_.empty()) return;
  ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace tillsight::columns
