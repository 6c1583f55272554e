#include "sync/batch.hpp"

#include <cstddef>

#include "tillsight/domain/event.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight::sync {
namespace {

std::string text_of(const OutboxEvent& event) {
  return event.replay == 0 ? event.cloud_event : with_replay_note(event.cloud_event, event.replay);
}

/// Closes `open` as a payload: what is alone needs no brackets.
void finish(Batch& open) {
  if (open.events.size() > 1) open.payload = "[" + open.payload + "]";
}

}  // namespace

std::vector<Batch> pack(const std::vector<const OutboxEvent*>& events) {
  constexpr std::size_t kBracketsAndComma = 3;
  std::vector<Batch> batches;
  for (const OutboxEvent* event : events) {
    const std::string text = text_of(*event);
    const bool fits =
        !batches.empty() &&
        batches.back().payload.size() + text.size() + kBracketsAndComma <= limits::kPayloadBytes;
    if (!fits) {
      if (!batches.empty()) finish(batches.back());
      batches.emplace_back();
    }
    Batch& batch = batches.back();
    if (!batch.events.empty()) batch.payload += ',';
    batch.payload += text;
    batch.events.push_back(event);
  }
  if (!batches.empty()) finish(batches.back());
  return batches;
}

}  // namespace tillsight::sync
