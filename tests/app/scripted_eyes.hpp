/// \file
/// Eyes for a whole till without a camera: what lies on the counter is what the test puts there.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tillsight/app/till.hpp"
#include "tillsight/core/mutex.hpp"
#include "tillsight/domain/catalogue.hpp"

namespace tillsight::app {

/// What lies on the counter, as the test puts it there.
class Scene {
 public:
  void show(std::string label) {
    const MutexLock lock(mutex_);
    label_ = std::move(label);
  }
  std::string label() const {
    const MutexLock lock(mutex_);
    return label_;
  }

 private:
  mutable Mutex mutex_;
  std::string label_ TILLSIGHT_GUARDED_BY(mutex_);
};

class ScriptedCamera final : public FrameSource {
 public:
  explicit ScriptedCamera(const Clock& clock) : clock_(clock) {}
  Result<std::optional<Frame>> next() override {
    Frame frame;
    frame.width_px = frame.height_px = 8;
    frame.bgr.assign(8 * 8 * 3, 0);
    frame.sequence = sequence_++;
    frame.captured_at = clock_.monotonic_now();
    return std::optional<Frame>(std::move(frame));
  }
  std::chrono::milliseconds pause() const override { return std::chrono::milliseconds(5); }
  bool live() const override { return true; }

 private:
  const Clock& clock_;
  std::uint64_t sequence_ = 0;
};

class ScriptedDetector final : public Detector {
 public:
  explicit ScriptedDetector(const Scene& scene) : scene_(scene) {}
  Result<std::vector<Detection>> detect(const Frame&) override {
    const std::string label = scene_.label();
    if (label.empty()) return std::vector<Detection>();
    return std::vector<Detection>{{{label, 0.95F}, {10, 10, 100, 100}, {}}};
  }

 private:
  const Scene& scene_;
};

/// The shipped catalogue may name every label that it sells.
inline Eyes scripted_eyes(const Scene& scene, const TillSettings& settings, const Clock& clock) {
  const auto catalogue = Catalogue::load(settings.catalogue, *Currency::parse("INR"));
  std::vector<std::string> labels;
  for (const Product& product : catalogue->products()) labels.push_back(product.label);
  Eyes eyes{std::make_unique<ScriptedCamera>(clock),
            std::make_unique<ScriptedDetector>(scene),
            std::move(labels),
            {}};
  eyes.thresholds.sure = 0.5F;
  return eyes;
}

}  // namespace tillsight::app
