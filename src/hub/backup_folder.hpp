/// \file
/// The files of a backup, and how they are proven: what backing up and restoring share.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/hub/backup.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

inline constexpr std::string_view kSumsFile = "SHA256SUMS";
/// Where a restore works; while it is there, no hub starts.
inline constexpr std::string_view kRestoring = "restore.partial";

/// \return what `sales` holds; `persons` is left 0.
Result<Holding> holding_of(sql::Connection& sales);
Result<std::int64_t> count_persons(sql::Connection& persons);

/// Reads both databases from end to end, and that every customer of the one is in the other.
/// \return kDataLoss with the first thing that is wrong.
Status prove(const std::filesystem::path& folder);

/// Writes the checksum of each file, in the form of sha256sum(1).
Status write_sums(const std::filesystem::path& folder, const std::vector<std::string>& files);
/// \return the files that SHA256SUMS names, of which nothing has been read.
Result<std::vector<std::string>> named_files(const std::filesystem::path& folder);
/// Compares the files in `copies` with the sums in `backup`. \return kDataLoss.
Status check_sums(const std::filesystem::path& backup, const std::filesystem::path& copies);

}  // namespace tillsight::hub
