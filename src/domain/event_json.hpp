/// \file
/// What the sealed JSON of every kind of event has in common (docs/event-format.md).
#pragma once

#include <string>
#include <string_view>

#include "domain/json.hpp"
#include "tillsight/domain/event.hpp"

namespace tillsight {

/// The CloudEvents type, from the sealed `kind` and `v`.
std::string event_type(std::string_view kind, std::int64_t version);

void write_chain(Json& sealed, const Chain& chain);

}  // namespace tillsight
