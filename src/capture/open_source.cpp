#include <algorithm>

#include "capture/sources.hpp"

namespace tillsight {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPipelinePrefix = "gst:";
constexpr std::string_view kStillPrefix = "still:";
constexpr std::string_view kDevicePrefix = "/dev/";

Result<std::vector<fs::path>> photos_in(const fs::path& folder) {
  std::error_code failed;
  std::vector<fs::path> photos;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    if (has_photo_extension(entry->path())) photos.push_back(entry->path());
  }
  if (failed) {
    return error(Code::kFailedPrecondition, "{}: the folder cannot be read: {}", folder.string(),
                 failed.message());
  }
  if (photos.empty()) {
    return error(Code::kNotFound, "{}: the folder holds no photos (.jpg, .jpeg, .png, .bmp)",
                 folder.string());
  }
  std::ranges::sort(photos);
  return photos;
}

Result<std::unique_ptr<FrameSource>> open_file(const std::string& spec,
                                               const SourceOptions& options, const Clock& clock) {
  const fs::path path = spec;
  std::error_code unknown;
  const fs::file_status status = fs::status(path, unknown);
  if (fs::is_directory(status)) {
    TILLSIGHT_ASSIGN(std::vector<fs::path> photos, photos_in(path));
    return make_photo_source(std::move(photos), options.frames_per_photo, clock);
  }
  if (!fs::exists(status)) {
    return error(Code::kNotFound,
                 "{}: there is no such photo, folder or video; a camera is /dev/video0, "
                 "a stream rtsp://…",
                 spec);
  }
  if (has_photo_extension(path)) {
    return make_photo_source({path}, options.frames_per_photo, clock);
  }
  return open_video(VideoKind::kFile, spec, spec, options, clock);
}

/// A URL as it may appear on a screen or in a log: without user name and password.
std::string without_password(const std::string& url) {
  const std::size_t host = url.find("://") + 3;
  const std::size_t slash = url.find('/', host);
  const std::size_t at = url.rfind('@', slash);
  if (at == std::string::npos || at < host) return url;
  return url.substr(0, host) + url.substr(at + 1);
}

}  // namespace

bool is_live(const std::string& spec) {
  return spec.starts_with(kPipelinePrefix) || spec.starts_with(kStillPrefix) ||
         spec.starts_with(kDevicePrefix) || spec.find("://") != std::string::npos;
}

Result<std::unique_ptr<FrameSource>> open_source(const std::string& spec,
                                                 const SourceOptions& options, const Clock& clock) {
  if (options.frames_per_photo < 1) {
    return error(Code::kInvalidArgument, "frames per photo are {}; at least 1 is needed",
                 options.frames_per_photo);
  }
  if (spec.starts_with(kPipelinePrefix)) {
    return open_video(VideoKind::kPipeline, spec.substr(kPipelinePrefix.size()), spec, options,
                      clock);
  }
  if (spec.starts_with(kStillPrefix)) {
    return make_still_source(spec.substr(kStillPrefix.size()), clock);
  }
  if (spec.find("://") != std::string::npos) {
    return open_video(VideoKind::kUrl, spec, without_password(spec), options, clock);
  }
  if (spec.starts_with(kDevicePrefix)) {
    return open_video(VideoKind::kCamera, spec, spec, options, clock);
  }
  return open_file(spec, options, clock);
}

}  // namespace tillsight
