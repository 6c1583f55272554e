#include "tillsight/app/training.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tillsight/core/file.hpp"

namespace tillsight::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kFile = "training.json";

Json json_of(const std::optional<UtcTime>& time) {
  return time ? Json(time->time_since_epoch().count()) : Json(nullptr);
}

std::optional<UtcTime> time_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return UtcTime(std::chrono::milliseconds(json.get<std::int64_t>()));
}

}  // namespace

Result<TrainingRecord> read_training(const std::filesystem::path& hub_folder) {
  TILLSIGHT_ASSIGN(const std::string text, read_file(hub_folder / kFile));
  try {
    const Json json = Json::parse(text);
    TrainingRecord record;
    record.since = time_of(json.at("since_ms")).value_or(UtcTime());
    record.began = time_of(json.at("began_ms"));
    record.ended = time_of(json.at("ended_ms"));
    record.failed = json.at("failed").get<bool>();
    record.said = json.at("said").get<std::string>();
    record.running = time_of(json.at("running_ms"));
    return record;
  } catch (const Json::exception&) {
    return error(Code::kDataLoss, "{}: is not what was written; delete it",
                 (hub_folder / kFile).string());
  }
}

Status write_training(const std::filesystem::path& hub_folder, const TrainingRecord& record) {
  const Json json = {{"since_ms", json_of(record.since)},
                     {"began_ms", json_of(record.began)},
                     {"ended_ms", json_of(record.ended)},
                     {"failed", record.failed},
                     {"said", record.said},
                     {"running_ms", json_of(record.running)}};
  // What a program said may be cut within a letter.
  return write_file_atomically(hub_folder / kFile,
                               json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::optional<UtcTime> next_training(const RecommendSettings& schedule, const TimeZone& zone,
                                     const TrainingRecord& record, UtcTime now) {
  if (!schedule.train_at) return std::nullopt;
  const UtcTime last = std::min(now, record.began.value_or(record.since));
  const auto slot = [&](std::chrono::sys_days date) {
    return zone.to_utc(std::chrono::year_month_day(date), *schedule.train_at);
  };
  std::chrono::sys_days date(zone.to_local(last).date);
  if (slot(date) <= last) date += std::chrono::days(1);
  const bool kept = record.began && !record.failed;
  return slot(kept ? date + std::chrono::days(schedule.every_days - 1) : date);
}

}  // namespace tillsight::app
