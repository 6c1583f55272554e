// Goal: the examples in docs/sync-protocol.md are what the code reads and writes, and
// docs/asyncapi.yaml names the same topics and fields.
// Method: every fenced block "json NAME" goes through the parser of that message and back; the keys
// of what the code writes are compared with the properties of the schema, line by line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <sstream>
#include <string>

#include "tests/support/source_dir.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/domain/questions.hpp"
#include "tillsight/domain/wire.hpp"

namespace tillsight {
namespace {

using ::testing::HasSubstr;

std::string document(const char* name) {
  return read_file(std::filesystem::path(source_dir()) / "docs" / name).value();
}

/// What stands in asyncapi.yaml between `components/schemas/NAME` and the next schema: its
/// properties, which are indented by eight.
std::set<std::string> properties(std::string_view schema) {
  std::set<std::string> found;
  std::istringstream lines(document("asyncapi.yaml"));
  const std::string head = format("    {}:", schema);
  bool inside = false;
  bool listed = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.size() > 4 && line[4] != ' ') inside = line == head;
    if (inside && line == "      properties:") listed = true;
    const bool property = line.starts_with(std::string(8, ' ')) && line[8] != ' ';
    if (inside && listed && property && line.back() == ':')
      found.insert(line.substr(8, line.size() - 9));
    if (!inside) listed = false;
  }
  return found;
}

/// The keys of a JSON object and of those in it.
std::set<std::string> keys(std::string_view json) {
  std::set<std::string> found;
  for (auto end = json.find("\":"); end != json.npos; end = json.find("\":", end + 1)) {
    const auto begin = json.rfind('"', end - 1) + 1;
    found.emplace(json.substr(begin, end - begin));
  }
  return found;
}

std::string example(std::string_view name) {
  static const std::string page = document("sync-protocol.md");
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

TEST(ProtocolPage, ShowsARealAcknowledgement) {
  const Result<Ack> ack = parse_ack(example("ack"));
  expect_round_trip(ack, &parse_ack);
  EXPECT_TRUE(ack->have.contains(Sequence(57)));
  EXPECT_TRUE(ack->held.contains(Sequence(42)));
}

TEST(ProtocolPage, ShowsARealStatus) {
  const Result<TillStatus> status = parse_till_status(example("status"));
  expect_round_trip(status, &parse_till_status);
  EXPECT_EQ(status->last_committed, 57);
}

TEST(ProtocolPage, ShowsARealHubState) {
  const Result<HubState> state = parse_hub_state(example("hub-state"));
  expect_round_trip(state, &parse_hub_state);
  EXPECT_TRUE(state->online);
}

TEST(ProtocolPage, ShowsRealQuestionsAndAnAnswer) {
  const Result<TillQuestion> customer = parse_question(example("ask-customer"));
  expect_round_trip(customer, &parse_question);
  const Result<TillQuestion> invoice = parse_question(example("ask-invoice"));
  expect_round_trip(invoice, &parse_question);
  const Result<Answer> answer = parse_answer(example("answer-customer"));
  expect_round_trip(answer, &parse_answer);
  EXPECT_EQ(answer->id, customer->id);
}

TEST(AsyncApi, NamesTheTopicsOfTheCode) {
  const std::string api = document("asyncapi.yaml");
  const StoreId store("{store}");
  const TillId till("{till}");
  for (const std::string& topic :
       {topics::events(store, till), topics::ack(store, till), topics::status(store, till),
        topics::ask(store, till), topics::answer(store, till), std::string(topics::kHubState)})
    EXPECT_THAT(api, HasSubstr("    address: " + topic + "\n"));
}

TEST(AsyncApi, HasTheFieldsOfEachMessage) {
  EXPECT_EQ(properties("Ack"), keys(to_json(parse_ack(example("ack")).value())));
  std::set<std::string> status = properties("Status");
  status.merge(properties("Figures"));
  EXPECT_EQ(status, keys(to_json(parse_till_status(example("status")).value())));
  EXPECT_EQ(properties("HubState"), keys(to_json(HubState{true, "5f0c9a3e77d14b21", "disk full"})));
  std::set<std::string> asked = keys(to_json(parse_question(example("ask-customer")).value()));
  asked.merge(keys(to_json(parse_question(example("ask-invoice")).value())));
  EXPECT_EQ(properties("Ask"), asked);
  std::set<std::string> told = keys(to_json(parse_answer(example("answer-customer")).value()));
  told.merge(keys(to_json(Answer{"c4d1f0aa93b7e862", AnswerKind::kInvoice, {}, {"{}", {}}})));
  EXPECT_EQ(properties("Answer"), told);
  EXPECT_EQ(properties("Nothing"), std::set<std::string>());
}

}  // namespace
}  // namespace tillsight
