/// \file
/// What tills say of themselves: the newest word of each, by session.
#pragma once

#include <string>

#include "tillsight/core/result.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

/// The till's row takes over what its heartbeat says, unless that is the will of a connection that
/// the till has long replaced. \pre a transaction is open on `db`.
Status keep_heartbeat(sql::Connection& db, const Heartbeat& heartbeat, const std::string& now);

}  // namespace tillsight::hub
