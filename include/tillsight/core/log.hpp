/// \file
/// The log: one line an event on standard error, where journald or a terminal picks it up.
/// Standard output belongs to data. A line names the part first ("sync: broker gone; …"). What it
/// quotes may come from a stranger: control characters become '?', and 2,000 bytes are the most.
///
/// **Threads** thread-safe.
#pragma once

#include <string_view>
#include <utility>

#include "tillsight/core/format.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::log {

enum class Level { kDebug, kInfo, kWarning, kError };

void set_level(Level least);
/// \return kInvalidArgument unless `name` is debug, info, warning or error.
Result<Level> parse_level(std::string_view name);
void write(Level level, std::string_view line);

template <typename... Args>
void debug(format_string<Args...> text, Args&&... args) {
  write(Level::kDebug, format(text, std::forward<Args>(args)...));
}
template <typename... Args>
void info(format_string<Args...> text, Args&&... args) {
  write(Level::kInfo, format(text, std::forward<Args>(args)...));
}
template <typename... Args>
void warning(format_string<Args...> text, Args&&... args) {
  write(Level::kWarning, format(text, std::forward<Args>(args)...));
}
template <typename... Args>
void error(format_string<Args...> text, Args&&... args) {
  write(Level::kError, format(text, std::forward<Args>(args)...));
}

}  // namespace tillsight::log
