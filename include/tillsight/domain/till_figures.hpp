/// \file
/// What a till says of its own work since it was started.
#pragma once

#include <cstdint>

namespace tillsight {

struct TillFigures {
  std::int64_t sales = 0;
  std::int64_t camera_sales = 0;    ///< in which the camera saw something
  std::int64_t no_touch_sales = 0;  ///< of these, without a correction by the clerk
  std::int64_t camera_items = 0;    ///< pieces that the camera saw
  std::int64_t corrections = 0;     ///< lines removed, chosen, or given another quantity
  double seconds_total = 0;         ///< from the first line to the payment, of all sales
  double seconds_last = 0;          ///< of the last one
  friend bool operator==(const TillFigures&, const TillFigures&) = default;
};

}  // namespace tillsight
