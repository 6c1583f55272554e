/// \file
/// What comes back: an invoice as it was sold, and what of it is still to be refunded.
#pragma once

#include <vector>

#include "tillsight/domain/invoice.hpp"

namespace tillsight {

struct SoldInvoice {
  Sequence sequence;
  InvoiceNumber number;
  Invoice invoice;            ///< without its customer
  std::vector<int> refunded;  ///< pieces of each line that came back before
  int printed = 0;            ///< how often its receipt was printed
};

/// The line that gives `quantity` pieces of line `number` (from 1) back. A line's discount comes
/// back in proportion, to the unit: all its refunds together give back exactly what was paid.
/// \pre 1 ≤ quantity ≤ sold − refunded
InvoiceLine refund_line(const SoldInvoice& sold, int number, int quantity);

}  // namespace tillsight
