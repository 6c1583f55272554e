// Goal: a reader sees every record in order and exactly once, or is told that it fell behind.
// Method: random schedules of one thread against a model that remembers everything; then the same
// law with real threads, where plain memory beside the ring lets a thread sanitizer see a wrong
// memory order that x86 would hide.
#include "tillsight/queue/event_ring.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <thread>
#include <vector>

#include "tillsight/core/random.hpp"

namespace tillsight {
namespace {

using Read = EventRing::Read;

std::size_t content_bytes(std::int64_t sequence) {
  return static_cast<std::size_t>(sequence * 7919 % 200);
}

/// A record whose every byte follows from its sequence: a torn copy shows.
std::string content(std::int64_t sequence) {
  std::string bytes(content_bytes(sequence), '\0');
  std::int64_t value = sequence;
  for (char& byte : bytes) byte = static_cast<char>(value = (value * 31 + 7) % 251);
  return bytes;
}

TEST(EventRing, HandsRecordsOverInOrder) {
  EventRing ring(4096, 1);
  EventRing::Reader reader(ring, 1);
  EventRing::Record record;
  EXPECT_EQ(reader.next(record), Read::kEmpty);
  ring.publish(1, "first");
  ring.publish(2, "");
  ring.publish(3, "exactly8");
  EXPECT_EQ(reader.lag(), 3);
  for (const char* expected : {"first", "", "exactly8"}) {
    ASSERT_EQ(reader.next(record), Read::kRecord);
    EXPECT_EQ(record.bytes, expected);
  }
  EXPECT_EQ(record.sequence, 3);
  EXPECT_EQ(reader.lag(), 0);
  EXPECT_EQ(reader.next(record), Read::kEmpty);
}

TEST(EventRing, ReadersHaveTheirOwnCursors) {
  EventRing ring(4096, 1);
  EventRing::Reader early(ring, 1);
  ring.publish(1, "one");
  ring.publish(2, "two");
  EventRing::Reader late(ring, 2);
  EventRing::Record record;
  ASSERT_EQ(late.next(record), Read::kRecord);
  EXPECT_EQ(record.bytes, "two");
  ASSERT_EQ(early.next(record), Read::kRecord);
  EXPECT_EQ(record.bytes, "one");
}

TEST(EventRing, LaggingReaderIsToldAndRejoinsAtItsSequence) {
  EventRing ring(1024, 1);
  EventRing::Reader reader(ring, 1);
  EventRing::Record record;
  for (std::int64_t sequence = 1; sequence <= 100; ++sequence) {
    ring.publish(sequence, std::string(100, 'x'));
  }
  EXPECT_EQ(reader.next(record), Read::kLagged);
  EXPECT_EQ(reader.next(record), Read::kLagged) << "until it seeks";
  EXPECT_EQ(reader.wanted(), 1);
  const std::int64_t oldest = ring.oldest();
  EXPECT_GT(oldest, 90);
  reader.seek(oldest + 1);
  ASSERT_EQ(reader.next(record), Read::kRecord);
  EXPECT_EQ(record.sequence, oldest + 1);
  reader.seek(oldest - 1);
  EXPECT_EQ(reader.next(record), Read::kLagged);
}

TEST(EventRing, ReaderAheadOfTheRingWaitsForItsSequence) {
  EventRing ring(4096, 41);
  EventRing::Reader reader(ring, 43);  // it has read 41 and 42 in the journal already
  EventRing::Record record;
  ring.publish(41, "41");
  ring.publish(42, "42");
  EXPECT_EQ(reader.lag(), 0);
  EXPECT_EQ(reader.next(record), Read::kEmpty);
  ring.publish(43, "43");
  ASSERT_EQ(reader.next(record), Read::kRecord);
  EXPECT_EQ(record.bytes, "43");
}

TEST(EventRing, RestartedRingSendsReadersOfOldEventsToTheJournal) {
  const EventRing ring(4096, 41);
  EXPECT_EQ(ring.newest(), 40);
  EXPECT_EQ(ring.oldest(), 41);
  EventRing::Reader reader(ring, 40);
  EventRing::Record record;
  EXPECT_EQ(reader.next(record), Read::kLagged);
  reader.seek(41);
  EXPECT_EQ(reader.next(record), Read::kEmpty);
}

TEST(EventRing, TakesTheLargestRecordAgainAndAgain) {
  EventRing ring(1024, 1);
  EventRing::Reader reader(ring, 1);
  EventRing::Record record;
  const std::string largest(ring.record_bytes_max(), 'L');
  for (std::int64_t sequence = 1; sequence <= 50; ++sequence) {
    ring.publish(sequence, largest);
    ASSERT_EQ(reader.next(record), Read::kRecord);
    ASSERT_EQ(record.bytes, largest);
  }
}

TEST(EventRingDeathTest, GapOrOversizeEndsTheProcess) {
  EventRing ring(1024, 1);
  EXPECT_DEATH(ring.publish(2, "gap"), "without a gap");
  EXPECT_DEATH(ring.publish(1, std::string(257, 'x')), "too large");
}

// The model: everything below `published` exists; a reader of `wanted` must get exactly that, or be
// told that it lagged, and then only if the ring could not have kept it.
TEST(EventRing, FollowsTheModelOnRandomSchedules) {
  constexpr std::size_t kCapacity = 2048;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SeededRandom random(seed);
    std::int64_t published = static_cast<std::int64_t>(random.next_u64() % 1000);
    EventRing ring(kCapacity, published + 1);
    std::vector<EventRing::Reader> readers(3, EventRing::Reader(ring, published + 1));
    EventRing::Record record;
    for (int step = 0; step < 400; ++step) {
      if (random.next_u64() % 2 == 0) {
        ++published;
        ring.publish(published, content(published));
        continue;
      }
      EventRing::Reader& reader = readers[random.next_u64() % readers.size()];
      const std::int64_t wanted = reader.wanted();
      ASSERT_EQ(reader.lag(), std::max<std::int64_t>(0, published + 1 - wanted));
      switch (reader.next(record)) {
        case Read::kRecord:
          ASSERT_EQ(record.sequence, wanted);
          ASSERT_EQ(record.bytes, content(wanted));
          break;
        case Read::kEmpty: ASSERT_GT(wanted, published); break;
        case Read::kLagged: {
          ASSERT_LT(wanted, ring.oldest());
          std::size_t bytes_since = 0;
          for (std::int64_t s = wanted; s <= published; ++s) bytes_since += 24 + content_bytes(s);
          ASSERT_GT(bytes_since, kCapacity * 7 / 8 - 256) << "lost although there was room";
          reader.seek(ring.oldest() + static_cast<std::int64_t>(random.next_u64() % 3));
          break;
        }
      }
    }
  }
}

/// Reads on its own thread until `last` and counts. Falling behind is answered at once by
/// rejoining at the oldest record, as if the journal had been read up to there.
class Follower {
 public:
  Follower(const EventRing& ring, std::int64_t last, const std::vector<std::int64_t>& beside,
           Doorbell* bell)
      : thread_([this, &ring, last, &beside, bell] { follow(ring, last, beside, bell); }) {}

  void join() { thread_.join(); }
  std::int64_t read() const { return read_; }
  std::int64_t skipped() const { return skipped_; }
  std::int64_t wrong() const { return wrong_; }

 private:
  void follow(const EventRing& ring, std::int64_t last, const std::vector<std::int64_t>& beside,
              Doorbell* bell) {
    EventRing::Reader reader(ring, 1);
    EventRing::Record record;
    while (reader.wanted() <= last) {
      const std::int64_t wanted = reader.wanted();
      switch (reader.next(record)) {
        case Read::kRecord: {
          ++read_;
          const bool right = record.sequence == wanted && record.bytes == content(wanted) &&
                             beside[static_cast<std::size_t>(wanted)] == -wanted;
          wrong_ += right ? 0 : 1;
          break;
        }
        case Read::kLagged:
          reader.seek(std::max(wanted + 1, ring.oldest()));
          skipped_ += reader.wanted() - wanted;
          break;
        case Read::kEmpty:
          if (bell == nullptr) {
            std::this_thread::yield();
          } else {
            bell->wait({}, std::chrono::minutes(1), [&] { return reader.lag() > 0; });
          }
          break;
      }
    }
  }

  std::int64_t read_ = 0;
  std::int64_t skipped_ = 0;
  std::int64_t wrong_ = 0;
  std::thread thread_;
};

TEST(EventRing, ThreadsSeeEveryRecordOnceInOrderOrAreTold) {
  constexpr std::int64_t kLast = 20'000;
  EventRing ring(4096, 1);
  Doorbell bell;
  ring.ring_after_publish(bell);
  // Plain memory, written before a record is published and read after it was received.
  std::vector<std::int64_t> beside(kLast + 1);
  std::array<Follower, 3> followers{Follower(ring, kLast, beside, nullptr),
                                    Follower(ring, kLast, beside, nullptr),
                                    Follower(ring, kLast, beside, &bell)};
  for (std::int64_t sequence = 1; sequence <= kLast; ++sequence) {
    beside[static_cast<std::size_t>(sequence)] = -sequence;
    ring.publish(sequence, content(sequence));
    if (sequence % 64 == 0) std::this_thread::yield();
  }
  for (Follower& follower : followers) {
    follower.join();
    EXPECT_EQ(follower.wrong(), 0);
    EXPECT_EQ(follower.read() + follower.skipped(), kLast);
    EXPECT_GT(follower.read(), 0);
  }
}

TEST(EventRing, CopyThatTheWriterOvertakesIsThrownAway) {
  // Large records in a ring that holds few, read at its very end: copies are overtaken all the
  // time.
  constexpr std::int64_t kLast = 1'500;
  EventRing ring(64 * 1024, 1);
  std::thread writing([&ring] {
    for (std::int64_t sequence = 1; sequence <= kLast; ++sequence) {
      ring.publish(sequence, std::string(16'000, static_cast<char>(sequence)));
    }
  });
  EventRing::Reader reader(ring, 1);
  EventRing::Record record;
  int torn = 0;
  while (ring.newest() < kLast) {
    reader.seek(ring.oldest());
    if (reader.next(record) != Read::kRecord) continue;
    const std::string whole(16'000, static_cast<char>(record.sequence));
    torn += record.bytes == whole ? 0 : 1;
  }
  writing.join();
  EXPECT_EQ(torn, 0);
}

TEST(EventRing, ReaderThatKeepsUpIsNeverToldThatItLagged) {
  constexpr std::int64_t kLast = 5'000;
  EventRing ring(4096, 1);
  std::vector<std::int64_t> beside(kLast + 1);
  std::atomic<std::int64_t> seen{0};
  std::thread reading([&] {
    EventRing::Reader reader(ring, 1);
    EventRing::Record record;
    while (reader.wanted() <= kLast) {
      const Read read = reader.next(record);
      ASSERT_NE(read, Read::kLagged);
      if (read == Read::kEmpty) std::this_thread::yield();
      // Relaxed: the ring alone must order `beside`.
      seen.store(reader.wanted() - 1, std::memory_order_relaxed);
      if (read == Read::kRecord) {
        ASSERT_EQ(beside[static_cast<std::size_t>(record.sequence)], -record.sequence);
      }
    }
  });
  for (std::int64_t sequence = 1; sequence <= kLast; ++sequence) {
    while (sequence - seen.load(std::memory_order_relaxed) > 8) std::this_thread::yield();
    beside[static_cast<std::size_t>(sequence)] = -sequence;
    ring.publish(sequence, content(sequence));
  }
  reading.join();
}

}  // namespace
}  // namespace tillsight
