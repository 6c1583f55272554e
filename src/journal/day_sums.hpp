/// \file
/// The sums of a range of events, by SQL over what was sealed: what an X shows and a Z writes down.
#pragma once

#include "tillsight/core/result.hpp"
#include "tillsight/domain/day.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::journal {

/// The last Z; number 0: there was none.
struct LastZ {
  std::int64_t number = 0;
  Sequence sequence;
};
Result<LastZ> read_last_z(sql::Connection& db);

/// Of everything since the last Z, or since the oldest event that is still kept.
/// \param last the newest event; `last` of the sums.
Result<DaySums> read_day_sums(sql::Connection& db, Sequence last);

}  // namespace tillsight::journal
