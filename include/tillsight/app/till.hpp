/// \file
/// The daemon on the checkout box: puts the stages, the queues and the threads together.
///
/// **Errors** Everything that must be right before a sale is checked before the first thread
/// starts: settings, model, price list, journal, a photo or video as source. A camera, a stream and
/// the broker may come later; the till sells without them and says so.
#pragma once

#include <memory>

#include "tillsight/app/settings.hpp"
#include "tillsight/app/stop_signals.hpp"
#include "tillsight/capture/frame_source.hpp"
#include "tillsight/core/clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/detect/detector.hpp"

namespace tillsight::app {

/// What the till looks through: the camera and what tells things apart. A seam for tests.
struct Eyes {
  std::unique_ptr<FrameSource> source;
  std::unique_ptr<Detector> detector;
  std::vector<std::string> labels;  ///< all that the detector can say
  Thresholds thresholds;
};

/// Opens source and model as the settings say. \param clock, random must outlive the eyes.
Result<Eyes> open_eyes(const TillSettings& settings, const Clock& clock, Random& random);

/// Runs until a stop is asked for; with photos or a video as source also until they and standard
/// input have ended and everything is written.
Status run_till(const TillSettings& settings, Eyes eyes, const Clock& clock, Random& random,
                const StopSignals& stop);

}  // namespace tillsight::app
