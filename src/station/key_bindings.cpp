#include "tillsight/station/key_bindings.hpp"

#include <libevdev/libevdev.h>

namespace tillsight {
namespace {

struct Bound {
  int code;
  Key key;
};

constexpr Bound kStandard[] = {
    {KEY_KP0, Key::k0},
    {KEY_KP1, Key::k1},
    {KEY_KP2, Key::k2},
    {KEY_KP3, Key::k3},
    {KEY_KP4, Key::k4},
    {KEY_KP5, Key::k5},
    {KEY_KP6, Key::k6},
    {KEY_KP7, Key::k7},
    {KEY_KP8, Key::k8},
    {KEY_KP9, Key::k9},
    {KEY_KPENTER, Key::kEnter},
    {KEY_KPDOT, Key::kDot},
    {KEY_KPCOMMA, Key::kDot},
    {KEY_KPPLUS, Key::kPlus},
    {KEY_KPMINUS, Key::kMinus},
    {KEY_KPASTERISK, Key::kTimes},
    {KEY_KPSLASH, Key::kSlash},
    {KEY_NUMLOCK, Key::kNum},
    {KEY_0, Key::k0},
    {KEY_1, Key::k1},
    {KEY_2, Key::k2},
    {KEY_3, Key::k3},
    {KEY_4, Key::k4},
    {KEY_5, Key::k5},
    {KEY_6, Key::k6},
    {KEY_7, Key::k7},
    {KEY_8, Key::k8},
    {KEY_9, Key::k9},
    {KEY_ENTER, Key::kEnter},
    {KEY_DOT, Key::kDot},
    {KEY_MINUS, Key::kMinus},
    {KEY_SLASH, Key::kSlash},
    {KEY_BACKSPACE, Key::kBack},
    {KEY_ESC, Key::kBack},
};

}  // namespace

KeyBindings KeyBindings::standard() {
  KeyBindings bindings;
  for (const Bound& bound : kStandard) bindings.keys_.emplace(bound.code, bound.key);
  return bindings;
}

Status KeyBindings::bind(Key key, const std::vector<std::string>& codes) {
  std::erase_if(keys_, [key](const auto& entry) { return entry.second == key; });
  for (const std::string& name : codes) {
    const int code = libevdev_event_code_from_name(EV_KEY, name.c_str());
    if (code < 0) {
      return error(
          Code::kInvalidArgument,
          "'{}' is no key of the kernel; use a name such as KEY_KPENTER (evtest shows them)", name);
    }
    const auto [entry, added] = keys_.emplace(code, key);
    if (!added && entry->second != key) {
      return error(Code::kInvalidArgument, "{} is already '{}'; bind that one anew as well", name,
                   tillsight::name(entry->second));
    }
  }
  return {};
}

std::optional<Key> KeyBindings::find(int code) const {
  const auto found = keys_.find(code);
  if (found == keys_.end()) return std::nullopt;
  return found->second;
}

}  // namespace tillsight
