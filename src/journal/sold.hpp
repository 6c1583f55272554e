/// \file
/// Finds a sale by the number on its receipt, and what of it came back already.
#pragma once

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

/// \return kInvalidArgument if more would come back than was sold.
Status check_refund(sql::Connection& db, const EventIdentity& identity, const Invoice& refund);

}  // namespace tillsight::journal
