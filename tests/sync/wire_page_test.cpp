// Goal: the examples in docs/wire.md are what the code reads and writes.
// Method: every fenced block "json NAME" goes through the parser of that message and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/support/source_dir.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/domain/wire.hpp"

namespace tillsight {
namespace {

std::string example(std::string_view name) {
  static const std::string page =
      read_file(std::filesystem::path(source_dir()) / "docs/wire.md").value();
  const std::string fence = format("```json {}\n", name);
  const auto begin = page.find(fence);
  if (begin == page.npos) return "no such example";
  const auto text = begin + fence.size();
  return page.substr(text, page.find("```", text) - text);
}

template <typename Value>
void expect_round_trip(const Result<Value>& parsed, Result<Value> (*parse)(std::string_view)) {
  ASSERT_TRUE(parsed.ok()) << parsed.error().message();
  const std::string text = to_json(*parsed);
  const Result<Value> again = parse(text);
  ASSERT_TRUE(again.ok()) << again.error().message();
  EXPECT_EQ(to_json(*again), text);
}

TEST(WirePage, ShowsARealAcknowledgement) {
  const Result<Ack> ack = parse_ack(example("ack"));
  expect_round_trip(ack, &parse_ack);
  EXPECT_TRUE(ack->have.contains(Sequence(57)));
  EXPECT_TRUE(ack->held.contains(Sequence(42)));
}

TEST(WirePage, ShowsARealStatus) {
  const Result<TillStatus> status = parse_till_status(example("status"));
  expect_round_trip(status, &parse_till_status);
  EXPECT_EQ(status->last_committed, 57);
}

TEST(WirePage, ShowsARealHubState) {
  const Result<HubState> state = parse_hub_state(example("hub-state"));
  expect_round_trip(state, &parse_hub_state);
  EXPECT_TRUE(state->online);
}

}  // namespace
}  // namespace tillsight
