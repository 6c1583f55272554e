/// \file
/// Whether the typed columns of an event say what was sealed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

/// \param opened what was sealed; none: no invoice, and there must be no row of one.
/// \return what is wrong, in one line; empty: nothing.
Result<std::string> wrong_columns(sql::Connection& db, std::int64_t event_row,
                                  const std::optional<Opened>& opened);

}  // namespace tillsight::hub
