/// \file
/// A second medium that holds every event which the hub may lack, written before the clerk sees
/// "done": what is left of a till whose disk has died.
///
///     MIRROR/S01-T03-INCARNATION/0000000000000042.log    events 42, 43, … until the next file
///
/// A file is a row of records, each `TSm1`, length, the event's fields, SHA-256 of the fields; it
/// is only ever appended to. What a power cut has torn off is found by the hash and cut. A file
/// goes when the hub has all its events. Persons lie here as in the journal: encrypted.
///
/// **Threads** thread-bound. **Errors** kUnavailable, kResourceExhausted: the medium failed or is
/// full; nothing may be taken for written.
/// **Example** tests/journal/mirror_test.cpp
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/event.hpp"

namespace tillsight {

/// An event as it lies on a medium: its person, if any, encrypted.
using StoredEvent = Event;

namespace journal {

class Mirror {
 public:
  /// \param identity gives store, till and incarnation.
  static Result<Mirror> open(const std::filesystem::path& folder, const EventIdentity& identity);

  Mirror(Mirror&& other) noexcept;
  Mirror& operator=(Mirror&& other) noexcept;
  ~Mirror();

  /// Durable when it returns success.
  Status append(std::span<const StoredEvent> events);
  /// The hub has everything before `first_needed`.
  void let_go(Sequence first_needed);

  /// \return the highest number in it; 0: none.
  Sequence last() const { return last_; }

 private:
  explicit Mirror(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Status go_on_with(const std::filesystem::path& file);
  Status begin_file(Sequence first);
  void close();

  std::filesystem::path folder_;
  int fd_ = -1;
  std::int64_t bytes_ = 0;  // of the file that is open
  Sequence last_;
};

/// Every event of `till`'s that a mirror holds, but those of the incarnation `present`; in batches
/// of one incarnation. \param till gives store and till.
Status read_mirror(const std::filesystem::path& mirror, const EventIdentity& till,
                   const Incarnation& present,
                   const std::function<Status(const std::vector<StoredEvent>&)>& take);

/// The hub has all of `incarnation`.
void forget_mirrored(const std::filesystem::path& mirror, const EventIdentity& incarnation);

}  // namespace journal
}  // namespace tillsight
