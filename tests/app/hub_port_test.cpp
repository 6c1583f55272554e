// Goal: head office's answers are its rows, each once and in an order that what arrives meanwhile
// does not disturb; what is asked wrongly is said with its parameter and a remedy, and nothing that
// is written there reaches the database as SQL.
// Method: a small imported trade, asked as the server asks.
#include "app/hub_port.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "app/hub_orders.hpp"
#include "tests/exchange/shop_files.hpp"
#include "tillsight/app/training.hpp"
#include "tillsight/hub/recommendations.hpp"

namespace tillsight::app {
namespace {

using Json = nlohmann::json;
using Parameters = std::map<std::string, std::string>;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::string_view kHeader =
    "invoice_no,store,till,kind,date,time,time_zone,currency,first_name,last_name,phone,sku,item,"
    "aisle,quantity,unit_price,discount,tax_percent,tender,origin\n";

class HubPort : public exchange::ShopFiles {
 protected:
  HubPort() { sell(1, 40); }

  /// Invoices of two lines each; one a day from 2025-03-01, in two stores by turns.
  void sell(int from, int to) {
    std::string csv(kHeader);
    for (int i = from; i <= to; ++i) {
      const auto day =
          std::chrono::sys_days(std::chrono::year(2025) / 3 / 1) + std::chrono::days((i - 1) % 40);
      const std::string head = format(
          "A{},S0{},T01,sale,{},10:15:00,Asia/Kolkata,INR,Asha,Rao,"
          "+919876543210,",
          i, 1 + i % 2, to_string(std::chrono::year_month_day(day)));
      csv += head + "apple,Apple,Grocery,3,2.00,,0,cash,\n";
      csv += head + "cup,\"Cup, \"\"big\"\"\",Utensils,1,249.99,9.99,12,cash,\n";
    }
    import_csv(csv);
  }

  web::HubAnswer ask(const std::string& about, Parameters parameters = {},
                     web::Form form = web::Form::kJson) {
    auto answer = data_.answer({about, std::move(parameters), form});
    EXPECT_TRUE(answer.ok()) << (answer.ok() ? "" : answer.error().message());
    return answer.ok() ? *std::move(answer) : web::HubAnswer();
  }
  Json json(const std::string& about, Parameters parameters = {}) {
    return Json::parse(ask(about, std::move(parameters)).text);
  }
  Error refused(const std::string& about, Parameters parameters) {
    const auto answer = data_.answer({about, std::move(parameters), web::Form::kJson});
    EXPECT_FALSE(answer.ok());
    return answer.ok() ? Error(Code::kCancelled, "") : answer.error();
  }
  static std::string all(web::HubAnswer answer) {
    std::string text = answer.text;
    while (true) {
      const std::string more = answer.rest->next().value();
      if (more.empty()) return text;
      text += more;
    }
  }

  HubSettings settings_ = [this] {
    HubSettings settings;
    settings.data = hub();
    return settings;
  }();
  HubData data_{settings_, clock_};
};

TEST_F(HubPort, PagesHoldEveryRowOnceWhateverArrivesMeanwhile) {
  for (const std::string set : {"invoices", "lines", "tenders"}) {
    std::vector<std::string> keys;
    std::string after;
    for (int page = 0; page < 1'000; ++page) {
      Parameters parameters = {{"limit", "7"}};
      if (!after.empty()) parameters["after"] = after;
      const Json got = json(set, parameters);
      for (const Json& row : got["rows"]) {
        keys.push_back(row["invoice_no"].get<std::string>() + "/" +
                       (set == "lines" ? row["line"].dump() : ""));
      }
      after = got["next"];
      if (!got["more"]) break;
      const int sold = 1'000 * static_cast<int>(set.size());
      if (page == 2) sell(sold, sold + 10);
    }
    EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), keys.size()) << set;
    EXPECT_EQ(std::ssize(keys), number("SELECT count(*) FROM v_" + set)) << set;
  }
}

TEST_F(HubPort, CursorAfterTheLastRowFindsWhatIsNew) {
  const std::string next = json("invoices")["next"];
  EXPECT_THAT(json("invoices", {{"after", next}})["rows"], IsEmpty());
  sell(41, 41);
  const Json news = json("invoices", {{"after", next}});
  ASSERT_THAT(news["rows"], SizeIs(1));
  EXPECT_EQ(news["rows"][0]["invoice_no"], "A41");
}

TEST_F(HubPort, SelectsByDateStoreTillAndCustomer) {
  const Json days = json("invoices", {{"from", "2025-03-05"}, {"to", "2025-03-08"}});
  ASSERT_THAT(days["rows"], SizeIs(4));
  EXPECT_EQ(days["rows"][0]["date"], "2025-03-05");
  EXPECT_THAT(json("lines", {{"from", "2025-04-09"}})["rows"], SizeIs(2));
  EXPECT_THAT(json("invoices", {{"to", "2025-02-28"}})["rows"], IsEmpty());
  EXPECT_THAT(json("invoices", {{"store", "S01"}})["rows"], SizeIs(20));
  EXPECT_THAT(json("invoices", {{"store", "S01"}, {"till", "T09"}})["rows"], IsEmpty());
  const std::string customer = days["rows"][0]["customer"];
  EXPECT_THAT(json("invoices", {{"customer", customer}})["rows"], SizeIs(40));
}

TEST_F(HubPort, StreamOfAllIsWhatPagesHold) {
  const std::string csv = all(ask("lines", {{"limit", "all"}}, web::Form::kCsv));
  EXPECT_THAT(csv, StartsWith("cursor,store,till,invoice_no,"));
  EXPECT_THAT(csv, HasSubstr(R"(,"Cup, ""big""",Utensils,1,24999,999,1200,)"));
  EXPECT_EQ(std::ranges::count(csv, '\n'), 81);
  EXPECT_EQ(all(ask("invoices", {{"limit", "all"}}, web::Form::kJsonLines)),
            ask("invoices", {{"limit", "40"}}, web::Form::kJsonLines).text);
}

TEST_F(HubPort, PersonsAreThereOnlyIfAskedForAndThenSaidSo) {
  EXPECT_FALSE(ask("invoices").names_persons);
  EXPECT_THAT(ask("invoices").text, testing::Not(HasSubstr("Asha")));
  const web::HubAnswer named = ask("invoices", {{"persons", "true"}});
  EXPECT_TRUE(named.names_persons);
  EXPECT_THAT(named.text, HasSubstr(R"("first_name":"Asha","last_name":"Rao")"));
  EXPECT_TRUE(ask("persons").names_persons);
  EXPECT_TRUE(ask("reports/top-customers").names_persons);
  EXPECT_FALSE(ask("reports/busiest-days").names_persons);
  const std::string customer = json("invoices", {{"limit", "1"}})["rows"][0]["customer"];
  const web::HubAnswer one = ask("customers/" + customer);
  EXPECT_TRUE(one.names_persons);
  EXPECT_THAT(one.text, HasSubstr(R"("invoices":40)"));
  EXPECT_EQ(refused("customers/nobody", {}).code(), Code::kNotFound);
}

TEST_F(HubPort, WrongParameterIsNamedWithARemedy) {
  const std::vector<std::pair<Parameters, std::string>> wrong = {
      {{{"limit", "0"}}, "limit"},
      {{{"limit", "10001"}}, "limit"},
      {{{"limit", "99999999999999999999"}}, "limit"},
      {{{"limit", "-1"}}, "limit"},
      {{{"limit", "all"}}, "limit"},
      {{{"from", "2025-02-30"}}, "from"},
      {{{"to", "yesterday"}}, "to"},
      {{{"from", "2025-03-02"}, {"to", "2025-03-01"}}, "to"},
      {{{"after", "x"}}, "after"},
      {{{"after", "1-"}}, "after"},
      {{{"after", "-1"}}, "after"},
      {{{"after", "9223372036854775808"}}, "after"},
      {{{"store", "S01' OR '1'='1"}}, "store"},
      {{{"till", "T01;DROP TABLE invoice"}}, "till"},
      {{{"customer", "%"}}, "customer"},
      {{{"persons", "yes"}}, "persons"},
      {{{"form", "2025-01-01"}}, "form"}};
  for (const auto& [parameters, name] : wrong) {
    const Error error = refused("invoices", parameters);
    EXPECT_EQ(error.code(), Code::kInvalidArgument) << error.message();
    EXPECT_EQ(error.id(), name) << error.message();
    EXPECT_THAT(error.message(), StartsWith(name + ": "));
  }
  EXPECT_EQ(refused("tills", {{"from", "2025-03-01"}}).id(), "from");
  EXPECT_EQ(refused("lines", {{"persons", "1"}}).id(), "persons");
  EXPECT_EQ(refused("today", {{"date", "x"}}).id(), "date");
  EXPECT_EQ(number("SELECT count(*) FROM invoice"), 40);
}

TEST_F(HubPort, ReportsAreServedAsTheyAre) {
  const Json report = json("reports/busiest-days", {{"limit", "2"}, {"from", "2025-03-01"}});
  EXPECT_EQ(report["rows"][0]["date"], "2025-03-01");
  EXPECT_THAT(report["rows"], SizeIs(2));
  EXPECT_THAT(ask("reports/busiest-days", {{"limit", "2"}}, web::Form::kJsonLines).text,
              HasSubstr("\"revenue_INR\":\"246.00\"}\n{"));
  EXPECT_EQ(refused("reports/no-such", {}).code(), Code::kNotFound);
  EXPECT_EQ(refused("reports/sales-on", {}).code(), Code::kInvalidArgument);
  const Json all = json("reports");
  for (const Json& entry : all["reports"]) EXPECT_FALSE(entry["what"].empty());
}

TEST_F(HubPort, TodayComparesWithTheSameWeekday) {
  const Json today = json("today", {{"date", "2025-03-10"}});
  ASSERT_THAT(today["currencies"], SizeIs(1));
  const Json& inr = today["currencies"][0];
  EXPECT_EQ(inr["revenue"], 24600);
  EXPECT_EQ(inr["invoices"], 1);
  EXPECT_EQ(inr["revenue_before"], 24600);
  EXPECT_EQ(today["date_before"], "2025-03-03");
  EXPECT_EQ(today["newest_date"], "2025-04-09");
  EXPECT_THAT(json("invoices", {{"after", today["latest_after"]},
                                {"from", "2025-03-10"},
                                {"to", "2025-03-10"}})["rows"],
              SizeIs(1));
  EXPECT_EQ(inr["hours"][0]["hour"], 10);
  EXPECT_THAT(json("today", {{"date", "2024-01-01"}})["currencies"], IsEmpty());
}

TEST_F(HubPort, NewsAreInvoicesOfTheirCursor) {
  const auto news = data_.news(38, 10);
  ASSERT_TRUE(news.ok());
  ASSERT_THAT(*news, SizeIs(2));
  EXPECT_EQ(news->back().cursor, 40);
  EXPECT_THAT(news->back().json, HasSubstr(R"("invoice_no":"A40")"));
  EXPECT_EQ(*data_.newest(), 40);
}

TEST_F(HubPort, TokensComeAndGoByOrder) {
  hub::Ingest ingest(*store_, clock_);
  HubOrder add{HubOrder::What::kAddToken, {}, "root", {}};
  add.name = "bookkeeping";
  add.scope = "read";
  add.hash = to_hex(sha256("secret"));
  add.days = 2;
  const auto travelled = parse_order(to_json(add));
  ASSERT_TRUE(travelled.ok());
  ASSERT_TRUE(carry_out(*store_, ingest, clock_, *travelled).ok());
  ASSERT_THAT(*data_.holders(), SizeIs(1));
  EXPECT_EQ(data_.holders()->front().hash, sha256("secret"));
  EXPECT_EQ(carry_out(*store_, ingest, clock_, add).error().code(), Code::kAlreadyExists);
  clock_.advance(std::chrono::hours(48));
  EXPECT_THAT(*data_.holders(), IsEmpty());
  HubOrder revoke{HubOrder::What::kRevokeToken, {}, "root", {}};
  revoke.name = "bookkeeping";
  ASSERT_TRUE(carry_out(*store_, ingest, clock_, revoke).ok());
  EXPECT_EQ(carry_out(*store_, ingest, clock_, revoke).error().code(), Code::kNotFound);
  add.days = 0;
  add.hash = to_hex(sha256("another secret"));
  ASSERT_TRUE(carry_out(*store_, ingest, clock_, add).ok());
  EXPECT_THAT(*data_.holders(), SizeIs(1));
  add.name = "a b";
  EXPECT_EQ(carry_out(*store_, ingest, clock_, add).error().code(), Code::kInvalidArgument);
}

TEST_F(HubPort, WithoutAHubNothingIsRecordedAndSoNothingShown) {
  EXPECT_FALSE(data_.record_person_read("token boss", "persons").ok());
}

TEST_F(HubPort, ModelsAndTheirTrainingAreToldAndNobodyIsNamed) {
  const Json none = json("models");
  EXPECT_THAT(none["versions"], IsEmpty());
  EXPECT_TRUE(none["training"].is_null());
  hub::NewModel model;
  model.facts.title = "EASE";
  model.facts.judged = "all";
  model.facts.ndcg20 = 0.25;
  model.items = {{"apple", "Apple", "Grocery"}};
  model.lists = {{"", {{0, 1, -1}}}};
  model.left_out = hub::LeftOut{{"Tobacco"}, {"bag"}};
  ASSERT_TRUE(hub::RecommendationStore::open(hub())->put_in_use(model, clock_.utc_now()).ok());
  settings_.recommend.train_at = std::chrono::minutes(210);
  HubData scheduled(settings_, clock_);
  const auto ask_models = [&scheduled] {
    return Json::parse(scheduled.answer({"models", {}, web::Form::kJson})->text);
  };
  const Json first = ask_models();
  EXPECT_EQ(first["versions"][0]["title"], "EASE");
  EXPECT_EQ(first["versions"][0]["in_use"], true);
  EXPECT_EQ(first["versions"][0]["ndcg20"], 0.25);
  EXPECT_EQ(first["left_out"], Json::parse(R"({"aisles": ["Tobacco"], "items": ["bag"]})"));
  EXPECT_EQ(first["training"]["train_at"], "03:30");
  EXPECT_EQ(first["training"]["next_at"], "2026-01-05T22:00:00.000Z");
  EXPECT_TRUE(first["training"]["ended_at"].is_null());
  TrainingRecord record{.since = clock_.utc_now()};
  record.began = record.ended = clock_.utc_now();
  record.failed = true;
  record.said = "the disk is full";
  ASSERT_TRUE(write_training(hub(), record).ok());
  const Json failed = ask_models();
  EXPECT_EQ(failed["training"]["failed"], true);
  EXPECT_EQ(failed["training"]["said"], "the disk is full");
  EXPECT_THAT(*scheduled.metrics(), HasSubstr("tillsight_hub_model_version 1\n"));
  EXPECT_THAT(*scheduled.metrics(), HasSubstr("tillsight_hub_training_failed 1\n"));
  EXPECT_FALSE(scheduled.answer({"models", {}, web::Form::kCsv}).ok());
}

}  // namespace
}  // namespace tillsight::app
