/// \file
/// The tables of persons.db that hold what was refused (raw bytes may name somebody).
///
///   quarantine         the bytes
///   quarantine_sender  how much of each till is kept, and how much was not
///   quarantine_log     what persons decided
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/hub/quarantine.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

/// Keeps the bytes, or counts them: once more if they are there already, as not kept if there is no
/// room. \pre a transaction is open on `db`.
Status keep_refused(sql::Connection& db, const Refused& refused, UtcTime at);

/// \return the first `count_max` rows after `after`, with their bytes; only `id`, if it is given.
Result<std::vector<Quarantined>> quarantined_rows(sql::Connection& db, std::int64_t after,
                                                  std::optional<std::int64_t> id, int count_max);

/// Takes a row out and records who decided that. \param what "replayed" or "dropped".
/// \return kNotFound if there is no such row.
Status settle_row(sql::Connection& db, std::int64_t id, std::string_view what,
                  const Decision& decision, UtcTime at);

}  // namespace tillsight::hub
