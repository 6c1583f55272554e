#include "tillsight/station/key_stream.hpp"

#include <linux/input-event-codes.h>

#include <cctype>
#include <string_view>

#include "tillsight/core/check.hpp"

namespace tillsight {
namespace {

struct Letter {
  int code;
  char plain;
  char shifted;
};

/// What a code may be made of; scanners type as an American keyboard does.
constexpr Letter kLetters[] = {
    {KEY_0, '0', 0},       {KEY_1, '1', 0},   {KEY_2, '2', 0},     {KEY_3, '3', 0},
    {KEY_4, '4', '$'},     {KEY_5, '5', '%'}, {KEY_6, '6', 0},     {KEY_7, '7', 0},
    {KEY_8, '8', 0},       {KEY_9, '9', 0},   {KEY_KP0, '0', 0},   {KEY_KP1, '1', 0},
    {KEY_KP2, '2', 0},     {KEY_KP3, '3', 0}, {KEY_KP4, '4', 0},   {KEY_KP5, '5', 0},
    {KEY_KP6, '6', 0},     {KEY_KP7, '7', 0}, {KEY_KP8, '8', 0},   {KEY_KP9, '9', 0},
    {KEY_MINUS, '-', '_'}, {KEY_DOT, '.', 0}, {KEY_SLASH, '/', 0}, {KEY_A, 'a', 'A'},
    {KEY_B, 'b', 'B'},     {KEY_C, 'c', 'C'}, {KEY_D, 'd', 'D'},   {KEY_E, 'e', 'E'},
    {KEY_F, 'f', 'F'},     {KEY_G, 'g', 'G'}, {KEY_H, 'h', 'H'},   {KEY_I, 'i', 'I'},
    {KEY_J, 'j', 'J'},     {KEY_K, 'k', 'K'}, {KEY_L, 'l', 'L'},   {KEY_M, 'm', 'M'},
    {KEY_N, 'n', 'N'},     {KEY_O, 'o', 'O'}, {KEY_P, 'p', 'P'},   {KEY_Q, 'q', 'Q'},
    {KEY_R, 'r', 'R'},     {KEY_S, 's', 'S'}, {KEY_T, 't', 'T'},   {KEY_U, 'u', 'U'},
    {KEY_V, 'v', 'V'},     {KEY_W, 'w', 'W'}, {KEY_X, 'x', 'X'},   {KEY_Y, 'y', 'Y'},
    {KEY_Z, 'z', 'Z'},
};

/// \return 0: no letter of a code.
char letter_of(int code, bool shift) {
  for (const Letter& letter : kLetters) {
    if (letter.code == code) return shift ? letter.shifted : letter.plain;
  }
  return 0;
}

bool ends_a_scan(int code) {
  return code == KEY_ENTER || code == KEY_KPENTER || code == KEY_TAB;
}

}  // namespace

std::string_view name(DeviceRole role) {
  switch (role) {
    case DeviceRole::kKeypad: return "keypad";
    case DeviceRole::kScanner: return "scanner";
    case DeviceRole::kBoth: return "keypad and scanner";
  }
  check_failed("role is known", "an input device has a role outside its enumeration");
}

void KeyStream::take(const DeviceEvent& event, std::vector<Said>& said) {
  if (event.type == EV_SYN) {
    if (event.code == SYN_DROPPED) {
      dropping_ = true;
      held_.clear();
    } else if (event.code == SYN_REPORT) {
      dropping_ = false;
    }
    return;
  }
  if (dropping_ || event.type != EV_KEY) return;
  if (event.code == KEY_LEFTSHIFT || event.code == KEY_RIGHTSHIFT) {
    shift_ = event.value != 0;
  } else if (event.value == 1) {
    press(event, said);
  }
}

void KeyStream::press(const DeviceEvent& event, std::vector<Said>& said) {
  const auto since = event.at - std::exchange(last_, event.at);
  const auto in_a_row = [&](std::chrono::milliseconds most) {
    return since >= std::chrono::microseconds(0) && since < most;  // a clock may have been set
  };
  switch (role_) {
    case DeviceRole::kKeypad:
      if (const auto key = bindings_.find(event.code)) said.emplace_back(*key);
      break;
    case DeviceRole::kScanner: press_scanner(event, in_a_row(kScanPause), said); break;
    case DeviceRole::kBoth: press_both(event, in_a_row(kHandLeast), said); break;
  }
}

void KeyStream::press_scanner(const DeviceEvent& event, bool in_a_row, std::vector<Said>& said) {
  if (!in_a_row) held_.clear();
  if (ends_a_scan(event.code)) {
    if (!held_.empty()) said.emplace_back(take_scan());
  } else if (const char letter = letter_of(event.code, shift_)) {
    hold({letter, std::nullopt});
  }
}

void KeyStream::press_both(const DeviceEvent& event, bool in_a_row, std::vector<Said>& said) {
  if (!in_a_row) settle(said);
  const auto key = bindings_.find(event.code);
  if (ends_a_scan(event.code) && held_.size() >= kScanLeast) {
    said.emplace_back(take_scan());
  } else if (const char letter = letter_of(event.code, shift_)) {
    hold({letter, key});
  } else {
    settle(said);
    if (key) said.emplace_back(*key);
  }
}

void KeyStream::hold(Held held) {
  if (held_.size() < kScanMost) held_.push_back(held);
}

Scan KeyStream::take_scan() {
  Scan scan;
  for (const Held& held : held_) scan.code += held.letter;
  held_.clear();
  return scan;
}

void KeyStream::settle(std::vector<Said>& said) {
  for (const Held& held : held_) {
    if (held.key) said.emplace_back(*held.key);
  }
  held_.clear();
}

}  // namespace tillsight
