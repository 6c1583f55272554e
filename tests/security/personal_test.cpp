// Goal: a planted customer is in no file of the chain once erased: no database, no log of writes,
// no printed line, no core file; and no secret is ever in an argument, an environment or a log.
// Method: till, broker and hub as processes; a clerk who names the customer; the till dies of
// SIGABRT, which is how a bug would end it; every file of the folder is read as bytes.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <optional>

#include "app/till_client.hpp"
#include "bench/figure.hpp"
#include "tests/support/evidence_dir.hpp"
#include "tests/support/shop.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/journal/customers.hpp"
#include "tillsight/journal/journal.hpp"
#include "tillsight/journal/reader.hpp"

namespace tillsight::test {
namespace {

namespace fs = std::filesystem;
using app::TillClient;
using std::chrono::milliseconds;
using Json = TillClient::Json;

constexpr milliseconds kPatience{60'000};
constexpr std::string_view kFirstName = "Plantedfirst";
constexpr std::string_view kLastName = "Plantedlast";
constexpr std::string_view kPhone = "9812345678";  // also a part of its E.164 form

/// How often any of `needles` stands in the files under `folder`.
int hits(const fs::path& folder, const std::vector<std::string>& needles) {
  int count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const Result<std::string> bytes = read_file(entry.path(), 256 * 1024 * 1024);
    EXPECT_TRUE(bytes.ok()) << bytes.error().message();
    for (const std::string& needle : needles) {
      for (auto at = bytes->find(needle); at != bytes->npos; at = bytes->find(needle, at + 1)) {
        ++count;
      }
    }
  }
  return count;
}

std::vector<std::string> planted() {
  return {std::string(kFirstName), std::string(kLastName), std::string(kPhone)};
}

class PlantedCustomer : public ::testing::Test {
 protected:
  PlantedCustomer() {
    // A core file would lie where the processes were started.
    old_folder_ = fs::current_path();
    fs::current_path(folder_.path());
    rlimit limit{};
    ::getrlimit(RLIMIT_CORE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_CORE, &limit);
    shop_.emplace(folder_.path(), ShopPlan{.tills = {"T01"}});
    shop_->start_all();
  }
  ~PlantedCustomer() override {
    shop_.reset();
    fs::current_path(old_folder_);
  }

  TillClient connect() {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (true) {
      auto till = TillClient::connect(shop_->socket("T01"));
      if (till.ok()) return std::move(till).value();
      TILLSIGHT_CHECK(std::chrono::steady_clock::now() < deadline, till.error().message());
      stop_.wait(milliseconds(20));
    }
  }
  Json expect(TillClient& till, const std::function<bool(const Json&)>& wanted) {
    const auto line = till.wait_for("an answer", wanted, kPatience, stop_);
    EXPECT_TRUE(line.ok()) << line.error().message();
    return line.ok() ? *line : Json();
  }
  /// \param customer what the clerk types. \return the name that the clerk then sees.
  std::string sell_to(TillClient& till, Json customer) {
    customer["do"] = "customer";
    EXPECT_TRUE(till.say(customer).ok());
    const Json seen = expect(till, [](const Json& line) {
      return line["event"] == "sale" && line["customer"].is_string();
    });
    EXPECT_TRUE(till.say({{"do", "add"}, {"sku", "apple"}}).ok());
    EXPECT_TRUE(till.say({{"do", "pay"}}).ok());
    expect(till, [](const Json& line) { return line["event"] == "committed"; });
    return seen.value("customer", "");
  }
  static Json by_name() {
    return {{"first_name", kFirstName}, {"last_name", kLastName}, {"phone", kPhone}};
  }

  std::int64_t at_hub(const std::string& query) {
    auto db = hub::open_for_reading(shop_->hub_data(), hub::Persons::kShown);
    if (!db.ok()) return 0;
    auto rows = db->prepare(query);
    return rows.ok() && rows->step().ok() ? rows->integer(0) : 0;
  }
  /// Until head office has so many sales, and the till has heard that it does.
  void expect_delivered(std::int64_t sales) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    const auto waiting = [&] {
      auto journal = JournalReader::open(shop_->journal("T01"));
      const auto counts = journal.ok() ? journal->counts() : journal.error();
      return !counts.ok() || counts->unsynced > 0;
    };
    while (at_hub("SELECT count(*) FROM v_invoices") < sales || waiting()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "head office does not get the sales";
      stop_.wait(milliseconds(50));
    }
  }

  void erase_on_both_sides() {
    SystemRandom random;
    const SystemClock clock;
    const std::string phone = "+91" + std::string(kPhone);
    {
      auto journal =
          Journal::open({shop_->journal("T01"), StoreId("S01"), TillId("T01")}, random, clock);
      ASSERT_TRUE(journal.ok()) << journal.error().message();
      const auto erased = journal->erase_customer(phone);
      ASSERT_TRUE(erased.ok()) << erased.error().message();
      EXPECT_TRUE(erased->remembered);
      EXPECT_EQ(erased->sales, 0) << "what was delivered names nobody any more";
    }
    auto store = hub::HubStore::open(shop_->hub_data(), clock, random);
    ASSERT_TRUE(store.ok()) << store.error().message();
    const auto erased = store->erase_customer(phone, random);
    ASSERT_TRUE(erased.ok()) << erased.error().message();
    EXPECT_EQ(erased->invoices, 2);
  }

  const EvidenceDir folder_;
  fs::path old_folder_;
  const app::StopSignals stop_;
  std::optional<Shop> shop_;
};

TEST_F(PlantedCustomer, IsNowhereOnceErased) {
  {
    TillClient till = connect();
    EXPECT_EQ(sell_to(till, by_name()), kFirstName);
    ASSERT_TRUE(till.say({{"do", "next"}}).ok());
    EXPECT_EQ(sell_to(till, {{"phone", kPhone}}), kFirstName) << "the till remembers";
    EXPECT_EQ(hits(folder_.path() / "T01", planted()), 0) << "while the clerk sees the name";
  }
  expect_delivered(2);
  EXPECT_EQ(hits(folder_.path() / "T01", planted()), 0);
  const int before = hits(folder_.path(), planted());
  EXPECT_GT(before, 0) << "head office knows the customer";

  shop_->abort("T01");
  shop_->kill("hub");
  shop_->kill("broker");
  erase_on_both_sides();
  const int after = hits(folder_.path(), planted());
  EXPECT_EQ(after, 0);
  JournalReader journal = JournalReader::open(shop_->journal("T01")).value();
  EXPECT_TRUE(journal.verify_chain().ok());
  EXPECT_EQ(at_hub("SELECT count(*) FROM v_invoices"), 2);
  bench::print({.name = "security.personal_hits_after_erasure",
                .value = static_cast<double>(after),
                .unit = "hits",
                .goal = bench::Goal::kAtMost,
                .bound = 0,
                .rival = format("before:{}", before)});
}

TEST_F(PlantedCustomer, SecretsAreInNoArgumentNoEnvironmentAndNoLog) {
  {
    TillClient till = connect();
    sell_to(till, by_name());
  }
  expect_delivered(1);
  std::vector<std::string> keys;
  for (const fs::path& file :
       {fs::path(shop_->journal("T01").string() + ".key"), shop_->hub_data() / "customer.key"}) {
    const std::string text = read_file(file).value();
    keys.push_back(text.substr(0, 64));
    EXPECT_EQ(hits(file.parent_path(), {text.substr(0, 64)}), 1) << "in its own file alone";
  }
  EXPECT_EQ(hits(folder_.path() / "broker", keys), 0);
  for (const std::string part : {"T01", "hub"}) {
    const fs::path process = fs::path("/proc") / std::to_string(shop_->pid(part));
    for (const char* file : {"cmdline", "environ"}) {
      std::ifstream in(process / file, std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      EXPECT_FALSE(text.empty());
      for (const std::string& key : keys) EXPECT_EQ(text.find(key), text.npos) << file;
    }
  }
}

TEST_F(PlantedCustomer, DaemonsLeaveNoCoreFileWhereOthersDo) {
  {
    TillClient till = connect();
    sell_to(till, by_name());
  }
  expect_delivered(1);  // or head office might not have come so far as to forbid it
  shop_->abort("T01");
  shop_->abort("hub");
  const auto cores = [&] {
    int count = 0;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      count += entry.path().filename().string().starts_with("core") ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(cores(), 0);

  std::ifstream pattern("/proc/sys/kernel/core_pattern");
  std::string where;
  std::getline(pattern, where);
  rlimit limit{};
  ::getrlimit(RLIMIT_CORE, &limit);
  if (where != "core" || limit.rlim_cur == 0) {
    GTEST_SKIP() << "this machine keeps core files elsewhere, or none: " << where;
  }
  const pid_t ordinary = ::fork();
  if (ordinary == 0) ::abort();
  ::waitpid(ordinary, nullptr, 0);
  EXPECT_EQ(cores(), 1) << "the control: a process that does not forbid it leaves one";
}

}  // namespace
}  // namespace tillsight::test
