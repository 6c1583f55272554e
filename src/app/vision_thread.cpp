#include "app/till_threads.hpp"
#include "tillsight/core/log.hpp"

namespace tillsight::app {
namespace {

constexpr std::chrono::milliseconds kStopLatency{500};

}  // namespace

void run_vision(Detector& detector, ObjectTracker& tracker, std::chrono::milliseconds period,
                TillQueues& queues, std::stop_token stop) {
  Doorbell pace;  // rung by nobody: a wait that a stop can end
  while (!stop.stop_requested()) {
    auto frame = queues.frames.wait(stop, kStopLatency);
    queues.capture_bell.ring();
    if (!frame) continue;
    const auto started = std::chrono::steady_clock::now();
    const auto detections = detector.detect(*frame);
    if (detections.ok()) {
      Snapshot snapshot = tracker.update(*detections, frame->captured_at);
      queues.snapshots.put(snapshot);
      if (queues.page != nullptr) queues.seen.put({std::move(*frame), std::move(snapshot)});
    } else {
      queues.camera.set(detections.error().message());
      log::warning("vision: {}", detections.error().message());
    }
    const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - started);
    if (spent < period) pace.wait(stop, period - spent, [] { return false; });
  }
}

}  // namespace tillsight::app
