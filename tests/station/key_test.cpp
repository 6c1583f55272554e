// Goal: every key has a name that reads back.
// Method: all of them, and names that are none.
#include <gtest/gtest.h>

#include <set>

#include "tillsight/station/key.hpp"

namespace tillsight {
namespace {

TEST(Key, NamesReadBack) {
  std::set<std::string_view> names;
  for (int i = 0; i < kKeys; ++i) {
    const Key key = static_cast<Key>(i);
    EXPECT_EQ(parse_key(name(key)), key);
    names.insert(name(key));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kKeys));
  for (const std::string_view none : {"", "10", "Enter", "kp7", "-"}) EXPECT_FALSE(parse_key(none));
}

TEST(Key, DigitsAreTheFirstTen) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(digit(digit_key(i)), i);
  EXPECT_FALSE(digit(Key::kEnter));
  EXPECT_FALSE(digit(Key::kBack));
}

}  // namespace
}  // namespace tillsight
