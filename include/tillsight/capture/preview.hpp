/// \file
/// A frame as a small JPEG, for a person to look at.
///
/// **Threads** thread-compatible.
#pragma once

#include <string>

#include "tillsight/capture/frame.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight {

inline constexpr int kPreviewWidthPx = 480;

/// \return the bytes of a JPEG at most kPreviewWidthPx wide, never enlarged; kInvalidArgument for a
/// malformed frame.
Result<std::string> encode_preview(const Frame& frame);

}  // namespace tillsight
