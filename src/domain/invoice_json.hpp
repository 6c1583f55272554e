/// \file
/// The invoice's own fields in the sealed JSON (docs/event-format.md).
#pragma once

#include "domain/json.hpp"
#include "domain/json_reader.hpp"
#include "tillsight/domain/invoice.hpp"

namespace tillsight {

/// "2026-11-23T05:46:32.123Z" and nothing else: the one form that to_iso8601() writes.
Result<UtcTime> parse_iso8601(std::string_view text);

void write_moment(Json& sealed, const Moment& at);
Moment read_moment(JsonReader& reader);

void write_invoice(Json& sealed, const Invoice& invoice);

/// Reads everything but the customer; mistakes are remembered by `reader`.
Invoice read_invoice(JsonReader& reader);

}  // namespace tillsight
