#include "tillsight/sql/disk_state.hpp"

#include <algorithm>
#include <cstring>

#include "tillsight/core/check.hpp"

namespace tillsight::sql {
namespace {

constexpr std::int64_t kSectorBytes = 512;

using Kind = DiskChange::Kind;

/// How one power cut treats what was not synced.
struct Manner {
  double kept = 0;     // chance of a sector, a truncation, a new name
  double damaged = 0;  // chance that a kept sector is torn or garbage
};

/// From nothing kept over a random half to everything kept, with and without damage.
Manner a_manner(Random& random) {
  constexpr std::array kKept{0.0, 0.1, 0.5, 0.9, 1.0};
  constexpr std::array kDamaged{0.0, 0.05, 0.5};
  return {kKept.at(random.next_u64() % kKept.size()),
          kDamaged.at(random.next_u64() % kDamaged.size())};
}

bool is_zero(std::span<const std::byte> bytes) {
  return bytes[0] == std::byte{0} &&
         std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

/// A fingerprint of what a cut has left.
class Print {
 public:
  explicit Print(std::uint64_t start) { add(start); }
  void add(std::uint64_t value) {
    print_ ^= value + 0x9e3779b97f4a7c15ULL + (print_ << 6U) + (print_ >> 2U);
    print_ *= 0xff51afd7ed558ccdULL;
  }
  std::uint64_t value() const { return print_; }

 private:
  std::uint64_t print_ = 0;
};

/// Lets the sectors of one write reach the medium, or not.
class Cut {
 public:
  Cut(Random& random, Print& print) : random_(random), manner_(a_manner(random)), print_(print) {}

  bool keeps() { return random_.next_unit() < manner_.kept; }
  void write(FileBytes& medium, const DiskChange& change);

 private:
  void write_sector(FileBytes& medium, std::int64_t at, std::span<const std::byte> bytes);

  Random& random_;
  const Manner manner_;
  Print& print_;
};

void Cut::write(FileBytes& medium, const DiskChange& change) {
  const std::span<const std::byte> bytes(*change.bytes);
  const std::int64_t end = change.at + std::ssize(bytes);
  // The size is one more thing that may have become durable without the content.
  if (end > medium.size() && keeps()) {
    medium.resize(end);
    print_.add(static_cast<std::uint64_t>(end));
  }
  for (std::int64_t at = change.at; at < end;) {
    const std::int64_t stop = std::min(end, (at / kSectorBytes + 1) * kSectorBytes);
    const auto sector = bytes.subspan(static_cast<std::size_t>(at - change.at),
                                      static_cast<std::size_t>(stop - at));
    if (keeps()) {
      print_.add(static_cast<std::uint64_t>(at));
      write_sector(medium, at, sector);
    }
    at = stop;
  }
}

void Cut::write_sector(FileBytes& medium, std::int64_t at, std::span<const std::byte> bytes) {
  if (random_.next_unit() >= manner_.damaged) return medium.write(at, bytes);
  const std::uint64_t how = random_.next_u64();
  print_.add(how);
  if (how % 2 == 0) return medium.write(at, bytes.first(how / 2 % bytes.size()));
  std::array<std::byte, kSectorBytes> garbage;
  random_.fill(garbage);
  medium.write(at, std::span(garbage).first(bytes.size()));
}

}  // namespace

void FileBytes::read(std::int64_t at, std::span<std::byte> to) const {
  std::ranges::fill(to, std::byte{0});
  const std::int64_t end = std::min(size_, at + std::ssize(to));
  for (std::int64_t from = at; from < end;) {
    const std::int64_t stop = std::min(end, (from / kBlockBytes + 1) * kBlockBytes);
    const auto& block = blocks_[static_cast<std::size_t>(from / kBlockBytes)];
    if (block) std::copy_n(block->begin() + from % kBlockBytes, stop - from, to.data() + from - at);
    from = stop;
  }
}

void FileBytes::write(std::int64_t at, std::span<const std::byte> from) {
  if (from.empty()) return;
  const std::int64_t end = at + std::ssize(from);
  if (end > size_) resize(end);
  while (!from.empty()) {
    const auto room = static_cast<std::size_t>(kBlockBytes - at % kBlockBytes);
    const auto part = from.first(std::min(room, from.size()));
    write_block(at, part);
    at += std::ssize(part);
    from = from.subspan(part.size());
  }
}

void FileBytes::write_block(std::int64_t at, std::span<const std::byte> from) {
  auto& block = blocks_[static_cast<std::size_t>(at / kBlockBytes)];
  if (!block) {
    if (is_zero(from)) return;
    block = std::make_shared<Block>();
  } else if (block.use_count() > 1) {
    block = std::make_shared<Block>(*block);
  }
  std::ranges::copy(from, block->begin() + at % kBlockBytes);
}

void FileBytes::resize(std::int64_t size) {
  const std::int64_t rest = size % kBlockBytes;
  if (size < size_ && rest != 0) {
    // What grows back later must not show what was cut off.
    const std::vector<std::byte> zeros(
        static_cast<std::size_t>(std::min(kBlockBytes - rest, size_ - size)));
    write_block(size, zeros);
  }
  blocks_.resize(static_cast<std::size_t>((size + kBlockBytes - 1) / kBlockBytes));
  size_ = size;
}

DiskState::File& DiskState::at(FileId file) {
  const auto found = files_.find(file);
  TILLSIGHT_CHECK(found != files_.end(), "no such file on this disk");
  return found->second;
}

void DiskState::apply(const DiskChange& change) {
  switch (change.kind) {
    case Kind::kCreate:
      files_[change.file];
      new_id_ = std::max(new_id_, change.file + 1);
      return rename(change.name, change.file);
    case Kind::kDelete: return rename(change.name, std::nullopt);
    case Kind::kWrite: at(change.file).now.write(change.at, *change.bytes); break;
    case Kind::kTruncate: at(change.file).now.resize(change.at); break;
    case Kind::kForgetCached: return forget_cached(at(change.file));
    case Kind::kSync: ++syncs_; break;
    case Kind::kSyncFailed: ++syncs_; break;
    case Kind::kSyncFolder:
      ++syncs_;
      for (auto& [name, entry] : folder_) entry.erase(entry.begin(), entry.end() - 1);
      std::erase_if(folder_, [](const auto& named) { return !named.second.back(); });
      return count_names();
  }
  File& file = at(change.file);
  if (change.kind == Kind::kSyncFailed) {
    file.lost_writes |= !file.pending.empty();
  } else if (change.kind != Kind::kSync) {
    file.pending.push_back(change);
    return;
  } else if (!file.lost_writes) {
    file.durable = file.now;
  } else {
    replay(file.pending, file.durable);
  }
  file.pending.clear();
}

void DiskState::replay(const std::vector<DiskChange>& changes, FileBytes& bytes) {
  for (const DiskChange& change : changes) {
    if (change.kind == Kind::kTruncate) bytes.resize(change.at);
    if (change.kind == Kind::kWrite) bytes.write(change.at, *change.bytes);
  }
}

void DiskState::forget_cached(File& file) {
  if (!file.lost_writes) return;
  file.now = file.durable;
  replay(file.pending, file.now);
  file.lost_writes = false;
}

void DiskState::rename(const std::string& name, std::optional<FileId> file) {
  Entry& entry = folder_[name];
  if (entry.empty()) entry.push_back(std::nullopt);
  entry.push_back(file);
  count_names();
}

void DiskState::count_names() {
  for (auto& [id, file] : files_) file.names = 0;
  for (const auto& [name, entry] : folder_) {
    for (const auto& id : entry) {
      if (id) ++at(*id).names;
    }
  }
}

std::uint64_t DiskState::power_cut(Random& random) {
  Print print(syncs_);
  Cut cut(random, print);
  for (auto& [name, entry] : folder_) {
    std::size_t kept = 0;
    while (kept + 1 < entry.size() && cut.keeps()) ++kept;
    if (kept > 0) print.add(kept);
    entry = {entry[kept]};
  }
  std::erase_if(folder_, [](const auto& named) { return !named.second.back(); });
  count_names();
  forget_deleted([](FileId) { return false; });
  for (auto& [id, file] : files_) {
    print.add(static_cast<std::uint64_t>(id));
    std::uint64_t nth = 0;
    for (const DiskChange& change : file.pending) {
      print.add(++nth);
      if (change.kind == Kind::kWrite) {
        cut.write(file.durable, change);
      } else if (cut.keeps()) {
        file.durable.resize(change.at);
        print.add(static_cast<std::uint64_t>(change.at));
      }
    }
    file.pending.clear();
    file.lost_writes = false;
    file.now = file.durable;
  }
  return print.value();
}

std::optional<FileId> DiskState::find(const std::string& name) const {
  const auto found = folder_.find(name);
  return found == folder_.end() ? std::nullopt : found->second.back();
}

const FileBytes& DiskState::content(FileId file) const {
  const auto found = files_.find(file);
  TILLSIGHT_CHECK(found != files_.end(), "no such file on this disk");
  return found->second.now;
}

std::int64_t DiskState::used_bytes() const {
  std::int64_t bytes = 0;
  for (const auto& [id, file] : files_) bytes += file.now.size();
  return bytes;
}

}  // namespace tillsight::sql
