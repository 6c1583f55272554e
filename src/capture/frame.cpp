#include "tillsight/capture/frame.hpp"

namespace tillsight {

bool well_formed(const Frame& frame) {
  return frame.width_px > 0 && frame.height_px > 0 &&
         frame.bgr.size() == static_cast<std::size_t>(frame.width_px) *
                                 static_cast<std::size_t>(frame.height_px) * 3;
}

}  // namespace tillsight
