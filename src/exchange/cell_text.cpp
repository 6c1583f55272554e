#include "exchange/cell_text.hpp"

#include <algorithm>
#include <ctime>

namespace tillsight::exchange {
namespace {

constexpr std::size_t kCodePointsMax = 200;

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool parse_with(std::string_view text, std::span<const std::string> formats, std::tm& out) {
  const std::string ended(text);
  return std::ranges::any_of(formats, [&](const std::string& form) {
    std::tm parsed = out;
    const char* const end = ::strptime(ended.c_str(), form.c_str(), &parsed);
    if (end == nullptr || *end != '\0') return false;
    out = parsed;
    return true;
  });
}

std::string joined(std::span<const std::string> formats) {
  std::string list;
  for (const std::string& form : formats) list += format("{}{}", list.empty() ? "" : " or ", form);
  return list;
}

}  // namespace

Result<std::string> clean_text(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || is_control(text.front()))) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || is_control(text.back()))) text.remove_suffix(1);
  std::string clean(text);
  std::ranges::replace_if(clean, is_control, ' ');
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  if (clean.size() > kCodePointsMax &&
      static_cast<std::size_t>(std::ranges::count_if(clean, starts)) > kCodePointsMax) {
    return error(Code::kInvalidArgument, "is longer than {} letters", kCodePointsMax);
  }
  return clean;
}

std::string slug(std::string_view item) {
  std::string made;
  for (const char c : item) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                        static_cast<unsigned char>(c) >= 0x80;
    if (letter) {
      made += c;
    } else if (c >= 'A' && c <= 'Z') {
      made += static_cast<char>(c - 'A' + 'a');
    } else if (!made.empty() && made.back() != '-') {
      made += '-';
    }
  }
  if (made.ends_with('-')) made.pop_back();
  return made.empty() ? "-" : made;
}

Result<WallTime> parse_wall_time(std::string_view date, std::span<const std::string> date_formats,
                                 std::string_view time, std::span<const std::string> time_formats) {
  std::tm parsed{};
  if (!parse_with(date, date_formats, parsed)) {
    return error(Code::kInvalidArgument, "'{}' is no date as {}", date, joined(date_formats));
  }
  if (!time.empty() && !parse_with(time, time_formats, parsed)) {
    return error(Code::kInvalidArgument, "'{}' is no time as {}", time, joined(time_formats));
  }
  const std::chrono::year_month_day day{
      std::chrono::year(parsed.tm_year + 1900),
      std::chrono::month(static_cast<unsigned>(parsed.tm_mon + 1)),
      std::chrono::day(static_cast<unsigned>(parsed.tm_mday))};
  if (!day.ok()) return error(Code::kInvalidArgument, "'{}' is no day of the calendar", date);
  const auto second = std::min(parsed.tm_sec, 59);  // a leap second is on no receipt
  return WallTime{day, std::chrono::hours(parsed.tm_hour) + std::chrono::minutes(parsed.tm_min) +
                           std::chrono::seconds(second)};
}

}  // namespace tillsight::exchange
