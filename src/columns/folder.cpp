#include "columns/folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>
#include <utility>

#include "columns/checksum.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::columns {
namespace {

/// The writer deletes what it replaces: who read the manifest before that reads it again.
constexpr int kTries = 5;

Result<FileEntry> write_next(const std::filesystem::path& folder, Manifest& manifest,
                             std::string_view ending, const std::string& bytes, std::uint64_t sum) {
  FileEntry entry{format("{}.{}{}", manifest.tag, ++manifest.files, ending), bytes.size(), sum};
  TILLSIGHT_TRY(write_file_atomically(folder / entry.name, bytes));
  return entry;
}

Result<Mapped> map_files(const std::filesystem::path& folder, Manifest manifest,
                         const Segments& previous) {
  std::map<std::filesystem::path, std::shared_ptr<const Segment>> known;
  for (const auto& segment : previous) known.emplace(segment->file(), segment);
  Mapped mapped{std::move(manifest), {}, {}};
  for (const FileEntry& part : mapped.manifest.parts) {
    TILLSIGHT_ASSIGN(MappedFile opened, MappedFile::open(folder / part.name, part.bytes));
    const auto file = std::make_shared<const MappedFile>(std::move(opened));
    if (checksum(file->bytes()) != part.checksum) {
      return error(Code::kDataLoss, "{}: is not what was written", (folder / part.name).string());
    }
    TILLSIGHT_TRY(add_part(file, mapped.dictionaries));
  }
  for (const FileEntry& entry : mapped.manifest.segments) {
    const auto again = known.find(folder / entry.name);
    if (again != known.end() && again->second->bytes() == entry.bytes) {
      mapped.segments.push_back(again->second);
      continue;
    }
    TILLSIGHT_ASSIGN(auto segment, Segment::map(folder / entry.name, entry.bytes, entry.checksum));
    mapped.segments.push_back(std::move(segment));
  }
  return mapped;
}

}  // namespace

Result<Mapped> map_folder(const std::filesystem::path& folder, const Segments& previous) {
  TILLSIGHT_ASSIGN(Manifest manifest, read_manifest(folder));
  for (int left = kTries;;) {
    auto mapped = map_files(folder, manifest, previous);
    if (mapped.ok() || mapped.error().code() != Code::kNotFound || --left == 0) {
      if (mapped.ok() || mapped.error().code() != Code::kNotFound) return mapped;
      return error(Code::kDataLoss, "{}", mapped.error().message());
    }
    TILLSIGHT_ASSIGN(Manifest now, read_manifest(folder));
    if (now == manifest) return error(Code::kDataLoss, "{}", mapped.error().message());
    manifest = std::move(now);
  }
}

Result<FileEntry> write_segment(const std::filesystem::path& folder, Manifest& manifest,
                                const std::string& bytes) {
  const auto head = std::string_view(bytes).substr(0, sizeof(SegmentHead));
  return write_next(folder, manifest, kSegmentEnding, bytes, checksum(head));
}

Result<FileEntry> write_part(const std::filesystem::path& folder, Manifest& manifest,
                             const std::string& bytes) {
  return write_next(folder, manifest, kPartEnding, bytes, checksum(bytes));
}

bool are_there(const std::filesystem::path& folder, const Manifest& manifest) {
  const auto is_there = [&](const FileEntry& entry) {
    std::error_code none;
    return std::filesystem::file_size(folder / entry.name, none) == entry.bytes && !none;
  };
  const auto on_disk = read_manifest(folder);
  return on_disk.ok() && *on_disk == manifest && std::ranges::all_of(manifest.parts, is_there) &&
         std::ranges::all_of(manifest.segments, is_there);
}

void tidy(const std::filesystem::path& folder, std::initializer_list<const Manifest*> manifests) {
  std::set<std::string> named;
  for (const Manifest* const manifest : manifests) {
    for (const FileEntry& part : manifest->parts) named.insert(part.name);
    for (const FileEntry& segment : manifest->segments) named.insert(segment.name);
  }
  std::error_code none;
  for (const auto& found : std::filesystem::directory_iterator(folder, none)) {
    const std::string name = found.path().filename();
    const bool ours =
        name.ends_with(kSegmentEnding) || name.ends_with(kPartEnding) || name.ends_with(".new");
    if (ours && !named.contains(name)) std::filesystem::remove(found.path(), none);
  }
}

Result<WriterLock> WriterLock::take(const std::filesystem::path& folder) {
  if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return error(Code::kFailedPrecondition, "{}: {}; let this user write there", folder.string(),
                 std::strerror(errno));
  }
  const std::filesystem::path file = folder / "lock";
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) {
    return error(Code::kFailedPrecondition, "{}: {}; let this user write there", file.string(),
                 std::strerror(errno));
  }
  WriterLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  return error(Code::kFailedPrecondition,
               "{}: another process keeps these files, usually the hub; let it", folder.string());
}

WriterLock::WriterLock(WriterLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

WriterLock::~WriterLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace tillsight::columns
