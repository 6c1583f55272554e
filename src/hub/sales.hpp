/// \file
/// The rows of hub.db that one event becomes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "hub/persons.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

enum class Kept { kNew, kDuplicate, kConflict };

/// \pre a transaction is open on `db`.
/// \param journal_row journal.id. \param now received_at.
Result<Kept> keep_event(sql::Connection& db, std::int64_t journal_row, const Delivered& delivered,
                        const std::optional<PersonRef>& person, const std::string& now);

}  // namespace tillsight::hub
