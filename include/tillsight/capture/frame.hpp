/// \file
/// One picture on its way from a camera to the detector.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tillsight/core/clock.hpp"

namespace tillsight {

/// **Shapes** `bgr` holds height_px rows from top to bottom, each width_px × 3 bytes in the order
/// blue, green, red, without padding.
///
/// **Ownership** a plain value; move it, a copy copies the picture.
struct Frame {
  int width_px = 0;
  int height_px = 0;
  std::vector<std::uint8_t> bgr{};
  std::uint64_t sequence = 0;  ///< 0, 1, 2, … in the order of the source, also across reopening
  MonotonicTime captured_at{};
  std::string origin{};  ///< the photo's file, or the source's name: for messages and files
};

/// \return whether the sizes are positive and agree with the bytes.
bool well_formed(const Frame& frame);

}  // namespace tillsight
