// Goal: what one till has sold, another knows through head office: who the customer is, and what of
// an invoice may still come back; without head office the clerk is told so and not kept waiting.
// Method: two whole tills with all their threads, a real broker and the whole hub in one process.
// Waiting is for what is expected to come, with a deadline.
#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "app/till_client.hpp"
#include "tests/app/scripted_eyes.hpp"
#include "tests/support/broker.hpp"
#include "tests/support/source_dir.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/app/hub.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/statement.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;
using Json = TillClient::Json;

constexpr milliseconds kPatience{30'000};

/// One of the store's tills, with a clerk at its socket.
class TillOfTwo {
 public:
  TillOfTwo(const std::string& id, const std::filesystem::path& folder, int broker_port,
            const StopSignals& stop)
      : stop_(stop) {
    settings_.store.id = StoreId("S01");
    settings_.id = TillId(id);
    settings_.catalogue = std::filesystem::path(source_dir()) / "config" / "catalogue.csv";
    settings_.journal = folder / (id + ".db");
    settings_.socket = folder / (id + ".sock");
    settings_.frames_per_second = 60;
    settings_.mqtt.port = broker_port;
    settings_.mqtt.client_id = "S01-" + id;
    thread_ = std::thread([this] {
      const Status ended =
          run_till(settings_, scripted_eyes(scene_, settings_, clock_), clock_, random_, stop_);
      EXPECT_TRUE(ended.ok()) << ended.error().message();
    });
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!client_ && std::chrono::steady_clock::now() < deadline) {
      auto client = TillClient::connect(settings_.socket);
      if (client.ok()) client_.emplace(std::move(client).value());
      if (!client_) stop_.wait(milliseconds(10));
    }
    EXPECT_TRUE(client_.has_value());
  }
  ~TillOfTwo() { thread_.join(); }

  void say(const Json& action) { EXPECT_TRUE(client_->say(action).ok()); }

  /// The view of the sale once it is as wanted; null after `patience`.
  Json seen(const std::function<bool(const Json&)>& wanted, milliseconds patience = kPatience) {
    auto line = client_->wait_for(
        "the sale", [&](const Json& json) { return json["event"] == "sale" && wanted(json); },
        patience, stop_);
    return line.ok() ? *line : Json();
  }

  /// Pays what is on the screen. \return the number on the receipt; of a refund there is none.
  std::string pay() {
    say({{"do", "pay"}});
    const auto committed = client_->wait_for(
        "the receipt", [](const Json& json) { return json["event"] == "committed"; }, kPatience,
        stop_);
    EXPECT_TRUE(committed.ok()) << committed.error().message();
    say({{"do", "next"}});
    seen([](const Json& json) { return json["state"] == "open" && json["lines"].empty(); });
    return committed.ok() ? committed->value("invoice_no", "") : "";
  }
  std::string sell_apples(int quantity) {
    say({{"do", "add"}, {"sku", "apple"}, {"quantity", quantity}});
    seen([](const Json& json) { return json["lines"].size() == 1; });
    return pay();
  }
  /// The screen of the refund, or the refusal, that the clerk is left with; while the till does not
  /// reach head office yet, the clerk tries again.
  Json refund(const std::string& number, std::string_view code_wanted = "") {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    Json view;
    do {
      say({{"do", "refund"}, {"invoice_no", number}});
      view = seen([](const Json& json) {
        const bool answered = json.contains("refund") || json.contains("code");
        return answered && json["prompt"].dump().find("asking") == std::string::npos;
      });
      if (view.value("code", "") == code_wanted) break;
    } while (std::chrono::steady_clock::now() < deadline);
    EXPECT_EQ(view.value("code", ""), code_wanted) << view.dump();
    return view;
  }

 private:
  const StopSignals& stop_;
  TillSettings settings_;
  Scene scene_;
  SystemClock clock_;
  SystemRandom random_;
  std::thread thread_;
  std::optional<TillClient> client_;
};

class TwoTills : public ::testing::Test {
 protected:
  TwoTills() {
    hub_settings_.data = folder_ / "hub";
    hub_settings_.mqtt.port = broker_.port();
    hub_settings_.mqtt.client_id = "hub";
    start_hub();
    one_ = std::make_unique<TillOfTwo>("T01", folder_.path(), broker_.port(), stop_);
    two_ = std::make_unique<TillOfTwo>("T02", folder_.path(), broker_.port(), stop_);
  }
  ~TwoTills() override {
    ::kill(::getpid(), SIGTERM);
    one_.reset();
    two_.reset();
    hub_.join();
  }
  void start_hub() {
    hub_ = std::thread([this] { EXPECT_TRUE(run_hub(hub_settings_, stop_).ok()); });
  }

  std::int64_t number(const std::string& query) {
    auto db = hub::open_for_reading(hub_settings_.data, hub::Persons::kShown);
    if (!db.ok()) return -1;
    auto statement = db->prepare(query);
    if (!statement.ok() || !statement->step().ok()) return -1;
    return statement->integer(0);
  }
  void expect_invoices(std::int64_t count) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (number("SELECT count(*) FROM v_invoices") < count &&
           std::chrono::steady_clock::now() < deadline) {
      stop_.wait(milliseconds(10));
    }
    EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), count);
  }

  TempDir folder_;
  test::Broker broker_;
  StopSignals stop_;
  HubSettings hub_settings_;
  std::thread hub_;
  std::unique_ptr<TillOfTwo> one_;
  std::unique_ptr<TillOfTwo> two_;
};

TEST_F(TwoTills, ACustomerOfTheOtherTillIsNamedAndTheSaleGoesOnMeanwhile) {
  two_->say(
      {{"do", "customer"}, {"first_name", "Asha"}, {"last_name", "Rao"}, {"phone", "9876543210"}});
  two_->sell_apples(1);
  expect_invoices(1);
  // A till that does not reach head office yet is not told later: the clerk types it again.
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  Json named;
  while (named.is_null() && std::chrono::steady_clock::now() < deadline) {
    one_->say({{"do", "customer"}, {"phone", "9876543210"}});
    named = one_->seen([](const Json& json) { return json["customer"] == "Asha"; },
                       milliseconds(5'000));
  }
  EXPECT_FALSE(named.is_null()) << "nobody told the name";
  EXPECT_GE(number("SELECT count(*) FROM persons.question WHERE till = 'T01' AND known"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM persons.question WHERE kind <> 'customer'"), 0);
  one_->sell_apples(1);
  expect_invoices(2);
  EXPECT_EQ(number("SELECT count(DISTINCT person) FROM invoice"), 1) << "one and the same";
}

TEST_F(TwoTills, AnInvoiceOfTheOtherTillComesBackLinkedAndOnlyOnce) {
  const std::string sold = two_->sell_apples(3);
  expect_invoices(1);
  const Json refund = one_->refund(sold);
  EXPECT_EQ(refund["refund"].value("of", ""), sold);
  EXPECT_FALSE(refund["refund"].value("unlinked", false));
  ASSERT_EQ(refund["lines"].size(), 1u);
  EXPECT_EQ(refund["lines"][0]["quantity"], 3);
  one_->say({{"do", "quantity"}, {"line", refund["lines"][0]["line"]}, {"quantity", 2}});
  one_->seen([](const Json& json) { return json["lines"][0]["quantity"] == 2; });
  one_->pay();
  expect_invoices(2);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices WHERE till = 'T01' AND kind = 'refund' AND "
                   "NOT unlinked AND refund_of = '" +
                   sold + "'"),
            1);
  // At the till that sold it one is left, although its own journal knows nothing of the two.
  const Json rest = two_->refund(sold);
  EXPECT_EQ(rest["lines"][0]["quantity"], 1);
  two_->pay();
  expect_invoices(3);
  one_->refund(sold, "refund.done");
  EXPECT_EQ(number("SELECT sum(iif(kind = 'refund', -quantity, quantity)) FROM v_lines"), 0);
}

TEST_F(TwoTills, WithoutABrokerTheClerkIsSentToTheSupervisor) {
  const std::string sold = two_->sell_apples(1);
  expect_invoices(1);
  broker_.kill();
  const Json refused = one_->refund(sold, "needs.cashiers");
  EXPECT_NE(refused.value("refused", "").find("does not know the invoice"), std::string::npos);
  two_->refund(sold);  // its own
}

}  // namespace
}  // namespace tillsight::app
