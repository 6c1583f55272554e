/// \file
/// Finds things in a picture.
#pragma once

#include <memory>
#include <vector>

#include "tillsight/capture/frame.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/detect/manifest.hpp"
#include "tillsight/domain/detection.hpp"

namespace tillsight {

/// **Threads** thread-compatible: one detect() at a time.
class Detector {
 public:
  virtual ~Detector() = default;

  /// \return what is seen, best first: scores of at least the manifest's min_score, boxes within
  /// the frame, no two on the same thing. kInvalidArgument for a frame that is not well-formed,
  /// kUnavailable if the network failed on this frame.
  virtual Result<std::vector<Detection>> detect(const Frame& frame) = 0;
};

/// Loads the network into OpenCV and lets it answer once, so that the first frame is as fast as
/// the others and a network of another kind is noticed now.
///
/// \param threads for the arithmetic, 0: one per core. OpenCV has one such setting per process;
/// the detector made last decides.
/// \return kNotFound (no such file) or kFailedPrecondition (another hash, OpenCV cannot import it,
/// its answers are not rows of detections), always naming the file and what to do.
Result<std::unique_ptr<Detector>> make_opencv_detector(const ModelManifest& manifest, int threads);

}  // namespace tillsight
