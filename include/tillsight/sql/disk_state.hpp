/// \file
/// What stands on a disk, and what of it would survive a power cut: a folder of files that keeps
/// what was synced apart from what was only written. A value: copies are cheap and independent.
///
/// The device it stands for writes sectors of 512 bytes in any order until a sync returns, and a
/// power cut may leave of each unsynced sector the old, the new, the new in part, or garbage. It
/// keeps two promises: what was synced stays, and a write changes only the bytes that it names.
/// A file's name is a matter of its folder: creations and deletions are synced with that, not with
/// the file. A sync that failed leaves its file as Linux does: what was written can still be read,
/// counts as clean, and reaches the medium no more.
///
/// **Threads** thread-compatible. **Errors** none: a change that names no file is a bug.
///
/// **Example** tests/sql/disk_state_test.cpp
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tillsight/core/random.hpp"

namespace tillsight::sql {

/// A file's content. Blocks of zeros take no room.
class FileBytes {
 public:
  std::int64_t size() const { return size_; }
  /// Zeros behind the end.
  void read(std::int64_t at, std::span<std::byte> to) const;
  void write(std::int64_t at, std::span<const std::byte> from);
  void resize(std::int64_t size);

 private:
  static constexpr std::int64_t kBlockBytes = 4096;
  using Block = std::array<std::byte, kBlockBytes>;

  void write_block(std::int64_t at, std::span<const std::byte> from);

  // Shared between copies of a file until one of them writes: a state is copied for each power cut.
  std::vector<std::shared_ptr<Block>> blocks_;
  std::int64_t size_ = 0;
};

/// Names one file for ever, also when its name is given to another.
using FileId = std::int64_t;

/// One thing that happened to a disk.
struct DiskChange {
  enum class Kind {
    kCreate,        ///< `name` is from now on `file`, empty
    kDelete,        ///< `name` is gone
    kWrite,         ///< `bytes` at `at`
    kTruncate,      ///< `file` has `at` bytes
    kSync,          ///< what `file` holds is durable
    kSyncFailed,    ///< what was written since the last sync never will be
    kSyncFolder,    ///< which names there are is durable
    kForgetCached,  ///< what a failed sync has lost is not shown any more either
  };
  Kind kind = Kind::kSyncFolder;
  FileId file = 0;
  std::string name = {};
  std::int64_t at = 0;
  // Shared by recordings, by what is pending and by copies of both; nobody changes it.
  std::shared_ptr<const std::vector<std::byte>> bytes = {};
};

class DiskState {
 public:
  void apply(const DiskChange& change);

  /// What is found when the power is back; everything is durable then.
  /// \return a number that two cuts of one history share if they left the same.
  std::uint64_t power_cut(Random& random);

  std::optional<FileId> find(const std::string& name) const;
  /// \return a number that no file has had.
  FileId new_id() const { return new_id_; }
  const FileBytes& content(FileId file) const;
  /// What all files would take if blocks of zeros did.
  std::int64_t used_bytes() const;
  /// Forgets files that have no name, but for those that `is_open`.
  template <typename IsOpen>
  void forget_deleted(IsOpen is_open) {
    std::erase_if(files_,
                  [&](const auto& entry) { return !entry.second.names && !is_open(entry.first); });
  }

 private:
  struct File {
    FileBytes now;
    FileBytes durable;
    std::vector<DiskChange> pending;  // writes and truncations between the two
    bool lost_writes = false;         // a sync failed: `durable` does not catch up any more
    int names = 0;                    // in folder_, present, past or durable
  };
  /// What a name has stood for since the folder was synced; the last is now, the first durable.
  using Entry = std::vector<std::optional<FileId>>;

  static void replay(const std::vector<DiskChange>& changes, FileBytes& bytes);
  static void forget_cached(File& file);
  File& at(FileId file);
  void rename(const std::string& name, std::optional<FileId> file);
  void count_names();

  std::map<FileId, File> files_;
  std::map<std::string, Entry> folder_;
  FileId new_id_ = 1;
  std::uint64_t syncs_ = 0;
};

}  // namespace tillsight::sql
