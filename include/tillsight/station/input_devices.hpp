/// \file
/// Keypads and scanners at the till: found, grabbed, read, and found again after they were pulled
/// out.
///
/// A device is named by a path, its last part maybe a pattern (`/dev/input/by-id/*-event-kbd`); all
/// that match are read, so two scanners may serve one till. One that both patterns match, or any
/// keypad where no scanner is named, may be both. A device is grabbed: what is keyed at the till
/// reaches no console.
///
/// New devices are looked for once a second rather than watched for: the folders of /dev/input come
/// and go with their devices, and a device may be opened only some time after it has appeared.
///
/// **Ownership** `clock` must outlive it.
/// **Threads** thread-bound.
/// **Errors** A missing device is no error: it may come later, and state() says so.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/station/key_bindings.hpp"
#include "tillsight/station/key_stream.hpp"

namespace tillsight {

struct InputSettings {
  std::string keypad;   ///< path or pattern; empty: none
  std::string scanner;  ///< the same
  KeyBindings bindings = KeyBindings::standard();
};

class InputDevices {
 public:
  struct Gone {
    DeviceRole role;
  };
  using Input = std::variant<Key, Scan, Gone>;
  using OnInput = std::function<void(Input)>;

  static constexpr std::chrono::milliseconds kLookPeriod{1'000};

  InputDevices(InputSettings settings, const Clock& clock);
  ~InputDevices();
  InputDevices(const InputDevices&) = delete;
  InputDevices& operator=(const InputDevices&) = delete;

  /// Waits until something is said, `wake_fd` is readable (it is not read), or `timeout` has
  /// passed; looks for new devices when it is time.
  void run_once(std::chrono::milliseconds timeout, int wake_fd, const OnInput& on_input);

  /// For clerk and head office: "off", "ok", or what is wrong and what to do.
  std::string state(DeviceRole role) const;

 private:
  struct Device;

  void look();
  void add(const std::string& path, DeviceRole role);
  /// \return false: it is gone.
  bool read(Device& device, bool readable, const OnInput& on_input);

  // Constant after construction.
  const InputSettings settings_;
  const Clock& clock_;
  // The rest belongs to the thread that runs it.
  std::vector<std::unique_ptr<Device>> devices_;
  std::string trouble_;  ///< why a device that is there cannot be read
  MonotonicTime looked_{};
};

}  // namespace tillsight
