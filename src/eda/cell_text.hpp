/// \file
/// A cell as plain text: what all three forms of a report have in common.
#pragma once

#include <string>

#include "tillsight/eda/report.hpp"

namespace tillsight::eda {

/// \pre the cell holds what the column's type says, or nothing.
std::string cell_text(const Cell& cell, const Column& column);

}  // namespace tillsight::eda
