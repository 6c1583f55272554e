/// \file
/// Small whole files: configuration, keys, manifests.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"

namespace tillsight {

/// \return kNotFound if there is none, kResourceExhausted above `bytes_max`, else the bytes.
Result<std::string> read_file(const std::filesystem::path& file,
                              std::size_t bytes_max = 16 * 1024 * 1024);

/// Replaces `file` as a whole: a reader, or a power cut, sees the old or the new content.
Status write_file_atomically(const std::filesystem::path& file, std::string_view content,
                             std::filesystem::perms perms = std::filesystem::perms::owner_read |
                                                            std::filesystem::perms::owner_write);

/// Makes a file's bytes, or a folder's names, survive a power cut.
Status sync_to_disk(const std::filesystem::path& file_or_folder);

}  // namespace tillsight
