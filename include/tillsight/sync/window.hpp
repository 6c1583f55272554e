/// \file
/// The events that are on their way: sent, and not yet acknowledged by the hub.
///
/// **Threads** thread-compatible.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/domain/sequence_ranges.hpp"
#include "tillsight/sync/outbox.hpp"

namespace tillsight::sync {

/// How long to wait for an acknowledgement: doubles with every wait in vain, and is jittered by a
/// quarter so that many tills do not repeat themselves in step. Twice as long as they usually take
/// is not in vain yet: on a narrow line, repeating what is still on its way would fill the line
/// with it.
class ResendWait {
 public:
  static constexpr std::chrono::milliseconds kMin{2'000};
  static constexpr std::chrono::milliseconds kMax{300'000};
  /// The longest that a line may make it wait before the first repetition.
  static constexpr std::chrono::milliseconds kSlowLineMax{30'000};

  explicit ResendWait(Random& random) : random_(random) { reset(); }
  std::chrono::milliseconds now() const { return jittered_; }
  void back_off();
  /// An acknowledgement has come, this long after its event first left.
  void acknowledged_after(std::chrono::milliseconds round_trip);
  void reset();

 private:
  void set(std::chrono::milliseconds wait);

  Random& random_;
  std::chrono::milliseconds wait_;
  std::chrono::milliseconds jittered_;
  std::chrono::milliseconds usual_{0};  ///< smoothed round trip; 0: none yet
};

class Window {
 public:
  explicit Window(Random& random) : wait_(random) {}

  bool contains(Sequence sequence) const { return flights_.contains(sequence.value()); }
  int size() const { return static_cast<int>(flights_.size()); }
  /// \return the event with the lowest sequence; null: none. Valid until the next change.
  const OutboxEvent* oldest() const;

  /// \pre !contains(event.sequence)
  /// \return the event in its new place, valid until it is acknowledged.
  const OutboxEvent* add(OutboxEvent event);
  /// One publication with these events is leaving now; their next one will be a replay.
  void sent(const std::vector<const OutboxEvent*>& events, MonotonicTime now);
  /// Takes out what `ranges` contain. \return how many that were.
  int acknowledge(const SequenceRanges& ranges, MonotonicTime now);

  /// What is to be sent again: it has waited long enough, and meanwhile either nothing has been
  /// acknowledged at all, or something that left later.
  std::vector<const OutboxEvent*> due(MonotonicTime now) const;
  /// \return when due() may next answer with something; MonotonicTime::max(): nothing in flight.
  MonotonicTime next_due() const;
  /// Forgets what is on its way; the outbox has it.
  void clear();

  ResendWait& wait() { return wait_; }
  const ResendWait& wait() const { return wait_; }

 private:
  struct Flight {
    OutboxEvent event;
    MonotonicTime first_sent_at;
    MonotonicTime sent_at;
    std::int64_t publication = 0;
  };
  MonotonicTime due_at(const Flight& flight) const;

  std::map<std::int64_t, Flight> flights_;
  ResendWait wait_;
  std::int64_t publications_ = 0;
  std::int64_t newest_acknowledged_ = 0;  ///< publication
  MonotonicTime progress_at_;
};

}  // namespace tillsight::sync
