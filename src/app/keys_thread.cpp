#include "app/till_threads.hpp"
#include "tillsight/core/log.hpp"

namespace tillsight::app {
namespace {

constexpr std::chrono::milliseconds kStopLatency{500};

class KeysLoop {
 public:
  KeysLoop(InputDevices& devices, TillQueues& queues) : devices_(devices), queues_(queues) {}

  void take(InputDevices::Input input) {
    if (const auto* const gone = std::get_if<InputDevices::Gone>(&input)) {
      if (gone->role != DeviceRole::kScanner) push(KeypadGone{});
    } else if (auto* const scan = std::get_if<Scan>(&input)) {
      push(std::move(*scan));
    } else {
      push(std::get<Key>(input));
    }
  }

  void say_how_they_are() {
    say("keypad", devices_.state(DeviceRole::kKeypad), queues_.keypad);
    say("scanner", devices_.state(DeviceRole::kScanner), queues_.scanner);
  }

 private:
  /// A full inbox counts what it refuses, and the counter tells the clerk.
  void push(ClerkInput input) { (void)queues_.clerk.try_push(std::move(input)); }

  static void say(std::string_view what, const std::string& state, Health& health) {
    if (state == health.get()) return;
    health.set(state);
    if (state == "ok") {
      log::info("{}: ready", what);
    } else if (state != "off") {
      log::warning("{}: {}", what, state);
    }
  }

  InputDevices& devices_;
  TillQueues& queues_;
};

}  // namespace

void run_keys(InputDevices& devices, TillQueues& queues, std::stop_token stop) {
  KeysLoop loop(devices, queues);
  const std::stop_callback wake(stop, [&] { queues.keys_bell.ring(); });
  while (!stop.stop_requested()) {
    loop.say_how_they_are();
    queues.keys_bell.arm();
    if (stop.stop_requested()) break;
    devices.run_once(kStopLatency, queues.keys_bell.fd(),
                     [&](InputDevices::Input input) { loop.take(std::move(input)); });
  }
}

}  // namespace tillsight::app
