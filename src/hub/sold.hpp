/// \file
/// Finds a sale by the number on its receipt, and what of it came back anywhere in its store.
#pragma once

#include <optional>

#include "tillsight/hub/store.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

/// \param asker whose store is searched, and whose refunds are counted apart. \return none: no such
/// sale has arrived.
Result<std::optional<answer::Sale>> find_sale(sql::Connection& db, const JournalId& asker,
                                              const InvoiceNumber& number);

}  // namespace tillsight::hub
