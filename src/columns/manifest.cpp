#include "columns/manifest.hpp"

#include <charconv>
#include <optional>

#include "columns/checksum.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::columns {
namespace {

constexpr std::string_view kHeading = "tillsight columns 1";
constexpr std::size_t kBytesMax = 64 * 1024 * 1024;

template <typename Number>
std::optional<Number> number(std::string_view text, int base = 10) {
  Number value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return taken;
}

bool is_file_name(std::string_view name) {
  return !name.empty() &&
         name.find_first_not_of("0123456789.abcdefghijklmnopqrstuvwxyz") == name.npos &&
         !name.starts_with('.');
}

std::optional<FileEntry> file_entry(std::string_view words) {
  FileEntry entry;
  entry.name = take_until(words, ' ');
  const auto bytes = number<std::uint64_t>(take_until(words, ' '));
  const auto sum = number<std::uint64_t>(words, 16);
  if (!is_file_name(entry.name) || !bytes || !sum) return std::nullopt;
  entry.bytes = *bytes;
  entry.checksum = *sum;
  return entry;
}

bool take_line(std::string_view line, Manifest& manifest) {
  const std::string_view key = take_until(line, ' ');
  if (key == "epoch") {
    manifest.epoch = line;
    return true;
  }
  if (key == "tag") {
    manifest.tag = line;
    return true;
  }
  if (key == "part" || key == "segment") {
    const auto entry = file_entry(line);
    if (!entry) return false;
    (key == "part" ? manifest.parts : manifest.segments).push_back(*entry);
    return true;
  }
  const auto value = number<std::int64_t>(line);
  if (!value) return false;
  if (key == "cursor")
    manifest.cursor = *value;
  else if (key == "changes")
    manifest.changes = *value;
  else if (key == "files")
    manifest.files = static_cast<std::uint64_t>(*value);
  else
    return false;
  return true;
}

}  // namespace

std::string to_text(const Manifest& manifest) {
  std::string text =
      format("{}\nepoch {}\ntag {}\ncursor {}\nchanges {}\nfiles {}\n", kHeading, manifest.epoch,
             manifest.tag, manifest.cursor, manifest.changes, manifest.files);
  for (const FileEntry& part : manifest.parts) {
    text += format("part {} {} {:x}\n", part.name, part.bytes, part.checksum);
  }
  for (const FileEntry& segment : manifest.segments) {
    text += format("segment {} {} {:x}\n", segment.name, segment.bytes, segment.checksum);
  }
  return text + format("end {:x}\n", checksum(text));
}

Result<Manifest> parse_manifest(std::string_view text) {
  const Error wrong = error(Code::kDataLoss, "is not what was written");
  const std::size_t end = text.rfind("end ");
  if (end == std::string_view::npos || !text.ends_with('\n')) return wrong;
  const auto sum = number<std::uint64_t>(text.substr(end + 4, text.size() - end - 5), 16);
  if (!sum || *sum != checksum(text.substr(0, end))) return wrong;
  std::string_view lines = text.substr(0, end);
  if (take_until(lines, '\n') != kHeading) return wrong;
  Manifest manifest;
  while (!lines.empty()) {
    if (!take_line(take_until(lines, '\n'), manifest)) return wrong;
  }
  return manifest;
}

Result<Manifest> read_manifest(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kManifest;
  TILLSIGHT_ASSIGN(const std::string text, read_file(file, kBytesMax));
  auto manifest = parse_manifest(text);
  if (!manifest.ok()) return manifest.error().with_context(file.string());
  return manifest;
}

}  // namespace tillsight::columns
