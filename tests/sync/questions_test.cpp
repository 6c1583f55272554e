// Goal: a question is answered once, soon, or with "not now" at once; and the uplink does not
// notice that somebody stands before it. Method: the world of the uplink's tests, with the
// questions between client and uplink.
#include "tillsight/sync/questions.hpp"

#include <gmock/gmock.h>

#include "tests/sync/world.hpp"

namespace tillsight::sync {
namespace {

const std::string kAskTopic = topics::ask(kTill.store, kTill.till);
const std::string kAnswerTopic = topics::answer(kTill.store, kTill.till);
const TillQuestion kQuestion{"c4d1f0aa93b7e862", question::AboutCustomer{"+919876543210"}};

/// Keeps the questions that reach head office.
class Ear final : public mqtt::Handler {
 public:
  void on_connected() override {}
  void on_disconnected(const Error&) override {}
  void on_published(mqtt::PublishId, const Status&) override {}
  void on_message(const mqtt::Message& message) override { heard.emplace_back(message.payload); }
  std::vector<std::string> heard;
};

class Asking : public ::testing::Test {
 protected:
  Asking() {
    EXPECT_TRUE(ear_client_.connect({}).ok());
    listen();
    EXPECT_TRUE(ear_client_.subscribe(topics::kAllAsks).ok());
  }
  void listen() { EXPECT_TRUE(ear_client_.run_once(ear_, milliseconds(0), -1).ok()); }
  void step(int times = 1) {
    for (; times > 0; --times) {
      world_.clock.advance(World::kStep);
      supervisor_.run_once(World::kStep, -1);
      world_.uplink.tick();
      world_.hub.turn();
      world_.outbox.settle();
      listen();
    }
  }
  void tell(const Answer& answer) {
    const std::string text = to_json(answer);
    EXPECT_TRUE(ear_client_.publish(kAnswerTopic, text, mqtt::Retain::kNo).ok());
    step();
  }
  bool not_now(const std::optional<Answer>& answer) {
    return answer && answer->id == kQuestion.id && answer->kind == AnswerKind::kNotNow;
  }

  World world_{1};
  Questions questions_{kTill, world_.client, world_.uplink, world_.clock};
  mqtt::Supervisor supervisor_{"sync", world_.client, questions_, world_.clock, world_.random};
  mqtt::FakeClient ear_client_{world_.broker};
  Ear ear_;
};

TEST_F(Asking, BringsTheQuestionThereAndTheAnswerBack) {
  step(20);
  questions_.ask(kQuestion);
  step();
  ASSERT_EQ(ear_.heard.size(), 1u);
  EXPECT_EQ(ear_.heard[0], to_json(kQuestion));
  EXPECT_FALSE(questions_.next_answer());
  tell({kQuestion.id, AnswerKind::kCustomer, {"Asha", "Rao"}});
  const auto answer = questions_.next_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->name.first_name, "Asha");
  tell({kQuestion.id, AnswerKind::kCustomer, {"Mallory", ""}});
  EXPECT_FALSE(questions_.next_answer()) << "a question has one answer";
}

TEST_F(Asking, WithoutHeadOfficeIsAnsweredAtOnce) {
  questions_.ask(kQuestion);
  EXPECT_TRUE(not_now(questions_.next_answer())) << "no connection yet";
  step(20);
  world_.kill_hub();
  step(2);
  ASSERT_TRUE(world_.client.connected());
  questions_.ask(kQuestion);
  EXPECT_TRUE(not_now(questions_.next_answer())) << "the broker is there, the hub is not";
  EXPECT_TRUE(ear_.heard.empty());
}

TEST_F(Asking, IsOverWhenTheConnectionEnds) {
  step(20);
  questions_.ask(kQuestion);
  world_.broker.cut(world_.client);
  step();
  EXPECT_TRUE(not_now(questions_.next_answer()));
}

TEST_F(Asking, DropsWhatComesTooLate) {
  step(20);
  questions_.ask(kQuestion);
  step(21);
  tell({kQuestion.id, AnswerKind::kCustomer, {"Asha", "Rao"}});
  EXPECT_FALSE(questions_.next_answer());
  EXPECT_EQ(questions_.open(), 0u);
}

TEST_F(Asking, IsBounded) {
  step(20);
  for (std::size_t i = 0; i <= Questions::kOpenMost; ++i) {
    questions_.ask({format("{:016x}", i), question::AboutCustomer{"+919876543210"}});
  }
  EXPECT_TRUE(questions_.next_answer()) << "one too many is answered at once";
  EXPECT_EQ(questions_.open(), Questions::kOpenMost);
}

TEST_F(Asking, SurvivesHostileAnswersAndARefusingBroker) {
  step(20);
  questions_.ask(kQuestion);
  for (const char* text : {"", "{}", "[]", R"({"id":"c4d1f0aa93b7e862"})",
                           R"({"id":"c4d1f0aa93b7e863","answer":"none"})"}) {
    EXPECT_TRUE(ear_client_.publish(kAnswerTopic, text, mqtt::Retain::kNo).ok());
    step();
    EXPECT_FALSE(questions_.next_answer()) << text;
  }
  tell({kQuestion.id, AnswerKind::kUnknown});
  EXPECT_TRUE(questions_.next_answer());
  world_.broker.refuse_publications(error(Code::kFailedPrecondition, "Not authorized"));
  questions_.ask(kQuestion);
  step();
  EXPECT_TRUE(not_now(questions_.next_answer()));
}

TEST_F(Asking, LeavesTheUplinkAsItWas) {
  step(20);
  world_.sell();
  world_.sell();
  questions_.ask(kQuestion);
  step(30);
  EXPECT_TRUE(world_.all_delivered());
  EXPECT_FALSE(world_.uplink.refusal());
}

}  // namespace
}  // namespace tillsight::sync
