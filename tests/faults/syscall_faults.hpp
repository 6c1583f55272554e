/// \file
/// System calls that kill the process or fail. A program that links syscall_faults.cpp has its own
/// open, write, fsync and so on in front of libc's, for SQLite and libstdc++ too; unarmed they do
/// what they always do.
///
/// **Threads** Arm it in a process with one thread, as a forked child is.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace tillsight::faults {

enum Call : unsigned {
  kRead = 1U << 0U,
  kOpen = 1U << 1U,  ///< also mkdir
  kWrite = 1U << 2U,
  kSync = 1U << 3U,
  kTruncate = 1U << 4U,
  kDelete = 1U << 5U,
  kRename = 1U << 6U,
  kMode = 1U << 7U,  ///< who may read
  kLock = 1U << 8U,
  kMap = 1U << 9U,
};
/// After any of these a disk is different.
constexpr unsigned kChanges = kOpen | kWrite | kSync | kTruncate | kDelete | kRename | kMode;

/// What happened, in memory that a parent shares with the child that it watches.
struct CallLog {
  static constexpr std::size_t kSites = 1U << 14U;

  std::atomic<std::int64_t> calls = 0;  ///< of the kinds that count, since arm()
  std::atomic<std::int64_t> hits = 0;   ///< of them killed or failed
  /// From where call n was made: a hash of the callers. Only those that were hit, or all of them if
  /// nothing is to be hit.
  std::array<std::atomic<std::uint64_t>, kSites> sites = {};
  std::array<std::atomic<unsigned>, kSites> kinds = {};  ///< what call n was
};

struct CallFault {
  std::int64_t at = 0;  ///< the Nth call from now; 0: none, they are only logged
  unsigned calls = kChanges;
  int error = 0;          ///< errno; 0: SIGKILL
  bool half = false;      ///< a write does the first half of its work before; with kShort only that
  bool for_ever = false;  ///< all calls of these kinds from the Nth on
};

/// As `error`: the call succeeds, but a write takes only half of the bytes.
constexpr int kShort = -1;

/// \param log must outlive the arming.
void arm(const CallFault& fault, CallLog& log);
void disarm();

}  // namespace tillsight::faults
