/// \file
/// An answer of the columns as a report, which has the forms for a person, a spreadsheet and a
/// program.
#pragma once

#include <string>
#include <vector>

#include "tillsight/columns/query.hpp"
#include "tillsight/eda/report.hpp"

namespace tillsight::cli {

/// \param title of what was asked.
eda::Report to_report(const columns::Numbers& answer, std::string title);

/// Under the rows: the same measures over all groups, by currency if there are several.
void add_totals(const columns::Numbers& all, eda::Report& report);

}  // namespace tillsight::cli
