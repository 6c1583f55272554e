/// \file
/// Which files are the columnar copy, and how far it reaches: the one file that is replaced.
///
/// **Format** lines of words; the last is the checksum of what stands before it.
///
/// **Threads** thread-compatible.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/result.hpp"

namespace tillsight::columns {

inline constexpr std::string_view kFolder = "columns";
inline constexpr std::string_view kManifest = "manifest";
inline constexpr std::string_view kSegmentEnding = ".segment";
inline constexpr std::string_view kPartEnding = ".dictionary";

struct FileEntry {
  std::string name;
  std::uint64_t bytes = 0;
  std::uint64_t checksum = 0;  ///< of a segment's head, of a dictionary part's whole
  friend bool operator==(const FileEntry&, const FileEntry&) = default;
};

struct Manifest {
  std::string epoch;         ///< of the hub's database
  std::string tag;           ///< begins the files' names: no two copies give the same ones
  std::int64_t cursor = 0;   ///< every invoice up to here is in the segments
  std::int64_t changes = 0;  ///< of customers; up to here they are followed
  std::uint64_t files = 0;   ///< how many were ever named: the next name
  std::vector<FileEntry> parts;
  std::vector<FileEntry> segments;
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

std::string to_text(const Manifest& manifest);
/// \return kDataLoss for anything but what to_text() gave.
Result<Manifest> parse_manifest(std::string_view text);

/// \param folder that of the copy. \return kNotFound if there is none, kDataLoss if it is damaged.
Result<Manifest> read_manifest(const std::filesystem::path& folder);

}  // namespace tillsight::columns
