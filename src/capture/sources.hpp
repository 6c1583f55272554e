/// \file
/// The sources behind open_source(), one maker each. All read the time from `clock`, which must
/// outlive them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tillsight/capture/frame_source.hpp"

namespace tillsight {

/// Decodes one photo; every message begins with its name.
Result<Frame> read_photo(const std::filesystem::path& file);

bool has_photo_extension(const std::filesystem::path& file);

/// One source for one photo and for a folder of them. \pre `files` is not empty.
std::unique_ptr<FrameSource> make_photo_source(std::vector<std::filesystem::path> files,
                                               int frames_per_photo, const Clock& clock);

/// Shows `file` as it is at each frame; an empty counter while there is none.
std::unique_ptr<FrameSource> make_still_source(std::filesystem::path file, const Clock& clock);

enum class VideoKind { kFile, kCamera, kUrl, kPipeline };

/// \param address file, device, URL or pipeline; \param name stands for it in messages.
Result<std::unique_ptr<FrameSource>> open_video(VideoKind kind, const std::string& address,
                                                const std::string& name,
                                                const SourceOptions& options, const Clock& clock);

}  // namespace tillsight
