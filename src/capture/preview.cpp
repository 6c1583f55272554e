#include "tillsight/capture/preview.hpp"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace tillsight {
namespace {

constexpr int kQuality = 70;

}  // namespace

Result<std::string> encode_preview(const Frame& frame) {
  if (!well_formed(frame)) {
    return error(Code::kInvalidArgument, "{}: a malformed frame", frame.origin);
  }
  try {
    // OpenCV only reads through this.
    const cv::Mat whole(frame.height_px, frame.width_px, CV_8UC3,
                        const_cast<std::uint8_t*>(frame.bgr.data()));
    cv::Mat small = whole;
    if (frame.width_px > kPreviewWidthPx) {
      const int height_px = std::max(
          1, static_cast<int>(std::int64_t{frame.height_px} * kPreviewWidthPx / frame.width_px));
      // Averaging over every pixel of a large picture would take longer than it is worth.
      const bool large = frame.width_px > 2 * kPreviewWidthPx;
      cv::resize(whole, small, {kPreviewWidthPx, height_px}, 0, 0,
                 large ? cv::INTER_LINEAR : cv::INTER_AREA);
    }
    std::vector<std::uint8_t> jpeg;
    cv::imencode(".jpg", small, jpeg, {cv::IMWRITE_JPEG_QUALITY, kQuality});
    return std::string(jpeg.begin(), jpeg.end());
  } catch (const std::exception& failed) {
    return error(Code::kInvalidArgument, "{}: no preview: {}", frame.origin, failed.what());
  }
}

}  // namespace tillsight
