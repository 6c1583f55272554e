/// \file
/// What days, weeks, months and quarters came to. Days, months and all time are read from the sums
/// that hub.db keeps; the rest, and what only one till or a part of a month sold, is added up from
/// the columnar copy.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "eda/reading.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::eda {

enum class Span { kDay, kWeek, kMonth, kQuarter, kAll };

struct Counts {
  std::int64_t sales = 0;
  std::int64_t refunds = 0;
  std::int64_t customers = 0;
  std::int64_t pieces = 0;  ///< sold less returned
  std::int64_t imported = 0, synthetic = 0;
};

struct Amounts {
  std::int64_t sold = 0;
  std::int64_t refunded = 0;  ///< positive
  std::int64_t discount = 0;
  std::int64_t revenue() const { return sold - refunded; }
};

/// By period: "2026-01-05", "2026-W02", "2026-01", "2026-Q1", "".
struct PeriodSums {
  std::map<std::string, Counts> counts;
  std::map<std::string, std::map<std::string, Amounts>> money;  ///< then by currency
};

Result<PeriodSums> sums_by(const Reading& reading, Span span);

/// The days with most sales, at least `count` of them if there are so many; of equals the earlier.
Result<PeriodSums> busiest_days(const Reading& reading, int count);

}  // namespace tillsight::eda
