// How fast events go from one writer to several readers: EventRing beside the same ring behind a
// mutex, a deque behind a mutex (one per reader, emptied in one go) and moodycamel's queue (one per
// reader, emptied in batches). Readers touch every byte. Rounds are interleaved, so that a noisy
// neighbour hits all alike, and the best round of each counts: the one that was disturbed least.
#include <concurrentqueue/blockingconcurrentqueue.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "bench/figure.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/queue/event_ring.hpp"

namespace tillsight::bench {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kEventBytes = 256;
constexpr std::size_t kRingBytes = 4 * 1024 * 1024;
constexpr std::int64_t kWindow = 8'192;  // how far the writer may be ahead, for all contenders
constexpr std::size_t kBatch = 256;

struct Event {
  std::int64_t sequence;
  std::array<char, kEventBytes> bytes;
};

class Ring {
 public:
  static constexpr const char* kName = "ring";
  explicit Ring(std::size_t readers) : ring_(kRingBytes, 1), bells_(readers) {
    for (Doorbell& bell : bells_) ring_.ring_after_publish(bell);
    for (std::size_t i = 0; i < readers; ++i) readers_.emplace_back(EventRing::Reader(ring_, 1));
  }
  void put(const Event& event) {
    ring_.publish(event.sequence, {event.bytes.data(), event.bytes.size()});
  }
  template <typename Each>
  std::size_t drain(std::size_t reader, Each each) {
    Place& place = readers_[reader];
    std::size_t count = 0;
    while (count < kBatch && place.reader.next(place.record) == EventRing::Read::kRecord) {
      each(place.record.bytes);
      ++count;
    }
    return count;
  }
  void sleep(std::size_t reader) {
    bells_[reader].wait({}, 1min, [&] { return readers_[reader].reader.lag() > 0; });
  }

 private:
  struct alignas(64) Place {
    explicit Place(EventRing::Reader at) : reader(at) {}
    EventRing::Reader reader;
    EventRing::Record record;
  };
  EventRing ring_;
  std::deque<Doorbell> bells_;
  std::deque<Place> readers_;
};

class MutexRing {
 public:
  static constexpr const char* kName = "mutex_ring";
  explicit MutexRing(std::size_t readers) : ring_(kRingBytes, 1) {
    for (std::size_t i = 0; i < readers; ++i) readers_.emplace_back(EventRing::Reader(ring_, 1));
  }
  void put(const Event& event) {
    {
      const std::lock_guard lock(mutex_);
      ring_.publish(event.sequence, {event.bytes.data(), event.bytes.size()});
    }
    news_.notify_all();
  }
  template <typename Each>
  std::size_t drain(std::size_t reader, Each each) {
    const std::lock_guard lock(mutex_);
    EventRing::Record& record = records_[reader];
    std::size_t count = 0;
    while (count < kBatch && readers_[reader].next(record) == EventRing::Read::kRecord) {
      each(record.bytes);
      ++count;
    }
    return count;
  }
  void sleep(std::size_t reader) {
    std::unique_lock lock(mutex_);
    news_.wait(lock, [&] { return readers_[reader].lag() > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable news_;
  EventRing ring_;
  std::deque<EventRing::Reader> readers_;
  std::array<EventRing::Record, 8> records_;
};

class MutexDeque {
 public:
  static constexpr const char* kName = "mutex_deque";
  explicit MutexDeque(std::size_t readers) : lanes_(readers) {}
  void put(const Event& event) {
    for (Lane& lane : lanes_) {
      {
        const std::lock_guard lock(lane.mutex);
        lane.events.push_back(event);
      }
      lane.news.notify_one();
    }
  }
  template <typename Each>
  std::size_t drain(std::size_t reader, Each each) {
    Lane& lane = lanes_[reader];
    lane.taken.clear();
    {
      const std::lock_guard lock(lane.mutex);
      lane.taken.swap(lane.events);
    }
    for (const Event& event : lane.taken) each({event.bytes.data(), event.bytes.size()});
    return lane.taken.size();
  }
  void sleep(std::size_t reader) {
    Lane& lane = lanes_[reader];
    std::unique_lock lock(lane.mutex);
    lane.news.wait(lock, [&] { return !lane.events.empty(); });
  }

 private:
  struct alignas(64) Lane {
    std::mutex mutex;
    std::condition_variable news;
    std::deque<Event> events;
    std::deque<Event> taken;
  };
  std::deque<Lane> lanes_;
};

class Moodycamel {
 public:
  static constexpr const char* kName = "moodycamel";
  explicit Moodycamel(std::size_t readers) {
    for (std::size_t i = 0; i < readers; ++i) lanes_.emplace_back();
  }
  void put(const Event& event) {
    for (Lane& lane : lanes_) lane.queue.enqueue(lane.producer, event);
  }
  template <typename Each>
  std::size_t drain(std::size_t reader, Each each) {
    Lane& lane = lanes_[reader];
    const std::size_t count =
        lane.kept + lane.queue.try_dequeue_bulk(lane.consumer, lane.taken.data() + lane.kept,
                                                kBatch - lane.kept);
    lane.kept = 0;
    for (std::size_t i = 0; i < count; ++i) each({lane.taken[i].bytes.data(), kEventBytes});
    return count;
  }
  void sleep(std::size_t reader) {
    Lane& lane = lanes_[reader];
    lane.queue.wait_dequeue(lane.consumer, lane.taken[0]);
    lane.kept = 1;
  }

 private:
  struct alignas(64) Lane {
    moodycamel::BlockingConcurrentQueue<Event> queue{static_cast<std::size_t>(kWindow) * 2};
    moodycamel::ProducerToken producer{queue};
    moodycamel::ConsumerToken consumer{queue};
    std::vector<Event> taken = std::vector<Event>(kBatch);
    std::size_t kept = 0;
  };
  std::deque<Lane> lanes_;
};

struct alignas(64) Seen {
  std::atomic<std::int64_t> count{0};
};

std::int64_t slowest(const std::vector<Seen>& seen) {
  std::int64_t least = seen.front().count.load(std::memory_order_relaxed);
  for (const Seen& one : seen) least = std::min(least, one.count.load(std::memory_order_relaxed));
  return least;
}

/// Every reader gets every event; the writer waits for the slowest rather than lose any.
template <typename Contender>
double events_per_s(std::size_t readers) {
  constexpr std::int64_t kEvents = 200'000;
  Contender contender(readers);
  std::vector<Seen> seen(readers);
  std::atomic<std::uint64_t> checksum{0};
  const auto start = SteadyClock::now();
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < readers; ++i) {
    threads.emplace_back([&, i] {
      std::uint64_t sum = 0;
      const auto add_words = [&sum](std::string_view bytes) {
        for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
          std::uint64_t word;
          std::memcpy(&word, bytes.data() + at, 8);
          sum += word;
        }
      };
      for (std::int64_t count = 0; count < kEvents;) {
        const std::size_t more = contender.drain(i, add_words);
        if (more == 0) std::this_thread::yield();
        count += static_cast<std::int64_t>(more);
        seen[i].count.store(count, std::memory_order_relaxed);
      }
      checksum += sum;
    });
  }
  Event event{};
  for (std::int64_t sequence = 1; sequence <= kEvents; ++sequence) {
    while (sequence % 64 == 0 && sequence - slowest(seen) > kWindow) std::this_thread::yield();
    event.sequence = sequence;
    std::memcpy(event.bytes.data(), &sequence, sizeof sequence);
    contender.put(event);
  }
  threads.clear();
  const std::chrono::duration<double> took = SteadyClock::now() - start;
  const auto expected = static_cast<std::uint64_t>(kEvents) * (kEvents + 1) / 2 * readers;
  TILLSIGHT_CHECK(checksum == expected, "a contender lost or damaged an event");
  return static_cast<double>(kEvents) / took.count();
}

struct Samples {
  std::vector<double> us;
  double p99() {
    const auto at = us.begin() + static_cast<std::ptrdiff_t>(us.size() * 99 / 100);
    std::nth_element(us.begin(), at, us.end());
    return *at;
  }
};

double now_us() {
  return std::chrono::duration<double, std::micro>(SteadyClock::now().time_since_epoch()).count();
}

/// From just before put() until the reader has the bytes, one event at a time.
/// \param asleep the reader sleeps between events, as in the till; else it looks all the time.
template <typename Contender>
double handover_p99_us(bool asleep) {
  constexpr int kEvents = 2'000;
  constexpr double kPaceUs = 60;
  Contender contender(1);
  Samples samples;
  samples.us.reserve(kEvents);
  std::jthread reader([&] {
    const auto note = [&samples](std::string_view bytes) {
      double sent;
      std::memcpy(&sent, bytes.data(), sizeof sent);
      samples.us.push_back(now_us() - sent);
    };
    while (samples.us.size() < kEvents) {
      if (contender.drain(0, note) == 0 && asleep) contender.sleep(0);
    }
  });
  Event event{};
  double next = now_us() + 1000;
  for (event.sequence = 1; event.sequence <= kEvents; ++event.sequence) {
    while (now_us() < next) std::this_thread::yield();
    next += kPaceUs;
    const double sent = now_us();
    std::memcpy(event.bytes.data(), &sent, sizeof sent);
    contender.put(event);
  }
  reader.join();
  return samples.p99();
}

using Contenders = std::vector<std::pair<std::string, std::function<double()>>>;
using Results = std::map<std::string, double>;

/// Runs the contenders in turn, round by round. \return the best round of each.
Results race(Goal goal, const Contenders& contenders) {
  constexpr int kRounds = 15;
  Results best;
  for (int round = 0; round < kRounds; ++round) {
    for (const auto& [name, run] : contenders) {
      const double result = run();
      const auto [at, first] = best.emplace(name, result);
      if (!first) {
        at->second =
            goal == Goal::kAtLeast ? std::max(at->second, result) : std::min(at->second, result);
      }
    }
  }
  return best;
}

void print_against_rivals(const std::string& name, const std::string& unit, Goal goal,
                          const Results& results) {
  for (const auto& [rival, value] : results) {
    if (rival == Ring::kName) continue;
    print({.name = name,
           .value = results.at(Ring::kName),
           .unit = unit,
           .goal = goal,
           .bound = value,
           .rival = format("{}:{:.4g}", rival, value)});
  }
}

template <typename... Each>
void run() {
  for (const std::size_t readers : {1U, 3U}) {
    print_against_rivals(
        format("ring.events_per_s_{}_reader{}", readers, readers == 1 ? "" : "s"), "1/s",
        Goal::kAtLeast,
        race(Goal::kAtLeast, {{Each::kName, [=] { return events_per_s<Each>(readers); }}...}));
  }
  for (const bool asleep : {false, true}) {
    print_against_rivals(
        asleep ? "ring.wake_up_p99_us" : "ring.hand_over_p99_us", "us", Goal::kAtMost,
        race(Goal::kAtMost, {{Each::kName, [=] { return handover_p99_us<Each>(asleep); }}...}));
  }
}

}  // namespace
}  // namespace tillsight::bench

int main() {
  using namespace tillsight::bench;
  run<Ring, MutexRing, MutexDeque, Moodycamel>();
}
