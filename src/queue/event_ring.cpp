#include "tillsight/queue/event_ring.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "tillsight/core/check.hpp"

namespace tillsight {
namespace {

// The one rule of the header's argument.
constexpr auto kStore = std::memory_order_release;
constexpr auto kLoad = std::memory_order_acquire;

constexpr std::size_t kCapacityBytesMin = 1024;

void store_words(std::atomic<std::uint64_t>* to, const char* from, std::size_t words) {
  for (std::size_t i = 0; i < words; ++i) {
    std::uint64_t value;
    std::memcpy(&value, from + i * sizeof value, sizeof value);
    to[i].store(value, kStore);
  }
}

void load_words(char* to, const std::atomic<std::uint64_t>* from, std::size_t words) {
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t value = from[i].load(kLoad);
    std::memcpy(to + i * sizeof value, &value, sizeof value);
  }
}

}  // namespace

EventRing::EventRing(std::size_t capacity_bytes, std::int64_t first_sequence)
    : capacity_words_(std::bit_ceil(std::max(capacity_bytes, kCapacityBytesMin)) / kWordBytes),
      first_sequence_(first_sequence),
      words_(std::make_unique<Word[]>(capacity_words_)),
      newest_(first_sequence - 1) {}

void EventRing::ring_after_publish(Doorbell& bell) {
  TILLSIGHT_CHECK(newest() == first_sequence_ - 1, "bells are hung before the first record");
  bells_.push_back(&bell);
}

void EventRing::make_room(std::size_t words) {
  const std::uint64_t tail = tail_.load(kLoad);
  std::uint64_t head = head_.load(kLoad);
  if (tail + words - head <= capacity_words_) return;
  // An eighth at once: readers check `head_` for every record, and as long as it stays the same
  // they find it in their own cache.
  const std::uint64_t keep_from = tail + words + capacity_words_ / 8 - capacity_words_;
  while (head < keep_from && head < tail) {
    head += words_for(word(head + 1).load(kLoad));
  }
  head_.store(head, kStore);
}

void EventRing::publish(std::int64_t sequence, std::string_view bytes) {
  TILLSIGHT_CHECK(sequence == newest() + 1, "events are published in sequence, without a gap");
  TILLSIGHT_CHECK(bytes.size() <= record_bytes_max(), "the event is too large for the ring");
  const std::size_t words = words_for(bytes.size());
  make_room(words);
  std::uint64_t at = tail_.load(kLoad);
  const std::uint64_t end = at + words;
  word(at++).store(static_cast<std::uint64_t>(sequence), kStore);
  word(at++).store(bytes.size(), kStore);
  const std::size_t whole = bytes.size() / kWordBytes;
  const std::size_t before_wrap = std::min(whole, words_before_wrap(at));
  store_words(&word(at), bytes.data(), before_wrap);
  store_words(&word(at + before_wrap), bytes.data() + before_wrap * kWordBytes,
              whole - before_wrap);
  if (const std::size_t rest = bytes.size() % kWordBytes; rest > 0) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + whole * kWordBytes, rest);
    word(at + whole).store(value, kStore);
  }
  tail_.store(end, kStore);
  newest_.store(sequence, kStore);
  for (Doorbell* bell : bells_) bell->ring();
}

std::int64_t EventRing::oldest() const {
  while (true) {
    const std::uint64_t head = head_.load(kLoad);
    if (head == tail_.load(kLoad)) return first_sequence_;  // never used yet
    const auto sequence = static_cast<std::int64_t>(word(head).load(kLoad));
    if (head_.load(kLoad) == head) return sequence;
  }
}

void EventRing::Reader::seek(std::int64_t wanted) {
  wanted_ = wanted;
  cursor_ = ring_.head_.load(kLoad);
  known_tail_ = cursor_;
}

EventRing::Read EventRing::Reader::next(Record& out) {
  while (true) {
    if (cursor_ == known_tail_) known_tail_ = ring_.tail_.load(kLoad);
    if (cursor_ == known_tail_) {
      return wanted_ < ring_.first_sequence_ ? Read::kLagged : Read::kEmpty;
    }
    const auto sequence = static_cast<std::int64_t>(ring_.word(cursor_).load(kLoad));
    const std::size_t bytes = ring_.word(cursor_ + 1).load(kLoad);
    if (overtaken()) {
      seek(wanted_);  // the place is gone, but what is wanted may still be there
      continue;
    }
    if (sequence > wanted_) return Read::kLagged;
    if (sequence == wanted_) {
      copy_out(bytes, out.bytes);
      if (overtaken()) continue;
      out.sequence = sequence;
      ++wanted_;
      cursor_ += words_for(bytes);
      return Read::kRecord;
    }
    // Older than wanted: the way from the oldest record to the one that seek() asked for.
    cursor_ += words_for(bytes);
  }
}

void EventRing::Reader::copy_out(std::size_t bytes, std::string& out) const {
  out.resize(bytes);
  const std::uint64_t at = cursor_ + kHeaderWords;
  const std::size_t whole = bytes / kWordBytes;
  const std::size_t before_wrap = std::min(whole, ring_.words_before_wrap(at));
  load_words(out.data(), &ring_.word(at), before_wrap);
  load_words(out.data() + before_wrap * kWordBytes, &ring_.word(at + before_wrap),
             whole - before_wrap);
  if (const std::size_t rest = bytes % kWordBytes; rest > 0) {
    const std::uint64_t value = ring_.word(at + whole).load(kLoad);
    std::memcpy(out.data() + whole * kWordBytes, &value, rest);
  }
}

std::int64_t EventRing::Reader::lag() const {
  return std::max<std::int64_t>(0, ring_.newest() + 1 - wanted_);
}

}  // namespace tillsight
