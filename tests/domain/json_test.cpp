// Goal: foreign JSON is read as strictly as by nlohmann-json, which reads it by the letter,
// whatever the parser underneath finds acceptable. Method: texts on both sides of every rule; then
// random damage, and both must agree on each text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "src/domain/json_reader.hpp"
#include "tests/support/sales.hpp"

namespace tillsight {
namespace {

using ::testing::HasSubstr;
using Reference = nlohmann::ordered_json;
using namespace std::string_literals;

bool is_taken(std::string_view text) {
  return JsonText::parse(text, "text").ok();
}

/// What `read` says of {"x": VALUE}: empty if nothing.
template <typename Read>
std::string mistake(std::string_view value, Read read) {
  const auto text = parse_object(format(R"({{"x":{}}})", value), "it");
  if (!text.ok()) return text.error().message();
  JsonReader reader(*text, "it");
  read(reader);
  return reader.finish().ok() ? "" : reader.finish().error().message();
}

std::string integer_mistake(std::string_view value) {
  return mistake(value, [](JsonReader& reader) { reader.integer("x"); });
}

TEST(Json, WholeNumbersAreThoseOf64Bits) {
  for (const char* whole : {"0", "-0", "9223372036854775807", "-9223372036854775808"})
    EXPECT_EQ(integer_mistake(whole), "") << whole;
  for (const char* other : {"9223372036854775808", "18446744073709551615", "18446744073709551616",
                            "-9223372036854775809", "123456789012345678901234567890", "1.0", "1e2",
                            "\"1\"", "true", "null", "[1]"})
    EXPECT_EQ(integer_mistake(other), "it: 'x' is not a whole number") << other;
  for (const char* none :
       {"01", "+1", "1.", ".5", "0x1", "1e", "-", "NaN", "Infinity", "1e999", ""})
    EXPECT_EQ(integer_mistake(none), "it is not a JSON object") << none;
}

TEST(Json, OtherTypesAreNamedWithTheirField) {
  EXPECT_EQ(mistake("7", [](JsonReader& it) { it.text("x"); }), "it: 'x' is not a text");
  EXPECT_EQ(mistake("7", [](JsonReader& it) { it.boolean("x"); }), "it: 'x' is not true or false");
  EXPECT_EQ(mistake("7", [](JsonReader& it) { it.array("x", 9); }), "it: 'x' is not a list");
  EXPECT_EQ(mistake("[]", [](JsonReader& it) { it.object("x"); }), "it: 'x' is not an object");
  EXPECT_EQ(mistake("[]", [](JsonReader& it) { it.number("x", 0, 1); }), "it: 'x' is not a number");
  EXPECT_EQ(mistake("2", [](JsonReader& it) { it.number("x", 0, 1); }),
            "it: 'x' 2 is out of range; use 0 to 1");
  EXPECT_EQ(mistake("[1,2]", [](JsonReader& it) { it.array("x", 1); }),
            "it: 'x' has 2 entries; at most 1 are allowed");
  EXPECT_EQ(mistake("\"abc\"", [](JsonReader& it) { it.text("x", 2); }),
            "it: 'x' has 3 bytes; at most 2 are allowed");
}

TEST(Json, TextIsUnicodeAndNothingElse) {
  for (const std::string& wrong : {R"("\ud800")"s,
                                   R"("\udc00")"s,
                                   R"("\ud800x")"s,
                                   R"("\ud800\n")"s,
                                   R"("\ud800\u0041")"s,
                                   R"("\ud800\ud800")"s,
                                   R"("\uDBFF")"s,
                                   R"("\uDFFF")"s,
                                   R"("\ude00\ud83d")"s,
                                   R"("\u12")"s,
                                   R"("\u12g4")"s,
                                   R"("\x")"s,
                                   R"("\")"s,
                                   "\"a\nb\""s,
                                   "\"a\0b\""s,
                                   "\"\xff\""s,
                                   "\"\xc0\xaf\""s,
                                   "\"\xed\xa0\x80\""s,
                                   "\"\xf4\x90\x80\x80\""s,
                                   "\"\xe2\x82\""s,
                                   "'a'"s})
    EXPECT_FALSE(is_taken(wrong)) << wrong;
  const auto text = parse_object(R"({"x":"\ud83d\ude00","y":"a\u0000b","z":"\\ud800"})", "it");
  ASSERT_TRUE(text.ok()) << text.error().message();
  JsonReader reader(*text, "it");
  EXPECT_EQ(reader.text("x"), "😀");
  EXPECT_EQ(reader.text("y"), "a\0b"s);
  EXPECT_EQ(reader.text("z"), R"(\ud800)");
  EXPECT_TRUE(reader.finish().ok());
}

TEST(Json, OfTwoFieldsWithOneNameTheLastCounts) {
  for (const char* twice : {R"({"x":1,"x":2})", R"({"x":1,"y":"\ud83d\ude00","x":2})",
                            R"({"x":"one","\u0078":2})", R"({"x":2,"x":2})"}) {
    const auto text = parse_object(twice, "it");
    ASSERT_TRUE(text.ok());
    JsonReader reader(*text, "it");
    EXPECT_EQ(reader.integer("x"), 2) << twice;
  }
}

TEST(Json, IsOneValueAndNothingBehindIt) {
  for (const std::string& wrong : {"{} x"s, "{}{}"s, "{}\0"s, "{}\0{}"s, "[1,]"s, R"({"a":1,})"s,
                                   "[1 2]"s, "// c\n{}"s, "{a:1}"s, ""s, " "s, "tru"s, "{"s, "]"s})
    EXPECT_FALSE(is_taken(wrong)) << wrong;
  // A byte order mark is allowed to be ignored, and always was.
  for (const char* right : {" {} \n", "\xef\xbb\xbf{}", "7", "null", "\"\""})
    EXPECT_TRUE(is_taken(right)) << right;
}

TEST(Json, NestsAsDeepAsAllowedAndNotDeeper) {
  const auto deep = [](std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  EXPECT_TRUE(is_taken(deep(kJsonDepthMax)));
  EXPECT_TRUE(is_taken("\xef\xbb\xbf" + deep(kJsonDepthMax)));
  for (const std::size_t levels : {33U, 1'024U, 1'025U, 60'000U}) {
    const auto text = JsonText::parse(deep(levels), "it");
    ASSERT_FALSE(text.ok());
    EXPECT_EQ(text.error().code(), Code::kInvalidArgument);
    EXPECT_EQ(text.error().message(), format("it nests {} deep; at most 32 are allowed", levels));
  }
}

TEST(Json, SeveralTextsAreOpenAtOnce) {
  const auto first = parse_object(R"({"x":"first"})", "it");
  {
    const auto second = parse_object(R"({"x":"second"})", "it");
    const auto third = parse_object(R"({"x":"third"})", "it");
    EXPECT_EQ(JsonReader(*second, "it").text("x"), "second");
  }
  const auto fourth = parse_object(R"({"x":"fourth"})", "it");
  EXPECT_EQ(JsonReader(*first, "it").text("x"), "first");
}

/// The bytes that mean something, and some that mean nothing.
char some_byte(std::mt19937& random) {
  static constexpr std::string_view kBytes =
      "\\u\"dD8cC0{}[],:0123456789eE+-.\x01\x7f\x80\xbf\xc3\xe2\xed\xf0\xff nulltrue\0";
  return kBytes[random() % kBytes.size()];
}

TEST(Json, AgreesWithNlohmannOnDamagedTexts) {
  testing::EventChain chain;
  const std::string event = to_cloud_events({chain.next()});
  const std::string small =
      R"({"a":["\ud83d\ude00",1e5,-12.5,18446744073709551616,null],"b":"\\"})";
  std::mt19937 random(7);
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = i % 2 == 0 ? event : small;
    for (std::size_t n = random() % 3 + 1; n > 0; --n)
      text[random() % text.size()] = some_byte(random);
    const bool lawful = Reference::accept(text) && text.find('\0') == std::string::npos;
    const auto parsed = JsonText::parse(text, "it");
    ASSERT_EQ(parsed.ok(), lawful) << text;
    if (!lawful) continue;
    ++taken;
    ASSERT_EQ(Reference::parse(parsed->root().dump()), Reference::parse(text)) << text;
  }
  EXPECT_GT(taken, 1'000);
}

}  // namespace
}  // namespace tillsight
