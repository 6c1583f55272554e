/// \file
/// What tills sent and the hub could not take: kept raw, shown, offered to a newer program again,
/// and dropped only by a person who says why.
///
/// Nothing in quarantine ever keeps a till waiting: it is told that the event is held. Of one till
/// a bounded number of bytes is kept, so that a hostile one cannot fill the disk; what comes above
/// that is counted, is told to be held like the rest, and stands in the till's own journal, which
/// keeps what is held.
///
/// **Threads** the functions are thread-safe and read over connections of their own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/ids.hpp"

namespace tillsight::hub {

inline constexpr std::int64_t kQuarantineRowsPerSender = 1'000;
inline constexpr std::int64_t kQuarantineBytesPerSender = 16 * 1024 * 1024;
inline constexpr std::int64_t kQuarantineBytes = 256 * 1024 * 1024;

/// Bytes that were refused, each once however often they came.
struct Quarantined {
  std::int64_t id = 0;
  std::string received_at;  ///< first, ISO 8601
  std::string topic;
  std::optional<EventIdentity> held;  ///< what its till was told is held
  std::string reason;
  std::int64_t times = 0;  ///< how often it came
  std::string raw;
};

/// What came from one till after its share of the space was full.
struct NotKept {
  std::string sender;  ///< "S01/T03"; "?" for topics that are no till's
  std::int64_t times = 0;
  std::string last_at;
};

struct QuarantineList {
  std::vector<Quarantined> rows;  ///< without `raw`
  std::vector<NotKept> not_kept;
};

/// \return kNotFound if the folder holds no hub's database.
Result<QuarantineList> list_quarantine(const std::filesystem::path& hub_folder);

/// What a person has decided, for the record that stays.
struct Decision {
  std::string who;
  std::string reason;  ///< empty for a replay
};

}  // namespace tillsight::hub
