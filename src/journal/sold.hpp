/// \file
/// Finds a sale by the number on its receipt, and what of it came back already.
#pragma once

#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/refund.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::journal {

/// \param identity whose journal it is. \return kNotFound: not sold here, or let go since.
Result<SoldInvoice> find_sale(sql::Connection& db, const EventIdentity& identity,
                              const InvoiceNumber& number);
/// \return kNotFound before the first sale.
Result<SoldInvoice> find_last_sale(sql::Connection& db, const EventIdentity& identity);

/// \pre a transaction is open
Status insert_refund(sql::Connection& db, const Invoice& refund, Sequence sequence);

/// What this journal itself has given back of a sale, whoever sold it: pieces of each of its lines,
/// no further than the last that any came back of.
Result<std::vector<int>> came_back_here(sql::Connection& db, const InvoiceNumber& number);

/// \param elsewhere the sale as head office knows it; null: it was not asked.
/// \return kInvalidArgument if more would come back than was sold.
Status check_refund(sql::Connection& db, const EventIdentity& identity, const Invoice& refund,
                    const SoldInvoice* elsewhere);

}  // namespace tillsight::journal
