/// \file
/// Who comes back: what is told from every customer's visits.
///
/// **Source** Hughes: Strategic Database Marketing (RFM); the segments are the eleven that are
/// usual in retail.
#pragma once

#include "eda/reading.hpp"

namespace tillsight::eda {

Result<Report> customer_segments(const Reading& reading);
Result<Report> retention(const Reading& reading);
Result<Report> new_and_returning(const Reading& reading);

}  // namespace tillsight::eda
