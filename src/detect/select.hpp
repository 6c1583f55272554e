/// \file
/// From a network's raw rows to detections: plain arithmetic, no OpenCV.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tillsight/detect/manifest.hpp"
#include "tillsight/domain/detection.hpp"

namespace tillsight {

/// Numbers in one raw row: picture, class id, score, left, top, right, bottom.
inline constexpr std::size_t kRowLength = 7;

/// Where the frame lies in the network's input: frame pixel = input fraction × scale + offset.
struct Placement {
  int frame_width_px = 0;
  int frame_height_px = 0;
  float scale_x = 1;
  float scale_y = 1;
  float offset_x = 0;
  float offset_y = 0;
  int resized_width_px = 0;  ///< of the frame within the input; the rest is filling
  int resized_height_px = 0;
};

Placement place(const InputFormat& input, int frame_width_px, int frame_height_px);

/// Drops what is no number, no class or not in the frame, clips boxes to the frame, and keeps the
/// best of each heap of overlapping boxes. Each kept detection takes up to three other labels from
/// its heap along as alternatives.
/// \param rows a multiple of kRowLength numbers, in any order, padded with zeros.
std::vector<Detection> select_detections(std::span<const float> rows, const Placement& placement,
                                         std::span<const std::string> labels,
                                         const Thresholds& thresholds);

}  // namespace tillsight
