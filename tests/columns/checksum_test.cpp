// Goal: the checksum is XXH64, so that any other implementation can check a file.
// Method: the specification's published values, and what every length must do.
#include "columns/checksum.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tillsight::columns {
namespace {

TEST(Checksum, IsXxh64) {
  EXPECT_EQ(checksum(std::string_view("")), 0xEF46DB3751D8E999ULL);
  EXPECT_EQ(checksum(std::string_view("a")), 0xD24EC4F1A98C6E5BULL);
  EXPECT_EQ(checksum(std::string_view("abc")), 0x44BC2CF5AD770999ULL);
  EXPECT_EQ(checksum(std::string_view("Nobody inspects the spammish repetition")),
            0xFBCEA83C8A378BF1ULL);
}

TEST(Checksum, DiffersWithEveryByteAndLength) {
  std::set<std::uint64_t> seen;
  for (std::size_t length = 0; length < 100; ++length) {
    std::string text(length, 'x');
    EXPECT_TRUE(seen.insert(checksum(text)).second) << length;
    for (char& c : text) {
      c = 'y';
      EXPECT_TRUE(seen.insert(checksum(text)).second) << text;
      c = 'x';
    }
  }
}

}  // namespace
}  // namespace tillsight::columns
