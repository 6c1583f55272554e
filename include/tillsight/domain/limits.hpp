/// \file
/// Every bound of the wire and of a sale, as arithmetic in one place. A sale that could not travel
/// is refused before payment, not after.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tillsight::limits {

inline constexpr std::size_t kLinesPerSale = 500;
inline constexpr int kQuantityMax = 999;
/// Lines that the clerk took out again and that stand on record.
inline constexpr std::size_t kRemovalsPerSale = 500;
/// Of any amount in an event: more than a shop takes, and far from where sums would overflow.
inline constexpr std::int64_t kMoneyMinorUnits = 10'000'000'000'000;
inline constexpr std::size_t kNameCodePoints = 80;
inline constexpr std::size_t kNameBytes = kNameCodePoints * 4;

/// One MQTT message: one event, or a batch of them.
inline constexpr std::size_t kPayloadBytes = 128 * 1024;

/// A line of the sealed JSON: its numbers and keys, and three names (item, aisle, what was seen).
/// JSON escapes only quotes, backslashes and control characters, and names hold no control
/// characters, so a text at most doubles.
inline constexpr std::size_t kLineFixedBytes = 400;
/// Identity, times, totals, tenders, customer and the envelope.
inline constexpr std::size_t kEventFixedBytes = 6 * 1024;
/// The till counts a sale's real bytes; this is what a sale of full size may take on average.
inline constexpr std::size_t kLineBytesAverage = (kPayloadBytes - kEventFixedBytes) / kLinesPerSale;
static_assert(kLineBytesAverage >= 245, "500 ordinary lines (about 200 bytes) fit one event");

/// Unacknowledged events in flight for one till. libmosquitto's message ids are 16 bits and wrap
/// unchecked, and a broker's queue for one client is 1,000 by default.
inline constexpr int kWindowMax = 50;

/// What one till offers again, or out of its backlog: a month offline (100,000 sales) is through in
/// under a minute, and a shop's line carries it beside the live sales (of 2 KiB: 10 MB/s at most,
/// and the window slows it down to what the line holds).
inline constexpr int kReplaysPerSecond = 5'000;

/// A till's question: an id, a word, and a phone or an invoice number with an incarnation.
inline constexpr std::size_t kQuestionBytes = 1024;
/// The answer about an invoice: the event's own text, and of each line what came back.
inline constexpr std::size_t kAnswerBytes = kPayloadBytes + kLinesPerSale * 32;
static_assert(kAnswerBytes < 150 * 1024, "an answer fits a broker's packet of 160 KiB");
/// What one till may ask head office: a busy hour in one go, then ten a minute. More is nobody who
/// serves customers.
inline constexpr int kQuestionsAtOnce = 20;
/// What a customer may want, in an answer.
inline constexpr std::size_t kRecommendedSkus = 10;
inline constexpr int kQuestionsPerMinute = 10;

}  // namespace tillsight::limits
