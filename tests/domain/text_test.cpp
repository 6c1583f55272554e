// Goal: one name has one spelling, whatever keyboard typed it, and fits its columns.
// Method: texts in several scripts with known composition and width.
#include "tillsight/domain/text.hpp"

#include <gtest/gtest.h>

namespace tillsight {
namespace {

TEST(Name, ComposesAndCollapsesToOneSpelling) {
  EXPECT_EQ(*normalise_name("  Zoe\xCC\x88   van  Dyk ", "name"), "Zoë van Dyk");
  EXPECT_EQ(*normalise_name("आशा राव", "name"), "आशा राव");
  EXPECT_EQ(*normalise_name("", "name"), "");
}

TEST(Name, RefusesBrokenBytesControlsAndExcess) {
  EXPECT_FALSE(normalise_name("\xC3\x28", "name").ok());
  EXPECT_FALSE(normalise_name("a\nb", "name").ok());
  EXPECT_FALSE(normalise_name(std::string("a\0b", 3), "name").ok());
  EXPECT_TRUE(normalise_name(std::string(80, 'x'), "name").ok());
  EXPECT_FALSE(normalise_name(std::string(81, 'x'), "name").ok());
}

TEST(Width, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("Zoë"), 3);
  EXPECT_EQ(display_width("蘋果"), 4);
}

TEST(Width, CutsBetweenLettersAndShowsIt) {
  EXPECT_EQ(cut_to_width("banana", 6), "banana");
  EXPECT_EQ(cut_to_width("bananas", 6), "banan…");
  EXPECT_EQ(cut_to_width("蘋果汁", 5), "蘋果…");
  for (int columns = 1; columns < 12; ++columns)
    EXPECT_LE(display_width(cut_to_width("a蘋bé果 c汁", columns)), columns);
}

}  // namespace
}  // namespace tillsight
