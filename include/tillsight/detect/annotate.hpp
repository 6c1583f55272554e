/// \file
/// Draws what was seen into the picture it was seen in, for people.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "tillsight/capture/frame.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/domain/detection.hpp"

namespace tillsight {

struct Caption {
  Box box;
  std::string text;   ///< OpenCV's letters are ASCII; any other code point is drawn as '?'
  bool sure = false;  ///< drawn green, else amber
};

/// Writes a copy of `frame` with boxes and captions as .jpg or .png.
/// \return kInvalidArgument for another extension or a malformed frame, else what writing says.
Status write_annotated(const Frame& frame, std::span<const Caption> captions,
                       const std::filesystem::path& file);

}  // namespace tillsight
