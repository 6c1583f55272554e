/// \file
/// Days that do not look like their weekday.
#pragma once

#include "eda/reading.hpp"

namespace tillsight::eda {

Result<Report> anomalies(const Reading& reading);

}  // namespace tillsight::eda
