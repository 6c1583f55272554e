/// \file
/// Who runs the command, for the record.
#pragma once

#include <string>

namespace tillsight::cli {

std::string caller();  ///< the user's name, or "uid 1000"

}  // namespace tillsight::cli
