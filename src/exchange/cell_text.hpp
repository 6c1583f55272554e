/// \file
/// Texts and times of foreign cells.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"

namespace tillsight::exchange {

/// \return `text` without blanks around it and with blanks for control characters;
/// kInvalidArgument above 200 code points.
Result<std::string> clean_text(std::string_view text);

/// A SKU made of an item's name: "Cell phone" → "cell-phone"; letters outside ASCII stay.
std::string slug(std::string_view item);

struct WallTime {
  std::chrono::year_month_day date;
  std::chrono::seconds time_of_day{0};
};

/// \param time empty: it stands in `date`, or is not known and taken as midnight.
/// \return kInvalidArgument if no format fits.
Result<WallTime> parse_wall_time(std::string_view date, std::span<const std::string> date_formats,
                                 std::string_view time, std::span<const std::string> time_formats);

}  // namespace tillsight::exchange
