/// \file
/// What an invoice is made of: how much, and what goes with what.
///
/// **Source** Agrawal, Imieliński, Swami: Mining Association Rules between Sets of Items (1993).
#pragma once

#include "eda/reading.hpp"

namespace tillsight::eda {

Result<Report> basket_sizes(const Reading& reading);
Result<Report> basket_values(const Reading& reading);
/// **Units** at most 32 MiB of counters a thread, whatever the catalogue.
Result<Report> bought_together(const Reading& reading);

}  // namespace tillsight::eda
