#include "columns/dimensions.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

#include "columns/segment.hpp"
#include "tillsight/core/time_zone.hpp"

namespace tillsight::columns {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr int kMinutesMax = 24 * 60;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

year_month_day date_at(std::int64_t day) {
  return sys_days(days(day));
}

std::int64_t month_ordinal(std::int64_t day) {
  const year_month_day date = date_at(day);
  return 12 * std::int64_t{static_cast<int>(date.year())} +
         static_cast<int>(static_cast<unsigned>(date.month())) - 1;
}

// 1970-01-01 was a Thursday; week 0 is the one with it.
std::int64_t week_ordinal(std::int64_t day) {
  return floor_div(day + 3, 7);
}

/// ISO 8601: a week belongs to the year of its Thursday, and 1 is the first that does.
std::string week_text(std::int64_t week) {
  const sys_days thursday(days(7 * week));
  const std::chrono::year year = year_month_day(thursday).year();
  const auto day_of_year = (thursday - sys_days(year / std::chrono::January / 1)).count();
  return format("{:04}-W{:02}", static_cast<int>(year), day_of_year / 7 + 1);
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// "2026-11": the number before `between` and the one after it, which is `low` to `high`.
std::optional<std::pair<std::int64_t, std::int64_t>> numbers(std::string_view text,
                                                             std::string_view between,
                                                             std::int64_t low, std::int64_t high) {
  const std::size_t at = text.find(between);
  if (at != 4) return std::nullopt;
  const auto year = number(text.substr(0, at));
  const auto part = number(text.substr(at + between.size()));
  if (!year || !part || *part < low || *part > high) return std::nullopt;
  return std::pair(*year, *part);
}

std::optional<std::int64_t> parse_week(std::string_view text) {
  const auto parts = numbers(text, "-W", 1, 53);
  if (!parts) return std::nullopt;
  const std::chrono::year year(static_cast<int>(parts->first));
  const auto january_4 = sys_days(year / std::chrono::January / 4).time_since_epoch().count();
  const std::int64_t week = week_ordinal(january_4) + parts->second - 1;
  return week_text(week) == text ? std::optional(week) : std::nullopt;
}

std::optional<std::int64_t> parse_weekday(std::string_view text) {
  for (unsigned day = 0; day < 7; ++day) {
    if (weekday_name(std::chrono::weekday((day + 1) % 7)) == text) return day;
  }
  return std::nullopt;
}

std::optional<std::int64_t> parse(Dimension dimension, std::string_view text) {
  switch (dimension) {
    case Dimension::kWeek: return parse_week(text);
    case Dimension::kWeekday: return parse_weekday(text);
    case Dimension::kMonth:
      if (const auto parts = numbers(text, "-", 1, 12))
        return 12 * parts->first + parts->second - 1;
      return std::nullopt;
    case Dimension::kQuarter:
      if (const auto parts = numbers(text, "-Q", 1, 4)) return 4 * parts->first + parts->second - 1;
      return std::nullopt;
    case Dimension::kYear: return number(text);
    case Dimension::kHour: {
      const auto hour = number(text);
      return hour && *hour < 24 ? hour : std::nullopt;
    }
    default: {
      const auto date = parse_date(text);
      if (!date.ok()) return std::nullopt;
      return sys_days(*date).time_since_epoch().count();
    }
  }
}

std::string_view form_of(Dimension dimension) {
  switch (dimension) {
    case Dimension::kWeek: return "2026-W48";
    case Dimension::kWeekday: return "Monday";
    case Dimension::kMonth: return "2026-11";
    case Dimension::kQuarter: return "2026-Q4";
    case Dimension::kYear: return "2026";
    case Dimension::kHour: return "17";
    default: return "2026-11-23";
  }
}

}  // namespace

bool is_ordered(Dimension dimension) {
  return !is_text(field_of(dimension)) && dimension != Dimension::kWeekday;
}

std::int64_t ordinal(Dimension dimension, std::int64_t value) {
  switch (dimension) {
    case Dimension::kWeek: return week_ordinal(value);
    case Dimension::kMonth: return month_ordinal(value);
    case Dimension::kQuarter: return floor_div(month_ordinal(value), 3);
    case Dimension::kYear: return floor_div(month_ordinal(value), 12);
    case Dimension::kWeekday: return value + 3 - 7 * week_ordinal(value);
    case Dimension::kHour: return value / 60;
    default: return value;
  }
}

Value value_of(Dimension dimension, std::int64_t ordinal) {
  switch (dimension) {
    case Dimension::kWeek: return week_text(ordinal);
    case Dimension::kMonth:
      return format("{:04}-{:02}", floor_div(ordinal, 12),
                    ordinal - 12 * floor_div(ordinal, 12) + 1);
    case Dimension::kQuarter:
      return format("{:04}-Q{}", floor_div(ordinal, 4), ordinal - 4 * floor_div(ordinal, 4) + 1);
    case Dimension::kWeekday:
      return std::string(
          weekday_name(std::chrono::weekday(static_cast<unsigned>(ordinal + 1) % 7)));
    case Dimension::kYear:
    case Dimension::kHour: return ordinal;
    default: return to_string(date_at(ordinal));
  }
}

Result<std::int64_t> parse_ordinal(Dimension dimension, std::string_view text) {
  if (const auto value = parse(dimension, text)) return *value;
  return error(Code::kInvalidArgument, "'{}' is no {}; write it as {}", text, name(dimension),
               form_of(dimension));
}

Bounds bounds_of(const Segments& segments, Field field) {
  Bounds bounds;
  bool first = true;
  for (const auto& segment : segments) {
    if (segment->rows(field) == 0) continue;
    const Stored& stored = segment->stored(field);
    bounds.least = first ? stored.least : std::min(bounds.least, stored.least);
    bounds.greatest = first ? stored.greatest : std::max(bounds.greatest, stored.greatest);
    first = false;
  }
  return bounds;
}

Axis axis_of(const Columns& columns, Dimension dimension, const Segments& segments) {
  const Field field = field_of(dimension);
  Axis axis{dimension, field, 0, 0, 1, {}};
  if (is_text(field)) {
    axis.groups = columns.codes(field);
    return axis;
  }
  const Bounds bounds =
      field == Field::kMinute ? Bounds{0, kMinutesMax - 1} : bounds_of(segments, field);
  if (bounds.greatest < bounds.least) return axis;
  axis.least = bounds.least;
  axis.first = dimension == Dimension::kWeekday ? 0 : ordinal(dimension, bounds.least);
  std::int64_t last = 0;
  for (std::int64_t value = bounds.least; value <= bounds.greatest; ++value) {
    const std::int64_t group = ordinal(dimension, value) - axis.first;
    axis.table.push_back(static_cast<std::uint32_t>(group));
    last = std::max(last, group);
  }
  axis.groups = static_cast<std::uint64_t>(last) + 1;
  return axis;
}

}  // namespace tillsight::columns
