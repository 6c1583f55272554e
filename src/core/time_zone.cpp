#include "tillsight/core/time_zone.hpp"

#include <date/tz.h>

#include <charconv>
#include <stdexcept>

#include "tillsight/core/mutex.hpp"

namespace tillsight {
namespace {

const date::time_zone& as_zone(const void* zone) {
  return *static_cast<const date::time_zone*>(zone);
}

bool parse_number(std::string_view digits, int& out) {
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return failure == std::errc() && end == digits.data() + digits.size() && out >= 0;
}

}  // namespace

Result<TimeZone> TimeZone::find(std::string_view iana_name) {
  // The first call reads the database. The library guards that itself, where no sanitizer sees it.
  static Mutex reading;
  const MutexLock lock(reading);
  try {
    date::get_tzdb();
  } catch (const std::exception& missing) {
    return error(Code::kFailedPrecondition,
                 "time zones cannot be read ({}); install the package tzdata", missing.what());
  }
  try {
    return TimeZone(std::string(iana_name), date::locate_zone(iana_name));
  } catch (const std::runtime_error&) {
    return error(Code::kNotFound,
                 "time zone '{}' is unknown; use an IANA name such as Asia/Kolkata", iana_name);
  }
}

LocalTime TimeZone::to_local(UtcTime time) const {
  const auto local = as_zone(zone_).to_local(time);
  const auto day = date::floor<date::days>(local);
  const std::chrono::sys_days same_day(day.time_since_epoch());
  return LocalTime{std::chrono::year_month_day(same_day),
                   date::floor<std::chrono::seconds>(local - day), std::chrono::weekday(same_day)};
}

UtcTime TimeZone::to_utc(std::chrono::year_month_day date, std::chrono::seconds time_of_day) const {
  const date::local_time<std::chrono::seconds> shown(
      std::chrono::sys_days(date).time_since_epoch() + time_of_day);
  return as_zone(zone_).to_sys(shown, date::choose::earliest);
}

std::string to_string(std::chrono::year_month_day date) {
  return format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string time_of_day_text(std::chrono::seconds time) {
  const auto total = time.count();
  return format("{:02}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
}

std::string_view weekday_name(std::chrono::weekday day) {
  static constexpr std::string_view kNames[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                "Thursday", "Friday", "Saturday"};
  return kNames[day.c_encoding()];
}

Result<std::chrono::year_month_day> parse_date(std::string_view text) {
  int year = 0;
  int month = 0;
  int day = 0;
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-' &&
                      parse_number(text.substr(0, 4), year) &&
                      parse_number(text.substr(5, 2), month) &&
                      parse_number(text.substr(8, 2), day);
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!shaped || !date.ok()) {
    return error(Code::kInvalidArgument, "'{}' is not a date; write it as 2026-11-23", text);
  }
  return date;
}

}  // namespace tillsight
