/// \file
/// Pictures and videos for the capture tests, made on the spot.
#pragma once

#include <filesystem>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>
#include <string>
#include <vector>

namespace tillsight::test {

inline void write(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

/// One colour everywhere, so that a frame's first pixel tells which picture it is.
inline cv::Mat plain(int width_px, int height_px, const cv::Scalar& bgr) {
  return cv::Mat(height_px, width_px, CV_8UC3, bgr);
}

inline std::string encoded(const cv::Mat& picture, const std::string& extension) {
  std::vector<unsigned char> bytes;
  cv::imencode(extension, picture, bytes);
  return {bytes.begin(), bytes.end()};
}

/// A JPEG whose EXIF block asks the viewer to turn it (1: as it is, 6: a quarter clockwise).
inline std::string jpeg_with_orientation(const cv::Mat& picture, char orientation) {
  const std::string tiff("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 18);
  const std::string value({orientation, '\0', '\0', '\0', '\0', '\0', '\0', '\0'});
  const std::string body = std::string("Exif\0\0", 6) + tiff + value;
  const std::string length({'\0', static_cast<char>(body.size() + 2)});
  const std::string jpeg = encoded(picture, ".jpg");
  return jpeg.substr(0, 2) + "\xff\xe1" + length + body + jpeg.substr(2);
}

/// An MJPEG video of grey frames that brighten by 20 from 0.
inline void write_video(const std::filesystem::path& file, int frames) {
  cv::VideoWriter writer(file.string(), cv::CAP_OPENCV_MJPEG,
                         cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 10, {64, 48});
  for (int i = 0; i < frames; ++i) writer.write(plain(64, 48, cv::Scalar::all(20.0 * i)));
}

}  // namespace tillsight::test
