/// \file
/// The rows of hub.db that an entry of a day's books becomes: its opening, cash that is no sale, a
/// Z.
#pragma once

#include <cstdint>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

/// Does nothing with an event of another type. \pre a transaction is open on `db`
Status insert_day_book(sql::Connection& db, std::int64_t event_row, const Event& event);

/// \return what the columns of a day's entry say other than was sealed; empty: nothing.
Result<std::string> wrong_day_book(sql::Connection& db, std::int64_t event_row, const Event& event);

}  // namespace tillsight::hub
