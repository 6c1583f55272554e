/// \file
/// Where what comes with the program lies: beside a source tree, or where a package has put it.
#pragma once

#include <string>

namespace tillsight::cli {

/// \param file from the project's folder, such as "models/manifest.toml".
/// \return that, if it is there; else where the package has it.
std::string shipped(const std::string& file);

}  // namespace tillsight::cli
