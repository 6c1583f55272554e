/// \file
/// The table of what is recommended to nobody.
#pragma once

#include "tillsight/hub/recommendations.hpp"

namespace tillsight::hub {

/// In order of their names.
Result<LeftOut> read_left_out(sql::Connection& db);
/// In place of all that was there, in the caller's transaction.
Status write_left_out(sql::Connection& db, const LeftOut& left_out);

}  // namespace tillsight::hub
