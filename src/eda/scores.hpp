/// \file
/// What reports judge by.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace tillsight::eda {

/// \return for each value how far it is from the median, in robust standard deviations; all 0 if
/// they are all the same.
/// **Source** Iglewicz, Hoaglin: How to Detect and Handle Outliers (1993), the modified z-score.
std::vector<double> robust_scores(std::span<const double> values);

/// \pre not empty
double median(std::vector<double> values);

/// What to call a customer: "champions", "at risk", …
/// \param recency, value scores from 1, the worst, to 5.
/// **Source** Hughes: Strategic Database Marketing (RFM); the eleven segments usual in retail.
std::string_view segment_of(int recency, int value);
/// All of them, best first.
std::span<const std::string_view> segments();

}  // namespace tillsight::eda
