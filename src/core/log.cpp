#include "tillsight/core/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>

namespace tillsight::log {
namespace {

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::kDebug: return spdlog::level::debug;
    case Level::kInfo: return spdlog::level::info;
    case Level::kWarning: return spdlog::level::warn;
    case Level::kError: return spdlog::level::err;
  }
  return spdlog::level::err;
}

spdlog::logger& logger() {
  // Never destroyed: threads may log while the process ends.
  static spdlog::logger& instance = [&]() -> spdlog::logger& {
    auto* created =
        new spdlog::logger("tillsight", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    created->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %-7l %v", spdlog::pattern_time_type::utc);
    created->flush_on(spdlog::level::debug);
    return *created;
  }();
  return instance;
}

/// Messages quote what strangers sent: it must neither add a line nor steer a terminal.
std::string one_line(std::string_view text) {
  constexpr std::size_t kBytesMax = 2000;
  std::string line(text.substr(0, kBytesMax));
  std::ranges::replace_if(
      line, [](unsigned char c) { return c < ' ' || c == 0x7F; }, '?');
  return line;
}

}  // namespace

void set_level(Level least) {
  logger().set_level(spdlog_level(least));
}

Result<Level> parse_level(std::string_view name) {
  if (name == "debug") return Level::kDebug;
  if (name == "info") return Level::kInfo;
  if (name == "warning") return Level::kWarning;
  if (name == "error") return Level::kError;
  return tillsight::error(Code::kInvalidArgument,
                          "log level '{}' is not one of debug, info, warning, error", name);
}

void write(Level level, std::string_view line) {
  const std::string safe = one_line(line);
  logger().log(spdlog_level(level), spdlog::string_view_t(safe.data(), safe.size()));
}

}  // namespace tillsight::log
