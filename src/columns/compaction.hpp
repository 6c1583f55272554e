/// \file
/// Many small files ─► few: segments of one partition, and dictionary parts.
///
/// A file is joined to the one before it as soon as it is at least half as large, so that n
/// extensions leave about log n files, and every line is written about log n times.
///
/// **Threads** thread-compatible.
#pragma once

#include <filesystem>

#include "columns/folder.hpp"

namespace tillsight::columns {

/// No segment grows beyond this by joining.
inline constexpr std::size_t kSegmentLinesMax = std::size_t{1} << 20;

/// \param mapped its manifest and its segments change together.
Status join_small_segments(const std::filesystem::path& folder, Mapped& mapped);

/// \param texts how many of each field there are in all parts.
/// \param stale the texts of all parts are to be written anew: one of them changed.
Status join_small_parts(const std::filesystem::path& folder, Mapped& mapped, bool stale);

}  // namespace tillsight::columns
