/// \file
/// The till's stand-in for Kafka: one writer, any number of readers with their own cursors, a fixed
/// number of bytes. The journal is the truth and this is the fast path: the writer never waits, and
/// a reader that falls behind is told so, reads the journal, and rejoins at its sequence.
///
/// **Ownership** Takes all its memory when it is made. Must outlive its readers.
///
/// **Threads** publish() belongs to one thread. Each Reader is thread-bound to one thread of its
/// own. newest() and oldest() are thread-safe.
///
/// **Why it is right** Three kinds of atomics, and one rule: every store is a release, every load
/// an acquire. A publish moves `head_` past the records that it is about to overwrite, then writes
/// the words, then moves `tail_`.
///   - A reader looks at a record only below the `tail_` it has loaded. That load synchronises with
///     the publish that made the record, so no word it reads is older than the record.
///   - If a word it reads is newer, the load of that word synchronises with the overwriting
///   publish,
///     whose store to `head_` came first. So the reader's next look at `head_` finds the record
///     gone, and what was copied is thrown away.
/// There are no fences, because thread sanitizers cannot follow them. The words are atomics, so a
/// copy that races with the writer is no undefined behaviour, merely useless.
///
/// **Source** the shape is Aeron's broadcast buffer; the argument is H.-J. Boehm, "Can seqlocks get
/// along with programming language memory models?" (2012). docs/adr/0010-event-ring.md has the
/// figures that chose it over a mutex.
///
/// **Example**
/// \code
///   EventRing::Reader reader(ring, sent + 1);
///   EventRing::Record record;
///   switch (reader.next(record)) {
///     case EventRing::Read::kRecord: send(record.bytes); break;
///     case EventRing::Read::kEmpty:  bell.wait(...); break;
///     case EventRing::Read::kLagged: reader.seek(catch_up_from_journal(reader.wanted())); break;
///   }
/// \endcode
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/queue/doorbell.hpp"

namespace tillsight {

class EventRing {
 public:
  class Reader;
  struct Record {
    std::int64_t sequence = 0;
    std::string bytes;  ///< reused from call to call, so that reading stops allocating
  };
  enum class Read {
    kRecord,  ///< the next record, in order
    kEmpty,   ///< nothing newer yet
    kLagged,  ///< the wanted record is no longer here; seek() after catching up elsewhere
  };

  /// \param capacity_bytes rounded up to a power of two. Old records go an eighth of it at a time.
  /// \param first_sequence of the first record to be published: the journal's last plus one.
  EventRing(std::size_t capacity_bytes, std::int64_t first_sequence);

  /// Rung after each publish, if armed. \pre nothing has been published yet. Must outlive the ring.
  void ring_after_publish(Doorbell& bell);

  /// Never waits. \pre `sequence` is the newest plus one; bytes.size() ≤ record_bytes_max().
  void publish(std::int64_t sequence, std::string_view bytes);

  /// \return the last published sequence; first_sequence − 1 before the first.
  std::int64_t newest() const { return newest_.load(std::memory_order_acquire); }
  /// \return the first sequence still here; before the first publish the one that will come.
  std::int64_t oldest() const;
  std::size_t record_bytes_max() const { return capacity_words_ / 4 * kWordBytes; }

 private:
  using Word = std::atomic<std::uint64_t>;
  static constexpr std::size_t kWordBytes = sizeof(std::uint64_t);
  static constexpr std::size_t kHeaderWords = 2;  // sequence, size in bytes
  static constexpr std::size_t kCacheLineBytes = 64;

  static std::size_t words_for(std::size_t bytes) {
    return kHeaderWords + (bytes + kWordBytes - 1) / kWordBytes;
  }
  Word& word(std::uint64_t position) const { return words_[position & (capacity_words_ - 1)]; }
  std::size_t words_before_wrap(std::uint64_t position) const {
    return capacity_words_ - (position & (capacity_words_ - 1));
  }
  void make_room(std::size_t words);

  // Constant after construction. Positions count words since the start and never wrap.
  const std::size_t capacity_words_;
  const std::int64_t first_sequence_;
  const std::unique_ptr<Word[]> words_;
  std::vector<Doorbell*> bells_;

  // Written by the writer, read by all. Apart, because `head_` seldom moves and `tail_` always
  // does.
  alignas(kCacheLineBytes) std::atomic<std::uint64_t> head_{0};  // position of the oldest record
  alignas(kCacheLineBytes) std::atomic<std::uint64_t> tail_{0};  // position after the newest
  std::atomic<std::int64_t> newest_;
};

/// One reader's place in the ring.
class EventRing::Reader {
 public:
  /// Starts at `wanted`, which may be older than the ring (kLagged will say so) or not yet
  /// published: whoever has read the journal may be ahead of the ring for a moment.
  Reader(const EventRing& ring, std::int64_t wanted) : ring_(ring) { seek(wanted); }

  /// \return kRecord and the record `wanted()` in `out`; `out` is undefined otherwise.
  Read next(Record& out);
  void seek(std::int64_t wanted);

  std::int64_t wanted() const { return wanted_; }
  /// Records published and not yet read.
  std::int64_t lag() const;

 private:
  bool overtaken() const { return ring_.head_.load(std::memory_order_acquire) > cursor_; }
  void copy_out(std::size_t bytes, std::string& out) const;

  const EventRing& ring_;
  std::int64_t wanted_ = 0;
  std::uint64_t cursor_ = 0;
  std::uint64_t known_tail_ = 0;  // so that a busy reader leaves the writer's cache line alone
};

}  // namespace tillsight
