/// \file
/// Reads a network's labels: one line each, class id, blank, label; `#` starts a comment line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tillsight/core/result.hpp"

namespace tillsight {

inline constexpr int kClassIdMax = 9'999;

/// \param count how many labels there must be: labels that belong to another network are noticed
/// here, and not by a till that calls apples toothbrushes.
/// \return the labels by class id, "" where there is none. kNotFound, kInvalidArgument with line.
Result<std::vector<std::string>> load_labels(const std::filesystem::path& file, int count);

}  // namespace tillsight
