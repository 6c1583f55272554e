/// \file
/// Looks at the first bytes of a photo before a decoder does: how large it will become in memory,
/// and whether the end of the file is there. Decoders answer a half-copied JPEG with a picture that
/// is grey below, and a few crafted bytes with gigabytes.
#pragma once

#include <string_view>

#include "tillsight/core/result.hpp"

namespace tillsight {

struct PictureSize {
  int width_px = 0;
  int height_px = 0;
};

/// \return kInvalidArgument for anything that is not a whole JPEG, PNG or BMP. Never reads outside
/// `bytes`, whatever they are.
///
/// **Source** ITU-T T.81 annex B, PNG (ISO/IEC 15948) section 11.2, BITMAPINFOHEADER.
Result<PictureSize> inspect_picture(std::string_view bytes);

}  // namespace tillsight
