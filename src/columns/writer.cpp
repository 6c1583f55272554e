#include "tillsight/columns/writer.hpp"

#include <algorithm>
#include <optional>

#include "columns/compaction.hpp"
#include "columns/folder.hpp"
#include "columns/rows.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::columns {
namespace {

/// A slice is read in one go and kept in memory: about 80 MB.
constexpr std::int64_t kSliceLines = std::int64_t{1} << 18;

Mapped nothing_yet() {
  Mapped fresh;
  fresh.manifest.tag = format("{:08x}", SystemRandom().next_u64() >> 32);
  return fresh;
}

Status verify(const Segments& segments) {
  for (const auto& segment : segments) {
    for (std::size_t i = 0; i < kFields; ++i) {
      TILLSIGHT_TRY(segment->verify(static_cast<Field>(i)));
    }
  }
  return {};
}

Result<Mapped> map_and_verify(const std::filesystem::path& folder) {
  TILLSIGHT_ASSIGN(Mapped mapped, map_folder(folder, {}));
  TILLSIGHT_TRY(verify(mapped.segments));
  return mapped;
}

}  // namespace

struct Writer::Parts {
  std::filesystem::path hub_folder;
  std::filesystem::path folder;
  WriterLock lock;
  std::optional<Mapped> mapped = {};  // none: to be read from the files

  void load();
  Result<Extension> extend(const Progress& progress, bool in_secret);
  Result<bool> extend_once(Extension& extension, const Progress& progress);
  Result<Slice> read(Extension& extension, bool& renamed, std::int64_t& newest);
  Status keep(Slice& slice, const Counts& texts);
};

void Writer::Parts::load() {
  if (mapped && are_there(folder, mapped->manifest)) return;
  if (mapped) log::warning("columns: files of {} are gone or others", folder.string());
  mapped.reset();
  auto found = map_and_verify(folder);
  if (found.ok()) {
    mapped = std::move(found).value();
    return;
  }
  if (found.error().code() != Code::kNotFound) {
    log::warning("columns: {}; built anew", found.error().message());
  }
  mapped = nothing_yet();
}

/// Reads what comes next, in one state of the database.
Result<Slice> Writer::Parts::read(Extension& extension, bool& renamed, std::int64_t& newest) {
  TILLSIGHT_ASSIGN(sql::Connection db, hub::open_for_reading(hub_folder, hub::Persons::kHidden));
  TILLSIGHT_ASSIGN(const auto snapshot, sql::Transaction::snapshot(db));
  TILLSIGHT_ASSIGN(const HubState hub, read_state(db));
  Manifest& manifest = mapped->manifest;
  if (manifest.epoch != hub.epoch || manifest.cursor > hub.newest) {
    if (!manifest.epoch.empty()) log::warning("columns: of another database; built anew");
    mapped = nothing_yet();
    manifest.epoch = hub.epoch;
  }
  extension.anew = extension.anew || manifest.segments.empty();
  newest = hub.newest;
  TILLSIGHT_TRY(
      follow_changes(db, mapped->segments, mapped->dictionaries, manifest.changes, renamed));
  return read_slice(db, manifest.cursor, kSliceLines, mapped->dictionaries);
}

Status Writer::Parts::keep(Slice& slice, const Counts& texts) {
  Manifest& manifest = mapped->manifest;
  for (auto& [partition, builder] : slice.builders) {
    TILLSIGHT_ASSIGN(FileEntry entry, write_segment(folder, manifest, builder.finish()));
    TILLSIGHT_ASSIGN(auto segment, Segment::map(folder / entry.name, entry.bytes, entry.checksum));
    manifest.segments.push_back(std::move(entry));
    mapped->segments.push_back(std::move(segment));
  }
  manifest.cursor = slice.cursor;
  TILLSIGHT_TRY(join_small_segments(folder, *mapped));
  const std::string part =
      encode_part(mapped->dictionaries, texts, counts_of(mapped->dictionaries));
  if (part.empty()) return {};
  TILLSIGHT_ASSIGN(FileEntry entry, write_part(folder, manifest, part));
  manifest.parts.push_back(std::move(entry));
  return {};
}

/// \return whether there may be more.
Result<bool> Writer::Parts::extend_once(Extension& extension, const Progress& progress) {
  bool renamed = false;
  std::int64_t newest = 0;
  Counts texts = counts_of(mapped->dictionaries);
  TILLSIGHT_ASSIGN(Slice slice, read(extension, renamed, newest));
  if (mapped->manifest.parts.empty()) texts = counts_of(OpenDictionaries());
  TILLSIGHT_TRY(keep(slice, texts));
  TILLSIGHT_TRY(join_small_parts(folder, *mapped, renamed));
  extension.invoices += slice.invoices;
  extension.lines += slice.lines;
  if (progress && newest > 0 &&
      !progress(static_cast<double>(slice.cursor) / static_cast<double>(newest))) {
    return error(Code::kCancelled, "{}: stopped; what was done stays", folder.string());
  }
  return slice.cursor < newest;
}

Result<Extension> Writer::Parts::extend(const Progress& progress, bool in_secret) {
  Extension extension;
  auto published = read_manifest(folder);
  for (bool more = true; more;) {
    const auto step = extend_once(extension, progress);
    if (!step.ok() && step.error().code() != Code::kCancelled) return step.error();
    more = step.ok() && *step;
    const Manifest& now = mapped->manifest;
    if (published.ok() && *published == now) return extension;
    if (!in_secret || (step.ok() && !more)) {
      TILLSIGHT_TRY(write_file_atomically(folder / kManifest, to_text(now)));
      tidy(folder, {&now});
      published = now;
    } else if (published.ok()) {
      tidy(folder, {&now, &*published});
    }
    if (!step.ok()) return step.error();
  }
  return extension;
}

bool is_far_behind(const std::filesystem::path& hub_folder) {
  constexpr std::int64_t kFar = 20'000;
  const auto manifest = read_manifest(hub_folder / kFolder);
  auto db = hub::open_for_reading(hub_folder, hub::Persons::kHidden);
  if (!db.ok()) return false;
  const auto hub = read_state(*db);
  if (!hub.ok()) return false;
  const bool usable = manifest.ok() && manifest->epoch == hub->epoch;
  return hub->newest - (usable ? manifest->cursor : 0) > kFar;
}

Writer::Writer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Writer::Writer(Writer&&) noexcept = default;
Writer::~Writer() = default;

Result<Writer> Writer::open(const std::filesystem::path& hub_folder) {
  TILLSIGHT_TRY(hub::open_for_reading(hub_folder, hub::Persons::kHidden));
  const std::filesystem::path folder = hub_folder / kFolder;
  TILLSIGHT_ASSIGN(WriterLock lock, WriterLock::take(folder));
  return Writer(std::make_unique<Parts>(Parts{hub_folder, folder, std::move(lock)}));
}

Result<Extension> Writer::extend(const Progress& progress) {
  parts_->load();
  auto extended = parts_->extend(progress, false);
  // What is in memory may be further than the files; those are right.
  if (!extended.ok()) parts_->mapped.reset();
  return extended;
}

Result<Extension> Writer::rebuild(const Progress& progress) {
  parts_->mapped = nothing_yet();
  auto rebuilt = parts_->extend(progress, true);
  if (!rebuilt.ok()) parts_->mapped.reset();
  return rebuilt;
}

}  // namespace tillsight::columns
