#include "sync/batch.hpp"

#include <cstddef>

#include "tillsight/domain/limits.hpp"

namespace tillsight::sync {

std::string Batch::payload() const {
  if (events.size() == 1) return events.front()->cloud_event;
  std::string text = "[";
  for (const OutboxEvent* event : events) {
    if (text.size() > 1) text += ',';
    text += event->cloud_event;
  }
  return text += ']';
}

std::vector<Batch> pack(const std::vector<const OutboxEvent*>& events) {
  std::vector<Batch> batches;
  std::size_t bytes = limits::kPayloadBytes;
  for (const OutboxEvent* event : events) {
    const std::size_t with_comma = event->cloud_event.size() + 1;
    if (bytes + with_comma > limits::kPayloadBytes) {
      batches.emplace_back();
      bytes = 1;  // of the two brackets the first; the last comma stands for the other
    }
    batches.back().events.push_back(event);
    bytes += with_comma;
  }
  return batches;
}

}  // namespace tillsight::sync
