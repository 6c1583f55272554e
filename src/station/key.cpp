#include "tillsight/station/key.hpp"

#include <array>

#include "tillsight/core/check.hpp"

namespace tillsight {
namespace {

constexpr std::array<std::string_view, kKeys> kNames = {
    "0", "1",     "2",   "3",    "4",     "5",     "6",     "7",   "8",
    "9", "enter", "dot", "plus", "minus", "times", "slash", "num", "back"};

}  // namespace

std::string_view name(Key key) {
  return kNames.at(static_cast<std::size_t>(key));
}

std::optional<Key> parse_key(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames.at(i) == name) return static_cast<Key>(i);
  }
  return std::nullopt;
}

std::optional<int> digit(Key key) {
  if (key > Key::k9) return std::nullopt;
  return static_cast<int>(key);
}

Key digit_key(int digit) {
  TILLSIGHT_CHECK(digit >= 0 && digit <= 9, "a digit is 0 to 9");
  return static_cast<Key>(digit);
}

}  // namespace tillsight
