// Goal: docs/clerk-actions.md tells the truth.
// Method: its action examples are parsed, and its example of the screen is what a counter with the
// shipped price list shows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "tests/basket/counter_top.hpp"
#include "tests/support/source_dir.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/sale/counter.hpp"

namespace tillsight {
namespace {

using ::testing::Contains;

std::vector<std::string> lines_that_start_with(std::string_view start) {
  const auto page = read_file(std::string(source_dir()) + "/docs/clerk-actions.md");
  EXPECT_TRUE(page.ok());
  std::istringstream in(*page);
  std::vector<std::string> found;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(start)) found.push_back(line);
  }
  return found;
}

TEST(ClerkActionsPage, ShowsEveryActionAndOnlyOnesThatAreUnderstood) {
  std::set<std::size_t> kinds;
  for (const std::string& line : lines_that_start_with(R"({"do":)")) {
    const auto action = parse_clerk_action(line);
    ASSERT_TRUE(action.ok()) << line << ": " << action.error().message();
    kinds.insert(action->index());
  }
  // All but Reject, which nobody can say.
  EXPECT_EQ(kinds.size(), std::variant_size_v<ClerkAction> - 1);
}

TEST(ClerkActionsPage, ShowsARealScreen) {
  const Currency inr = *Currency::parse("INR");
  const auto catalogue = Catalogue::load(std::string(source_dir()) + "/config/catalogue.csv", inr);
  ASSERT_TRUE(catalogue.ok());
  const FakeClock clock;
  const TimeZone zone = *TimeZone::find("Asia/Kolkata");
  Counter counter(*catalogue, {inr}, clock, zone);
  testing::CounterTop top;
  for (int i = 0; i < 3; ++i) top.put("apple");
  top.put("bottle");
  counter.see(top.look());
  ASSERT_TRUE(counter.act(action::SetCashier{"Meera"}).ok());
  ASSERT_TRUE(counter.act(action::SetCustomer{"Asha", "Rao", "9876543210"}).ok());
  ASSERT_FALSE(counter.act(action::Pay{}).ok());
  EXPECT_THAT(lines_that_start_with(R"({"event":"sale")"), Contains(to_json(counter.view(), inr)));
}

}  // namespace
}  // namespace tillsight
