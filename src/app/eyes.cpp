// Apart from the rest of the till, so that a till with other eyes does not load OpenCV.
#include "tillsight/app/till.hpp"

namespace tillsight::app {
namespace {

Result<std::unique_ptr<FrameSource>> open_till_source(const TillSettings& settings,
                                                      const Clock& clock, Random& random) {
  SourceOptions options;
  // Every photo is shown until it is certainly voted in, as if it had been put on the counter.
  options.frames_per_photo = settings.tracker.appear_window;
  if (!is_live(settings.source)) return open_source(settings.source, options, clock);
  const auto open = [spec = settings.source, options, &clock] {
    return open_source(spec, options, clock);
  };
  return std::unique_ptr<FrameSource>(std::make_unique<ReopeningSource>(
      settings.source, open, clock, random, ReopeningSource::Report()));
}

}  // namespace

Result<Eyes> open_eyes(const TillSettings& settings, const Clock& clock, Random& random) {
  TILLSIGHT_ASSIGN(const ModelManifest manifest, ModelManifest::load(settings.model));
  TILLSIGHT_ASSIGN(auto source, open_till_source(settings, clock, random));
  TILLSIGHT_ASSIGN(auto detector, make_opencv_detector(manifest, settings.detector_threads));
  return Eyes{std::move(source), std::move(detector), manifest.labels, manifest.thresholds};
}

}  // namespace tillsight::app
