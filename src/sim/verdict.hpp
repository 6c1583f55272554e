/// \file
/// Whether all that was promised holds once the faults are over.
#pragma once

#include <vector>

#include "sim/head_office.hpp"
#include "sim/till.hpp"

namespace tillsight::sim {

/// Compares what the seller was told, what the till has and what head office has.
/// \pre both run and nothing is owed.
void judge(const std::vector<Event>& confirmed, Till& till, HeadOffice& office, Story& story);

}  // namespace tillsight::sim
