/// \file
/// How the medium under the journal is, and the reserve that lets a till sell on when it is full.
///
/// **Threads** thread-compatible.
/// **Example** tests/journal/disk_test.cpp
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "tillsight/core/result.hpp"

namespace tillsight {

/// From good to bad; in `full` and `read-only` no sale can be written down.
struct DiskState {
  enum class Kind {
    kOk,
    kReserve,   ///< full, and selling on what the reserve gave back
    kFull,      ///< and the reserve is used up
    kReadOnly,  ///< the system has switched the medium to reading only
    kFailed,    ///< the last write failed; the next one may go through
  };
  Kind kind = Kind::kOk;
  std::int64_t sales_left = 0;  ///< kReserve: at least so many more
  std::string why;              ///< kFailed, kReadOnly: the medium's own words
  /// What a person should know although sales go on; empty: nothing.
  std::string warning;

  bool can_sell() const { return kind != Kind::kFull && kind != Kind::kReadOnly; }
  friend bool operator==(const DiskState&, const DiskState&) = default;
};
/// For the heartbeat and the clerk: "ok", "reserve: 812 sales left", "full", "read-only", "failed:
/// …", and behind it the warning.
std::string to_string(const DiskState& state);
/// Why nothing can be paid now, and what to do; empty if it can.
std::string refusal(const DiskState& state);

namespace journal {

/// What a sale may cost on disk until the reserve is planned anew: its event, its share of the
/// database's inner pages and of the log. An ordinary one takes a third of it.
inline constexpr std::int64_t kSaleBytes = 12 * 1024;
/// Kept back from sales, so that what the hub acknowledges can still be written down.
inline constexpr std::int64_t kBookkeepingBytes = 1024 * 1024;
/// Room for more than 1,000 sales.
inline constexpr std::int64_t kReserveBytes = 16 * 1024 * 1024;
static_assert((kReserveBytes - kBookkeepingBytes) / kSaleBytes > 1'000);

/// A file of `bytes` allocated bytes beside the journal, given back to the file system when that is
/// full. It is shared with whatever else fills the disk: a till whose disk others write to should
/// have a file system, or a quota, of its own.
class Reserve {
 public:
  /// \param bytes 0: there is none, and nothing to miss.
  Reserve(std::filesystem::path file, std::int64_t bytes) : file_(std::move(file)), bytes_(bytes) {}

  /// Makes the file if it is not there and the disk has room for it and some more.
  /// \return whether there is a reserve now.
  bool make();
  /// \return whether there was one to give up.
  bool give_up();
  bool held() const { return held_; }
  /// \return how many sales the file system has room for now.
  std::int64_t sales_left() const;
  bool medium_is_read_only() const;

 private:
  std::int64_t free_bytes() const;

  std::filesystem::path file_;
  std::int64_t bytes_;
  bool held_ = false;
};

}  // namespace journal
}  // namespace tillsight
