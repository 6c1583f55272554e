/// \file
/// What a discount takes off, to the unit.
#pragma once

#include <vector>

#include "tillsight/domain/counter_state.hpp"
#include "tillsight/domain/invoice.hpp"

namespace tillsight {

/// \return what `terms` take off `gross`: a percentage rounded half-up, never more than there is.
Money discount_on(Money gross, const DiscountTerms& terms);

/// Spreads `terms` over the lines that have no discount of their own, in proportion to what they
/// cost: each gets its share rounded down, and the units that remain go to the largest remainders,
/// the first line first. Prices the lines anew.
void spread_discount(const DiscountTerms& terms, std::vector<InvoiceLine>& lines);

}  // namespace tillsight
