// Goal: a till is told what its clerk needs and no more; every look-up is on record; whoever asks
// too much, wrongly or for another is told nothing.
// Method: a head office with a few sales; questions as they come off the wire, answers as they
// would leave.
#include "tillsight/hub/responder.hpp"

#include <gmock/gmock.h>

#include "tests/hub/head_office.hpp"
#include "tests/support/books.hpp"
#include "tillsight/domain/limits.hpp"
#include "tillsight/hub/recommendations.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::hub {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const StoreId kStore("S01");
const TillId kAsker("T01");
const std::string kAsk = topics::ask(kStore, kAsker);
const Incarnation kJournal("0123456789abcdef0123456789abcdef");

class Questions : public HeadOffice {
 protected:
  Questions() {
    sale_ = testing::a_sale({testing::a_line("rice", 100, 3), testing::a_line("tea", 250)}, clock_,
                            testing::asha());
    store_events(other_, {other_.next(sale_)});
    responder_.emplace(*store_, clock_);
  }
  void store_events(testing::EventChain&, const std::vector<Event>& events,
                    std::string_view till = "T02") {
    receive(to_cloud_events(events), topics::events(kStore, TillId(std::string(till))));
    flush();
  }

  std::string id() {
    last_id_ = new_question_id(random_);
    return last_id_;
  }
  Answer ask(const TillQuestion& question, const std::string& topic = kAsk) {
    const auto reply = responder_->reply(topic, to_json(question));
    EXPECT_TRUE(reply.ok()) << reply.error().message();
    if (!reply.ok()) return {};
    EXPECT_EQ(reply->topic, topic.substr(0, topic.size() - 3) + "answer");
    const Answer answer = parse_answer(reply->payload).value();
    EXPECT_EQ(answer.id, last_id_);
    return answer;
  }
  Answer who_is(std::string_view phone) {
    return ask({id(), question::AboutCustomer{std::string(phone)}});
  }
  Answer what_is(const InvoiceNumber& number, const std::string& topic = kAsk,
                 const Incarnation& journal = kJournal) {
    return ask({id(), question::AboutInvoice{number, journal}}, topic);
  }

  testing::EventChain other_{"T02", 2};
  Invoice sale_;
  const InvoiceNumber number_{TillId("T02"), 1, 1};
  std::optional<Responder> responder_;
  std::string last_id_;
};

TEST_F(Questions, AboutAPhoneBringTheNewestName) {
  Customer renamed = testing::asha();
  renamed.last_name = "Rao-Mehta";
  store_events(other_,
               {other_.next(testing::a_sale({testing::a_line("tea", 250)}, clock_, renamed))});
  const Answer answer = who_is(testing::asha().phone);
  ASSERT_TRUE(answer.kind == AnswerKind::kCustomer);
  EXPECT_EQ(answer.name.first_name, "Asha");
  EXPECT_EQ(answer.name.last_name, "Rao-Mehta");
  EXPECT_TRUE(who_is("+919812345678").kind == AnswerKind::kUnknown);
}

TEST_F(Questions, AboutAPhoneBringWhatItsBearerMayWant) {
  EXPECT_TRUE(who_is(testing::asha().phone).name.may_want.empty()) << "nothing was trained yet";
  NewModel model;
  model.facts.judged = "all";
  model.items = {{"tea", "Tea"}, {"milk", "Milk"}, {"no till's", "Imported"}};
  model.lists = {{"", {{1, 1, -1}}},
                 {text("SELECT customer FROM invoice"), {{2, 3, -1}, {1, 2, -1}, {0, 1, 1}}}};
  ASSERT_TRUE(RecommendationStore::open(folder())->put_in_use(model, clock_.utc_now()).ok());
  EXPECT_EQ(who_is(testing::asha().phone).name.may_want,
            (std::vector<Sku>{Sku("milk"), Sku("tea")}));
  std::filesystem::resize_file(folder() / "recommend.db", 100);
  const Answer name_alone = who_is(testing::asha().phone);
  EXPECT_EQ(name_alone.name.first_name, "Asha");
  EXPECT_TRUE(name_alone.name.may_want.empty());
}

TEST_F(Questions, AboutSomebodyErasedBringNobody) {
  ASSERT_TRUE(store_->erase_customer(testing::asha().phone, random_).ok());
  EXPECT_TRUE(who_is(testing::asha().phone).kind == AnswerKind::kUnknown);
}

TEST_F(Questions, AboutAnInvoiceBringTheSaleAndWhatCameBackAnywhere) {
  const SoldInvoice sold{Sequence(1), number_, sale_, {0, 0}};
  testing::EventChain asker("T01", 5);
  store_events(other_, {other_.next(testing::a_refund(sold, 1, 1, clock_))});
  store_events(asker, {asker.next(testing::a_refund(sold, 1, 1, clock_))}, "T01");
  const Answer answer = what_is(number_, kAsk, asker.incarnation());
  ASSERT_TRUE(answer.kind == AnswerKind::kInvoice);
  const auto& sale = answer.sale;
  ASSERT_EQ(sale.back.size(), 1u);
  EXPECT_EQ(sale.back[0].line, 1);
  EXPECT_EQ(sale.back[0].pieces, 2);
  EXPECT_EQ(sale.back[0].by_asker, 1);
  const auto back = sold_invoice(sale, kStore, number_, {1});
  ASSERT_TRUE(back.ok()) << back.error().message();
  EXPECT_EQ(back->refunded, (std::vector<int>{2, 0}));
  EXPECT_THAT(to_json(answer), Not(HasSubstr("Asha")));
  EXPECT_THAT(to_json(answer), Not(HasSubstr(testing::asha().phone)));
}

TEST_F(Questions, StayWithinTheStore) {
  const std::string elsewhere = topics::ask(StoreId("S02"), kAsker);
  EXPECT_TRUE(what_is(number_, elsewhere).kind == AnswerKind::kUnknown);
  EXPECT_TRUE(what_is(number_).kind == AnswerKind::kInvoice);
  EXPECT_TRUE(what_is({TillId("T02"), 1, 2}).kind == AnswerKind::kUnknown);
}

TEST_F(Questions, AreOnRecordWithoutThePhone) {
  who_is(testing::asha().phone);
  who_is("+919812345678");
  what_is(number_);
  EXPECT_EQ(number("SELECT count(*) FROM persons.question WHERE kind = 'customer'"), 2);
  EXPECT_EQ(number("SELECT sum(known) FROM persons.question"), 2);
  EXPECT_EQ(text("SELECT store || till || kind || known FROM persons.question WHERE id = 1"),
            "S01T01customer1");
  EXPECT_EQ(text("SELECT at FROM persons.question WHERE id = 1"), to_iso8601(clock_.utc_now()));
  EXPECT_EQ(number("SELECT count(*) FROM persons.question WHERE "
                   "instr(at || store || till || kind || known, '98') > 0"),
            0);
}

TEST_F(Questions, RecordIsKeptForAYearAndThenGoes) {
  who_is(testing::asha().phone);
  clock_.advance(std::chrono::hours(24 * 399));
  who_is(testing::asha().phone);
  EXPECT_EQ(number("SELECT count(*) FROM persons.question"), 2);
  clock_.advance(std::chrono::hours(24 * 2));
  who_is(testing::asha().phone);
  EXPECT_EQ(number("SELECT min(id) FROM persons.question"), 2);
}

TEST_F(Questions, ThatCannotBeRecordedAreNotAnswered) {
  auto intruder = sql::Connection::open(folder() / "persons.db").value();
  auto held = sql::Transaction::begin(intruder).value();
  EXPECT_TRUE(who_is(testing::asha().phone).kind == AnswerKind::kNotNow);
}

TEST_F(Questions, OfAGreedyTillStayWithoutAnAnswer) {
  for (int i = 0; i < limits::kQuestionsAtOnce; ++i) who_is(testing::asha().phone);
  const std::string one_more = to_json({id(), question::AboutCustomer{testing::asha().phone}});
  const auto refused = responder_->reply(kAsk, one_more);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), Code::kResourceExhausted);
  EXPECT_THAT(refused.error().message(), HasSubstr("S01/T01"));
  EXPECT_TRUE(responder_->reply(topics::ask(kStore, TillId("T02")), one_more).ok())
      << "another till does not pay for it";
  clock_.advance(std::chrono::seconds(60 / limits::kQuestionsPerMinute));
  EXPECT_TRUE(responder_->reply(kAsk, one_more).ok());
  EXPECT_FALSE(responder_->reply(kAsk, one_more).ok());
}

TEST_F(Questions, ThatAreNoneAreNotAnswered) {
  for (const char* bytes : {"", "x", "{}", "[]", R"({"id":"1","ask":"customer"})",
                            R"({"id":"c4d1f0aa93b7e862","ask":"customer","phone":"%' OR 1"})"}) {
    const auto reply = responder_->reply(kAsk, bytes);
    ASSERT_FALSE(reply.ok()) << bytes;
    EXPECT_EQ(reply.error().code(), Code::kInvalidArgument);
    EXPECT_THAT(reply.error().message(), Not(HasSubstr("OR 1")));
  }
  EXPECT_FALSE(responder_->reply("tillsight/v1/till/s01/T01/ask", "{}").ok());
  EXPECT_EQ(number("SELECT count(*) FROM persons.question"), 0);
}

}  // namespace
}  // namespace tillsight::hub
