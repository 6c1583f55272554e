/// \file
/// Which key of a keypad is which: the kernel's key codes and the till's seventeen keys.
///
/// **Source** linux/input-event-codes.h; names through libevdev.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/station/key.hpp"

namespace tillsight {

class KeyBindings {
 public:
  /// A numeric keypad, and the same keys of a whole keyboard.
  static KeyBindings standard();

  /// \param codes as the kernel calls them ("KEY_KPENTER"); they replace what `key` was bound to.
  /// \return kInvalidArgument for a name that is none, or that another key has.
  Status bind(Key key, const std::vector<std::string>& codes);

  std::optional<Key> find(int code) const;

 private:
  std::map<int, Key> keys_;
};

}  // namespace tillsight
