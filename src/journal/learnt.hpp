/// \file
/// What a till learns from its sales: what clerks chose, and what sells.
#pragma once

#include <span>
#include <vector>

#include "tillsight/domain/invoice.hpp"
#include "tillsight/domain/learnt_choice.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::journal {

/// Only a sale teaches. \pre a transaction is open
Status learn(sql::Connection& db, const Invoice& invoice, std::span<const LearntChoice> learnt);

Result<std::vector<LearntChoice>> read_choices(sql::Connection& db);

/// \return what sells most first.
Result<std::vector<Sku>> read_popular(sql::Connection& db, int count_max);

}  // namespace tillsight::journal
