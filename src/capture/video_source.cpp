#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/videoio.hpp>

#include "capture/sources.hpp"

namespace tillsight {
namespace {

// A stream that has said nothing for so long is dead. Only the FFmpeg backend knows this setting;
// a hung camera driver hangs its thread.
constexpr int kStreamTimeoutMs = 5'000;

// Tillsight says in one line what failed and what to do; OpenCV and FFmpeg would add theirs.
void silence_backends() {
  static std::once_flag once;
  std::call_once(once, [] {
    constexpr int kKeepTheUsersChoice = 0;
    ::setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", kKeepTheUsersChoice);
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::redirectError([](int, const char*, const char*, const char*, int, void*) { return 0; });
  });
}

std::string remedy(VideoKind kind) {
  switch (kind) {
    case VideoKind::kFile: return "it is no video that OpenCV can read; give AVI, MP4 or MKV";
    case VideoKind::kCamera: return "the camera does not answer; unplug it and plug it in again";
    case VideoKind::kUrl: return "the stream does not answer; check address, network and password";
    case VideoKind::kPipeline:
      return "GStreamer cannot start it; try it with gst-launch-1.0, it must end in 'appsink'";
  }
  return "";
}

std::string what_ended(VideoKind kind) {
  switch (kind) {
    case VideoKind::kFile: return "the video ended";
    case VideoKind::kCamera: return "the camera stopped; check its cable";
    case VideoKind::kUrl: return "the stream ended or fell silent; check camera and network";
    case VideoKind::kPipeline: return "the pipeline ended";
  }
  return "";
}

Status check_device(const std::string& device) {
  if (::access(device.c_str(), F_OK) != 0) {
    return error(Code::kNotFound,
                 "{}: there is no such camera; plug it in, or look for its name with: "
                 "ls /dev/video*",
                 device);
  }
  if (::access(device.c_str(), R_OK | W_OK) != 0) {
    return error(Code::kFailedPrecondition,
                 "{}: this user may not use the camera; add it to the group 'video'", device);
  }
  return {};
}

// OpenCV's own choice would also ask every USB camera for the file.
bool open_video_file(cv::VideoCapture& capture, const std::string& file) {
  return capture.open(file, cv::CAP_FFMPEG) || capture.open(file, cv::CAP_GSTREAMER) ||
         capture.open(file, cv::CAP_OPENCV_MJPEG);
}

bool open_capture(cv::VideoCapture& capture, VideoKind kind, const std::string& address) {
  switch (kind) {
    case VideoKind::kFile: return open_video_file(capture, address);
    case VideoKind::kCamera: return capture.open(address, cv::CAP_V4L2);
    case VideoKind::kPipeline: return capture.open(address, cv::CAP_GSTREAMER);
    case VideoKind::kUrl:
      return capture.open(address, cv::CAP_FFMPEG,
                          {cv::CAP_PROP_OPEN_TIMEOUT_MSEC, kStreamTimeoutMs,
                           cv::CAP_PROP_READ_TIMEOUT_MSEC, kStreamTimeoutMs}) ||
             capture.open(address, cv::CAP_GSTREAMER);
  }
  return false;
}

class VideoSource final : public FrameSource {
 public:
  VideoSource(VideoKind kind, std::string name, cv::VideoCapture capture, const Clock& clock)
      : kind_(kind), name_(std::move(name)), capture_(std::move(capture)), clock_(clock) {}

  Result<std::optional<Frame>> next() override {
    try {
      if (capture_.read(picture_) && !picture_.empty()) return take_frame();
    } catch (const cv::Exception&) {
      return error(Code::kUnavailable, "{}: reading failed: {}", name_, what_ended(kind_));
    }
    if (live()) return error(Code::kUnavailable, "{}: {}", name_, what_ended(kind_));
    if (sequence_ == 0) return error(Code::kInvalidArgument, "{}: {}", name_, remedy(kind_));
    return std::optional<Frame>();
  }

  bool live() const override { return kind_ != VideoKind::kFile; }

 private:
  Result<std::optional<Frame>> take_frame() {
    if (picture_.type() != CV_8UC3) {
      return error(Code::kFailedPrecondition,
                   "{}: its pictures are not BGR; add 'videoconvert ! video/x-raw,format=BGR' "
                   "before appsink",
                   name_);
    }
    if (!picture_.isContinuous()) picture_ = picture_.clone();
    Frame frame;
    frame.width_px = picture_.cols;
    frame.height_px = picture_.rows;
    frame.bgr.assign(picture_.ptr(), picture_.ptr() + picture_.total() * picture_.elemSize());
    frame.sequence = sequence_++;
    frame.captured_at = clock_.monotonic_now();
    frame.origin = name_;
    return std::optional<Frame>(std::move(frame));
  }

  const VideoKind kind_;
  const std::string name_;
  cv::VideoCapture capture_;
  const Clock& clock_;
  cv::Mat picture_;
  std::uint64_t sequence_ = 0;
};

}  // namespace

Result<std::unique_ptr<FrameSource>> open_video(VideoKind kind, const std::string& address,
                                                const std::string& name,
                                                const SourceOptions& options, const Clock& clock) {
  silence_backends();
  if (kind == VideoKind::kCamera) TILLSIGHT_TRY(check_device(address));
  cv::VideoCapture capture;
  bool opened = false;
  try {
    opened = open_capture(capture, kind, address);
    if (opened && options.width_px > 0) capture.set(cv::CAP_PROP_FRAME_WIDTH, options.width_px);
    if (opened && options.height_px > 0) capture.set(cv::CAP_PROP_FRAME_HEIGHT, options.height_px);
  } catch (const cv::Exception&) {
    opened = false;
  }
  if (!opened) {
    const Code code = kind == VideoKind::kFile ? Code::kInvalidArgument : Code::kUnavailable;
    return error(code, "{}: {}", name, remedy(kind));
  }
  return std::unique_ptr<FrameSource>(
      std::make_unique<VideoSource>(kind, name, std::move(capture), clock));
}

}  // namespace tillsight
