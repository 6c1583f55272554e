#include "tillsight/journal/mirror.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "tillsight/core/file.hpp"
#include "tillsight/crypto/hash.hpp"

namespace tillsight::journal {
namespace {

constexpr std::string_view kMagic = "TSm1";
constexpr std::int64_t kFileBytes = 1024 * 1024;
constexpr std::size_t kFileBytesMost = 64 * 1024 * 1024;
constexpr std::size_t kBatch = 200;

Error io_error(const std::filesystem::path& path, std::string_view what) {
  const Code code =
      errno == ENOSPC || errno == EDQUOT ? Code::kResourceExhausted : Code::kUnavailable;
  return error(code, "{}: {}: {}", path.string(), what, std::strerror(errno));
}

void put_number(std::string& to, std::uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) to += static_cast<char>(number >> (8 * i) & 0xff);
}
std::optional<std::uint64_t> take_number(std::string_view& from, std::size_t bytes) {
  if (from.size() < bytes) return std::nullopt;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    number |= std::uint64_t{static_cast<unsigned char>(from[i])} << (8 * i);
  }
  from.remove_prefix(bytes);
  return number;
}
std::optional<std::string> take_text(std::string_view& from) {
  const auto length = take_number(from, 4);
  if (!length || from.size() < *length) return std::nullopt;
  std::string text(from.substr(0, *length));
  from.remove_prefix(*length);
  return text;
}

std::string record_of(const StoredEvent& event) {
  std::string fields;
  put_number(fields, static_cast<std::uint64_t>(event.identity.sequence.value()), 8);
  for (const std::string* text :
       {&event.type, &event.time, &event.sealed, &event.personal, &event.notes}) {
    put_number(fields, text->size(), 4);
    fields += *text;
  }
  std::string record(kMagic);
  put_number(record, fields.size(), 4);
  record += fields;
  const Digest proof = sha256(fields);
  record.append(reinterpret_cast<const char*>(proof.data()), proof.size());
  return record;
}

/// \return the next event, taken off `bytes`; nothing at the end, or where the rest is torn.
std::optional<StoredEvent> take_record(std::string_view& bytes) {
  std::string_view rest = bytes;
  if (!rest.starts_with(kMagic)) return std::nullopt;
  rest.remove_prefix(kMagic.size());
  const auto length = take_number(rest, 4);
  if (!length || rest.size() < *length + sizeof(Digest)) return std::nullopt;
  std::string_view fields = rest.substr(0, *length);
  rest.remove_prefix(*length);
  const Digest proof = sha256(fields);
  if (std::memcmp(rest.data(), proof.data(), proof.size()) != 0) return std::nullopt;
  rest.remove_prefix(proof.size());
  StoredEvent event;
  event.identity.sequence = Sequence(static_cast<std::int64_t>(*take_number(fields, 8)));
  for (std::string* text :
       {&event.type, &event.time, &event.sealed, &event.personal, &event.notes}) {
    auto taken = take_text(fields);
    if (!taken) return std::nullopt;
    *text = *std::move(taken);
  }
  bytes = rest;
  return event;
}

/// The same, past whatever is damaged in between.
std::optional<StoredEvent> find_record(std::string_view& bytes) {
  for (std::size_t at = 0; at != std::string_view::npos; at = bytes.find(kMagic, at + 1)) {
    std::string_view rest = bytes.substr(at);
    auto event = take_record(rest);
    if (!event) continue;
    bytes = rest;
    return event;
  }
  return std::nullopt;
}

std::string folder_name(const EventIdentity& identity) {
  return format("{}-{}-{}", identity.store.value(), identity.till.value(),
                identity.incarnation.value());
}

/// A folder's files in the order in which they were written.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    if (entry.path().extension() == ".log") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::int64_t first_of(const std::filesystem::path& file) {
  const std::string name = file.stem().string();
  std::int64_t first = 0;
  std::from_chars(name.data(), name.data() + name.size(), first);
  return first;
}

Status sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool done = fd >= 0 && ::fsync(fd) == 0;
  Status status = done ? Status() : Status(io_error(folder, "cannot make durable"));
  if (fd >= 0) ::close(fd);
  return status;
}

}  // namespace

Mirror::Mirror(Mirror&& other) noexcept
    : folder_(std::move(other.folder_)),
      fd_(std::exchange(other.fd_, -1)),
      bytes_(other.bytes_),
      last_(other.last_) {}

Mirror& Mirror::operator=(Mirror&& other) noexcept {
  close();
  folder_ = std::move(other.folder_);
  fd_ = std::exchange(other.fd_, -1);
  bytes_ = other.bytes_;
  last_ = other.last_;
  return *this;
}

Mirror::~Mirror() {
  close();
}

void Mirror::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Result<Mirror> Mirror::open(const std::filesystem::path& folder, const EventIdentity& identity) {
  // A medium that is not there must not be made up on the one that is.
  if (!std::filesystem::is_directory(folder)) {
    return error(Code::kUnavailable, "{}: there is no such folder; is the medium plugged in?",
                 folder.string());
  }
  Mirror mirror(folder / folder_name(identity));
  std::error_code failed;
  std::filesystem::create_directories(mirror.folder_, failed);
  if (failed) {
    return error(Code::kUnavailable, "{}: cannot make this folder: {}", mirror.folder_.string(),
                 failed.message());
  }
  TILLSIGHT_TRY(sync_folder(folder));
  const std::vector<std::filesystem::path> files = files_in(mirror.folder_);
  if (!files.empty()) TILLSIGHT_TRY(mirror.go_on_with(files.back()));
  return mirror;
}

/// Finds the end of what is whole, and cuts the rest.
Status Mirror::go_on_with(const std::filesystem::path& file) {
  TILLSIGHT_ASSIGN(const std::string content, read_file(file, kFileBytesMost));
  std::string_view rest = content;
  last_ = Sequence(first_of(file) - 1);
  while (const auto event = find_record(rest)) last_ = std::max(last_, event->identity.sequence);
  bytes_ = static_cast<std::int64_t>(content.size() - rest.size());
  fd_ = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd_ < 0) return io_error(file, "cannot open");
  if (!rest.empty() && ::ftruncate(fd_, bytes_) != 0) return io_error(file, "cannot cut");
  return {};
}

Status Mirror::begin_file(Sequence first) {
  close();
  const auto file = folder_ / format("{:016}.log", first.value());
  fd_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd_ < 0) return io_error(file, "cannot create");
  bytes_ = 0;
  return sync_folder(folder_);
}

Status Mirror::append(std::span<const StoredEvent> events) {
  if (events.empty()) return {};
  if (fd_ < 0 || bytes_ >= kFileBytes) {
    TILLSIGHT_TRY(begin_file(events.front().identity.sequence));
  }
  std::string records;
  for (const StoredEvent& event : events) records += record_of(event);
  std::string_view rest = records;
  while (!rest.empty()) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return io_error(folder_, "cannot write");
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fdatasync(fd_) != 0) return io_error(folder_, "cannot make durable");
  bytes_ += static_cast<std::int64_t>(records.size());
  for (const StoredEvent& event : events) last_ = std::max(last_, event.identity.sequence);
  return {};
}

void Mirror::let_go(Sequence first_needed) {
  if (first_needed > last_) close();  // even the open one: the next event begins another
  const std::vector<std::filesystem::path> files = files_in(folder_);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const bool is_newest = i + 1 == files.size();
    const std::int64_t end = is_newest ? last_.value() + 1 : first_of(files[i + 1]);
    if (end > first_needed.value() || (is_newest && fd_ >= 0)) return;
    ::unlink(files[i].c_str());
  }
}

Status read_mirror(const std::filesystem::path& mirror, const EventIdentity& till,
                   const Incarnation& present,
                   const std::function<Status(const std::vector<StoredEvent>&)>& take) {
  const std::string ours = format("{}-{}-", till.store.value(), till.till.value());
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(mirror, none)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(ours)) continue;
    const auto incarnation = parse_incarnation(std::string_view(name).substr(ours.size()));
    if (!incarnation.ok() || *incarnation == present) continue;
    for (const std::filesystem::path& file : files_in(entry.path())) {
      TILLSIGHT_ASSIGN(const std::string content, read_file(file, kFileBytesMost));
      std::string_view rest = content;
      std::vector<StoredEvent> batch;
      while (auto event = find_record(rest)) {
        event->identity = {till.store, till.till, *incarnation, event->identity.sequence};
        batch.push_back(*std::move(event));
        if (batch.size() < kBatch) continue;
        TILLSIGHT_TRY(take(batch));
        batch.clear();
      }
      if (!batch.empty()) TILLSIGHT_TRY(take(batch));
    }
  }
  return {};
}

void forget_mirrored(const std::filesystem::path& mirror, const EventIdentity& incarnation) {
  std::error_code ignored;
  std::filesystem::remove_all(mirror / folder_name(incarnation), ignored);
}

}  // namespace tillsight::journal
