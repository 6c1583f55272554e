// Goal: what the clerk was told is paid is in head office's database, once, whatever the network
// did; and the open sale survives the till.
// Method: the whole till with all its threads, a real broker and the whole hub in one process; only
// the eyes are scripted. Waiting is for what is expected to come, with a deadline.
#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "app/till_client.hpp"
#include "tests/app/scripted_eyes.hpp"
#include "tests/support/broker.hpp"
#include "tests/support/source_dir.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/app/hub.hpp"
#include "tillsight/app/till.hpp"
#include "tillsight/domain/catalogue.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/statement.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;
using Json = TillClient::Json;

constexpr milliseconds kPatience{30'000};

class TillToHub : public ::testing::Test {
 protected:
  TillToHub() {
    hub_settings_.data = folder_ / "hub";
    hub_settings_.mqtt.port = broker_.port();
    hub_settings_.mqtt.client_id = "hub";
    settings_.store.id = StoreId("S01");
    settings_.id = TillId("T01");
    settings_.catalogue = std::filesystem::path(source_dir()) / "config" / "catalogue.csv";
    settings_.journal = folder_ / "till.db";
    settings_.socket = folder_ / "till.sock";
    settings_.frames_per_second = 60;
    settings_.mqtt.port = broker_.port();
    settings_.mqtt.client_id = "S01-T01";
  }

  ~TillToHub() override { stop(); }

  void start() {
    stop_ = std::make_unique<StopSignals>();
    hub_ = std::thread([this] { EXPECT_TRUE(run_hub(hub_settings_, *stop_).ok()); });
    till_ = std::thread([this] {
      const Status ended =
          run_till(settings_, scripted_eyes(scene_, settings_, clock_), clock_, random_, *stop_);
      EXPECT_TRUE(ended.ok()) << ended.error().message();
    });
  }

  /// As systemd does it: a signal to the process, then waiting.
  void stop() {
    if (!stop_) return;
    ::kill(::getpid(), SIGTERM);
    till_.join();
    hub_.join();
    stop_.reset();
  }

  TillClient connect() {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (true) {
      auto client = TillClient::connect(settings_.socket);
      if (client.ok()) return std::move(client).value();
      if (std::chrono::steady_clock::now() > deadline) ADD_FAILURE() << client.error().message();
      stop_->wait(milliseconds(10));
    }
  }

  /// The view of the sale once it is as wanted.
  Json view(TillClient& till, const std::function<bool(const Json&)>& wanted) {
    auto line = till.wait_for(
        "the sale", [&](const Json& json) { return json["event"] == "sale" && wanted(json); },
        kPatience, *stop_);
    EXPECT_TRUE(line.ok()) << line.error().message();
    return line.ok() ? *line : Json();
  }

  void sell(TillClient& till, const std::string& label) {
    scene_.show(label);
    view(till, [&](const Json& json) {
      return json["state"] == "open" && json["lines"].size() == 1 && json["asks"] == 0;
    });
    pay(till);
    scene_.show("");
    ASSERT_TRUE(till.say({{"do", "next"}}).ok());
    view(till, [](const Json& json) { return json["state"] == "open" && json["lines"].empty(); });
  }

  void pay(TillClient& till) {
    ASSERT_TRUE(till.say({{"do", "pay"}}).ok());
    const auto committed = till.wait_for(
        "the receipt", [](const Json& json) { return json["event"] == "committed"; }, kPatience,
        *stop_);
    ASSERT_TRUE(committed.ok()) << committed.error().message();
    EXPECT_NE(committed->value("receipt", "").find("TOTAL INR"), std::string::npos);
  }

  std::int64_t number(const char* query) {
    auto db = hub::open_for_reading(hub_settings_.data, hub::Persons::kHidden);
    if (!db.ok()) return -1;
    auto statement = db->prepare(query);
    if (!statement.ok() || !statement->step().ok()) return -1;
    return statement->integer(0);
  }

  /// Waits until head office has so many invoices; a hub of its own process would be asked the
  /// same.
  void expect_invoices(std::int64_t count) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (number("SELECT count(*) FROM v_invoices") < count &&
           std::chrono::steady_clock::now() < deadline) {
      stop_->wait(milliseconds(10));
    }
    EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), count);
  }

  TempDir folder_;
  test::Broker broker_;
  HubSettings hub_settings_;
  TillSettings settings_;
  SystemClock clock_;
  SystemRandom random_;
  Scene scene_;
  std::unique_ptr<StopSignals> stop_;
  std::thread hub_;
  std::thread till_;
};

TEST_F(TillToHub, PaidSaleIsInTheHubsDatabase) {
  start();
  TillClient till = connect();
  sell(till, "apple");
  expect_invoices(1);
  EXPECT_EQ(number("SELECT gross FROM v_invoices"), 200);
  EXPECT_EQ(number("SELECT count(*) FROM v_lines WHERE sku = 'apple' AND entry = 'camera'"), 1);
}

TEST_F(TillToHub, SellsWithoutTheBrokerAndSyncsWhenItIsBack) {
  start();
  TillClient till = connect();
  sell(till, "apple");
  expect_invoices(1);
  broker_.kill();
  sell(till, "orange");
  sell(till, "banana");
  broker_.start();
  expect_invoices(3);
  EXPECT_EQ(number("SELECT count(*) FROM v_gaps"), 0);
  EXPECT_EQ(number("SELECT sum(gross) FROM v_invoices"), 200 + 2000 + 300);
}

TEST_F(TillToHub, OpenSaleSurvivesARestart) {
  start();
  {
    TillClient till = connect();
    ASSERT_TRUE(till.say({{"do", "add"}, {"sku", "laptop"}}).ok());
    view(till, [](const Json& json) { return json["lines"].size() == 1; });
  }
  stop();
  start();
  TillClient till = connect();
  const Json again = view(till, [](const Json& json) { return json["lines"].size() == 1; });
  EXPECT_EQ(again["lines"][0]["sku"], "laptop");
  pay(till);
  expect_invoices(1);
}

TEST_F(TillToHub, PaidSaleIsNotOpenAgainAfterARestart) {
  start();
  {
    TillClient till = connect();
    ASSERT_TRUE(till.say({{"do", "add"}, {"sku", "laptop"}}).ok());
    view(till, [](const Json& json) { return json["lines"].size() == 1; });
    pay(till);
  }
  stop();
  start();
  TillClient till = connect();
  ASSERT_TRUE(till.say({{"do", "pay"}}).ok());
  view(till, [](const Json& json) { return json.contains("refused"); });
  expect_invoices(1);
}

TEST_F(TillToHub, WrongLineIsAnsweredAndSellingGoesOn) {
  start();
  TillClient till = connect();
  ASSERT_TRUE(till.say({{"do", "dance"}}).ok());
  const auto answer = till.wait_for(
      "an answer", [](const Json& json) { return json["event"] == "error"; }, kPatience, *stop_);
  ASSERT_TRUE(answer.ok());
  EXPECT_NE(answer->value("message", "").find("'dance' is not one of"), std::string::npos);
  sell(till, "apple");
  expect_invoices(1);
}

}  // namespace
}  // namespace tillsight::app
