/// \file
/// What one input device has said, as keys and scanned codes.
///
/// A scanner is a keyboard that types a code and Enter. Where one device is both (a scanner that
/// looks like the keypad, or sits behind it), speed tells them apart: six characters and more, each
/// within 30 ms of the one before, with Enter as close behind, were no hand. Keys of such a device
/// are held back until the next 30 ms have shown what they are.
///
/// A press counts, its repetition and its release do not. When the kernel has dropped events, or
/// the device is gone, what was half said counts for nothing.
///
/// **Threads** thread-compatible.
/// **Source** Documentation/input/event-codes.rst (SYN_DROPPED).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tillsight/station/key.hpp"
#include "tillsight/station/key_bindings.hpp"

namespace tillsight {

struct Scan {
  std::string code;
  friend bool operator==(const Scan&, const Scan&) = default;
};

enum class DeviceRole { kKeypad, kScanner, kBoth };
std::string_view name(DeviceRole role);  ///< "keypad", "scanner", "keypad and scanner"

/// An event as the kernel gives it.
struct DeviceEvent {
  std::uint16_t type = 0;
  std::uint16_t code = 0;
  std::int32_t value = 0;
  std::chrono::microseconds at{0};  ///< by whatever clock, the same for all events of a device
};

class KeyStream {
 public:
  using Said = std::variant<Key, Scan>;
  static constexpr std::chrono::milliseconds kHandLeast{30};  ///< between two keys of a hand
  static constexpr std::size_t kScanLeast = 6;
  static constexpr std::size_t kScanMost = 64;  ///< what a scanner types beyond is cut
  static constexpr std::chrono::milliseconds kScanPause{500};  ///< then a scanner begins anew

  /// \param bindings must outlive the stream.
  KeyStream(DeviceRole role, const KeyBindings& bindings) : role_(role), bindings_(bindings) {}

  void take(const DeviceEvent& event, std::vector<Said>& said);

  /// Nothing has come for kHandLeast: keys that were held back are a hand's.
  void settle(std::vector<Said>& said);
  bool holds() const { return role_ == DeviceRole::kBoth && !held_.empty(); }

 private:
  struct Held {
    char letter;
    std::optional<Key> key;
  };

  void press(const DeviceEvent& event, std::vector<Said>& said);
  void press_both(const DeviceEvent& event, bool in_a_row, std::vector<Said>& said);
  void press_scanner(const DeviceEvent& event, bool in_a_row, std::vector<Said>& said);
  void hold(Held held);
  Scan take_scan();

  // Constant after construction.
  DeviceRole role_;
  const KeyBindings& bindings_;
  // What was said since the last key or code was handed on.
  std::vector<Held> held_;
  std::chrono::microseconds last_{0};
  bool shift_ = false;
  bool dropping_ = false;
};

}  // namespace tillsight
