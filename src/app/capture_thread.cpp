#include "app/till_threads.hpp"
#include "tillsight/core/log.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStopLatency{500};

/// Waits out `pause` on the thread's own bell, so that a stop ends it early.
void rest(Doorbell& bell, milliseconds pause, const std::stop_token& stop) {
  if (pause > milliseconds(0)) bell.wait(stop, pause, [] { return false; });
}

/// A photo that the detector has not looked at yet is not replaced.
void wait_until_taken(TillQueues& queues, const std::stop_token& stop) {
  while (!stop.stop_requested() && !queues.frames.empty()) {
    queues.capture_bell.wait(stop, kStopLatency, [&] { return queues.frames.empty(); });
  }
}

}  // namespace

void run_capture(PatientSource& source, const Clock& clock, TillQueues& queues,
                 std::stop_token stop) {
  while (!stop.stop_requested()) {
    queues.camera.asked(clock.monotonic_now());
    auto answer = source.next(stop);
    if (!answer) return;
    auto& frame = *answer;
    if (!frame.ok()) {
      queues.camera.answered(frame.error().message());
      const Code code = frame.error().code();
      if (code == Code::kInvalidArgument) {
        log::warning("capture: {}", frame.error().message());
      } else if (code != Code::kUnavailable) {
        log::error("capture: {}; selling goes on by keypad", frame.error().message());
        return;
      }
    } else if (!frame->has_value()) {
      log::info("capture: the source has ended");
      queues.camera.answered("source ended");
      queues.source_ended = true;
      queues.station_bell.ring();
      return;
    } else {
      queues.frames.put(std::move(**frame));
      queues.camera.answered("ok");
      if (!source.live()) wait_until_taken(queues, stop);
    }
    rest(queues.capture_bell, source.pause(), stop);
  }
}

}  // namespace tillsight::app
