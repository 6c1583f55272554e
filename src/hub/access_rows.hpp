/// \file
/// What changes the tables of access; HubStore calls it with its connection of persons.db.
#pragma once

#include "tillsight/hub/access.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

/// \return kAlreadyExists if a token of this name holds; kInvalidArgument for no name.
Status add_token_row(sql::Connection& db, const NewToken& token, UtcTime at);
/// \return kNotFound if no token of this name holds.
Status revoke_token_row(sql::Connection& db, std::string_view name, std::string_view who,
                        UtcTime at);
Status mark_token_used(sql::Connection& db, std::int64_t id, UtcTime at);
Status add_person_read(sql::Connection& db, std::string_view who, std::string_view what,
                       UtcTime at);

}  // namespace tillsight::hub
