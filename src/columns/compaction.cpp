#include "columns/compaction.hpp"

#include <map>

#include "columns/rows.hpp"
#include "columns/segment_builder.hpp"

namespace tillsight::columns {
namespace {

bool belong_together(const Segment& before, const Segment& after) {
  return 2 * after.lines() >= before.lines() && before.lines() + after.lines() <= kSegmentLinesMax;
}

Status verify_all(const Segment& segment) {
  for (std::size_t i = 0; i < kFields; ++i) TILLSIGHT_TRY(segment.verify(static_cast<Field>(i)));
  return {};
}

/// The last two files of a partition become one.
Status join(const std::filesystem::path& folder, Mapped& mapped, std::size_t before,
            std::size_t after) {
  const Segment& first = *mapped.segments[before];
  const Segment& second = *mapped.segments[after];
  // What is damaged must not get a fresh checksum.
  TILLSIGHT_TRY(verify_all(first));
  TILLSIGHT_TRY(verify_all(second));
  TILLSIGHT_ASSIGN(FileEntry entry,
                   write_segment(folder, mapped.manifest, join_segments(first, second)));
  TILLSIGHT_ASSIGN(auto segment, Segment::map(folder / entry.name, entry.bytes, entry.checksum));
  mapped.segments[before] = std::move(segment);
  mapped.segments.erase(mapped.segments.begin() + static_cast<std::ptrdiff_t>(after));
  mapped.manifest.segments[before] = std::move(entry);
  mapped.manifest.segments.erase(mapped.manifest.segments.begin() +
                                 static_cast<std::ptrdiff_t>(after));
  return {};
}

/// \return whether there was something to join.
Result<bool> join_one(const std::filesystem::path& folder, Mapped& mapped) {
  std::map<Partition, std::size_t> last;
  for (std::size_t i = 0; i < mapped.segments.size(); ++i) {
    const Partition partition = partition_of(*mapped.segments[i]);
    const auto before = last.find(partition);
    if (before != last.end() &&
        belong_together(*mapped.segments[before->second], *mapped.segments[i])) {
      TILLSIGHT_TRY(join(folder, mapped, before->second, i));
      return true;
    }
    last[partition] = i;
  }
  return false;
}

}  // namespace

Status join_small_segments(const std::filesystem::path& folder, Mapped& mapped) {
  while (true) {
    TILLSIGHT_ASSIGN(const bool joined, join_one(folder, mapped));
    if (!joined) return {};
  }
}

Status join_small_parts(const std::filesystem::path& folder, Mapped& mapped, bool stale) {
  auto& parts = mapped.manifest.parts;
  std::uint64_t newer = 0;
  bool all = stale;
  for (std::size_t i = parts.size(); i-- > 1;) {
    newer += parts[i].bytes;
    all = all || (i == 1 && 2 * newer >= parts[0].bytes);
  }
  constexpr std::size_t kPartsMax = 64;
  if (!all && parts.size() < kPartsMax) return {};
  Counts none{};
  for (std::size_t i = 0; i < kFields; ++i) none[i] = is_text(static_cast<Field>(i)) ? 1 : 0;
  const std::string bytes = encode_part(mapped.dictionaries, none, counts_of(mapped.dictionaries));
  parts.clear();
  if (bytes.empty()) return {};
  TILLSIGHT_ASSIGN(FileEntry entry, write_part(folder, mapped.manifest, bytes));
  parts.push_back(std::move(entry));
  return {};
}

}  // namespace tillsight::columns
