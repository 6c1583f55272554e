/// \file
/// The invoice's own fields in the sealed JSON (docs/event-format.md).
#pragma once

#include "domain/json.hpp"
#include "tillsight/domain/invoice.hpp"

namespace tillsight {

void write_invoice(Json& sealed, const Invoice& invoice);

/// Reads everything but the customer; mistakes are remembered by `reader`.
Invoice read_invoice(JsonReader& reader);

}  // namespace tillsight
