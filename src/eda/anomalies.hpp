/// \file
/// Days that do not look like their weekday.
///
/// **Source** Iglewicz, Hoaglin: How to Detect and Handle Outliers (1993), the modified z-score.
#pragma once

#include <span>

#include "eda/reading.hpp"

namespace tillsight::eda {

/// \return for each value how far it is from the median, in robust standard deviations; all 0 if
/// they are all the same.
std::vector<double> robust_scores(std::span<const double> values);

Result<Report> anomalies(const Reading& reading);

}  // namespace tillsight::eda
