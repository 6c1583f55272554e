/// \file
/// When head office trains by itself, and how the last time went: `training.json` in its folder.
///
/// **Errors** kDataLoss: the file is not what was written; delete it, and the training is due at
/// its next time of day. **Threads** the functions are thread-safe.
/// **Example** tests/app/training_test.cpp
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "tillsight/app/settings.hpp"
#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::app {

/// What is known of trainings at set times; those by hand are not among them.
struct TrainingRecord {
  UtcTime since{};  ///< when the schedule was first seen: a hub that is off at night is due, too
  std::optional<UtcTime> began{};  ///< the last that ended by itself
  std::optional<UtcTime> ended{};
  bool failed = false;
  std::string said{};                ///< its last words: what is in use, or what is wrong
  std::optional<UtcTime> running{};  ///< since when one runs
};

/// \return kNotFound if there is none yet.
Result<TrainingRecord> read_training(const std::filesystem::path& hub_folder);
Status write_training(const std::filesystem::path& hub_folder, const TrainingRecord& record);

/// The first time of day of the schedule that has not been kept: it may lie in the past, and then
/// one training is due, however many were missed. A failed one is tried again the next day.
/// \return none if the schedule is never.
/// \param now a record from the future, before a clock was put right, counts as of now.
std::optional<UtcTime> next_training(const RecommendSettings& schedule, const TimeZone& zone,
                                     const TrainingRecord& record, UtcTime now);

}  // namespace tillsight::app
