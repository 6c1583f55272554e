/// \file
/// The keys of a numeric keypad, whatever presses them: a keypad, the page's buttons, a script.
///
/// Seventeen keys do everything that a clerk does; what each means depends on what the screen
/// shows, and `Dialog` alone knows it.
#pragma once

#include <optional>
#include <string_view>

namespace tillsight {

enum class Key {
  k0,  ///< the digits stay first and in order: `digit` counts on it
  k1,
  k2,
  k3,
  k4,
  k5,
  k6,
  k7,
  k8,
  k9,
  kEnter,
  kDot,
  kPlus,
  kMinus,
  kTimes,
  kSlash,
  kNum,   ///< num lock
  kBack,  ///< the eighteenth, which no keypad needs: a keyboard's backspace
};
inline constexpr int kKeys = 18;

/// "0" … "9", "enter", "dot", "plus", "minus", "times", "slash", "num", "back".
std::string_view name(Key key);
/// \return none if no key has that name.
std::optional<Key> parse_key(std::string_view name);

/// \return 0 to 9; none if it is no digit.
std::optional<int> digit(Key key);
/// \pre 0 <= digit <= 9
Key digit_key(int digit);

}  // namespace tillsight
