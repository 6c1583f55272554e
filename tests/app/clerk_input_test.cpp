// Goal: keys come in and the prompt goes out as docs/clerk-actions.md says.
// Method: the page's key line is parsed, and its example of a prompt is what the shipped price list
// shows; then lines that are neither key nor action.
#include "app/clerk_input.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/view_json.hpp"
#include "tests/basket/counter_top.hpp"
#include "tests/support/source_dir.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/sale/counter.hpp"
#include "tillsight/station/dialog.hpp"

namespace tillsight::app {
namespace {

using ::testing::HasSubstr;

std::string page() {
  return read_file(std::string(source_dir()) + "/docs/clerk-actions.md").value();
}

TEST(ClerkInput, ReadsTheKeyOfThePage) {
  const std::string line = R"({"do":"key","key":"7"})";
  EXPECT_THAT(page(), HasSubstr(line));
  const auto input = parse_clerk_input(line);
  ASSERT_TRUE(input.ok());
  EXPECT_EQ(std::get<Key>(*input), Key::k7);
}

TEST(ClerkInput, ReadsActionsAsBefore) {
  const auto input = parse_clerk_input(R"({"do":"resume","slot":2})");
  ASSERT_TRUE(input.ok());
  EXPECT_EQ(std::get<action::Resume>(std::get<ClerkAction>(*input)).slot, 2);
}

TEST(ClerkInput, RefusesWhatIsNeither) {
  for (const std::string_view line :
       {"", "{}", "[]", R"({"do":"key"})", R"({"do":"key","key":7})", R"({"do":"key","key":"F1"})",
        R"({"do":["key"],"key":"7"})"}) {
    const auto input = parse_clerk_input(line);
    ASSERT_FALSE(input.ok()) << line;
    EXPECT_EQ(input.error().code(), Code::kInvalidArgument);
  }
}

TEST(ViewJson, ShowsThePromptOfThePage) {
  const Currency inr = *Currency::parse("INR");
  const auto catalogue = Catalogue::load(std::string(source_dir()) + "/config/catalogue.csv", inr);
  ASSERT_TRUE(catalogue.ok());
  const FakeClock clock;
  const TimeZone zone = *TimeZone::find("Asia/Kolkata");
  Counter counter(*catalogue, {inr}, clock, zone);
  Dialog dialog({inr});
  testing::CounterTop top;
  top.put("apple");
  top.put("bottle");
  counter.see(top.look());
  EXPECT_FALSE(dialog.press(Key::kEnter, counter.view()));
  const std::string line = view_json(counter.view(), dialog.prompt(counter.view()), inr);
  const std::string prompt = line.substr(line.find("\"prompt\":") + 9);
  EXPECT_THAT(page(), HasSubstr("\n" + prompt.substr(0, prompt.size() - 1) + "\n"));
}

}  // namespace
}  // namespace tillsight::app
