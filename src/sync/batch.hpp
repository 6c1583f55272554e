/// \file
/// Events as payloads: one CloudEvents object alone, several as an array of at most
/// limits::kPayloadBytes. What is sent again says so in its notes.
#pragma once

#include <string>
#include <vector>

#include "tillsight/sync/outbox.hpp"

namespace tillsight::sync {

struct Batch {
  std::vector<const OutboxEvent*> events;
  std::string payload;
};

/// \return the events in their order, in as few batches as that order allows.
std::vector<Batch> pack(const std::vector<const OutboxEvent*>& events);

}  // namespace tillsight::sync
