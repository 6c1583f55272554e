/// \file
/// The store's local time: an IANA zone turns UTC into the date, time and weekday on the receipt.
///
/// **Source** IANA tz database, read from the system's zoneinfo by Howard Hinnant's date library
/// (std::chrono's own zones need g++ 13).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight {

struct LocalTime {
  std::chrono::year_month_day date;
  std::chrono::seconds time_of_day;  ///< since local midnight as the wall shows it
  std::chrono::weekday weekday;
};

/// **Threads** thread-compatible.
class TimeZone {
 public:
  /// \return kNotFound if the tz database has no such name, kFailedPrecondition without tzdata.
  static Result<TimeZone> find(std::string_view iana_name);

  LocalTime to_local(UtcTime time) const;
  /// When the wall showed this. An hour that came twice is the first of the two; one that was left
  /// out is the instant at which the clocks were put forward.
  UtcTime to_utc(std::chrono::year_month_day date, std::chrono::seconds time_of_day) const;
  const std::string& name() const { return name_; }

 private:
  TimeZone(std::string name, const void* zone) : name_(std::move(name)), zone_(zone) {}

  std::string name_;
  const void* zone_;  // date::time_zone, owned by the date library for the process's life
};

std::string to_string(std::chrono::year_month_day date);  ///< "2026-11-23"
std::string time_of_day_text(std::chrono::seconds time);  ///< "05:46:32"
std::string_view weekday_name(std::chrono::weekday day);  ///< "Monday"

/// \return kInvalidArgument unless `text` is a calendar date as "2026-11-23".
Result<std::chrono::year_month_day> parse_date(std::string_view text);

}  // namespace tillsight
