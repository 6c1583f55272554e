// Goal: a till in the shop says within two seconds what is wrong with its disk, is well again
// within five once the disk is, and sells on within ten when its journal is damaged, with the open
// sale, and nothing that it had confirmed lost or doubled.
// Method: the till, a hub and Mosquitto as processes; a real tmpfs that is filled and emptied;
// pages of the journal written over while the till runs. Waiting is for what must come, by a
// deadline.
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

#include "app/till_client.hpp"
#include "bench/figure.hpp"
#include "tests/support/evidence_dir.hpp"
#include "tests/support/shop.hpp"
#include "tests/support/small_disk.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/statement.hpp"

namespace tillsight::test {
namespace {

using app::TillClient;
using bench::Goal;
using std::chrono::milliseconds;
using Json = TillClient::Json;
using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kPatience{30'000};

double seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

class DiskOfATill : public ::testing::Test {
 protected:
  std::filesystem::path till_folder() const { return folder_.path() / "T01"; }

  TillClient connect() {
    const auto deadline = SteadyClock::now() + kPatience;
    while (true) {
      auto client = TillClient::connect(shop_->socket("T01"));
      if (client.ok()) return std::move(client).value();
      TILLSIGHT_CHECK(SteadyClock::now() < deadline, client.error().message());
      stop_.wait(milliseconds(10));
    }
  }
  Json wait_for(TillClient& till, std::string_view what,
                const std::function<bool(const Json&)>& wanted) {
    auto line = till.wait_for(what, wanted, kPatience, stop_);
    EXPECT_TRUE(line.ok()) << line.error().message();
    return line.ok() ? *line : Json();
  }
  Json view(TillClient& till, std::string_view what,
            const std::function<bool(const Json&)>& wanted) {
    return wait_for(till, what,
                    [&](const Json& json) { return json["event"] == "sale" && wanted(json); });
  }
  void add(TillClient& till) {
    ASSERT_TRUE(till.say({{"do", "add"}, {"sku", "laptop"}}).ok());
    view(till, "the line",
         [](const Json& json) { return json["state"] == "open" && json["lines"].size() == 1; });
  }
  /// \return the sale's sealed text.
  std::string pay(TillClient& till) {
    EXPECT_TRUE(till.say({{"do", "pay"}}).ok());
    const Json paid = wait_for(till, "the receipt",
                               [](const Json& json) { return json["event"] == "committed"; });
    if (!paid.is_object()) return "";
    ++sold_;
    return paid["cloudevent"]["data"]["sealed"].get<std::string>();
  }
  void sell(TillClient& till, int count) {
    for (int i = 0; i < count && !HasFatalFailure(); ++i) {
      add(till);
      pay(till);
    }
  }
  static std::string disk(const Json& view) { return view.value("disk", "ok"); }

  std::int64_t hub_number(const char* query) {
    auto db = hub::open_for_reading(shop_->hub_data(), hub::Persons::kHidden);
    if (!db.ok()) return -1;
    auto statement = db->prepare(query);
    if (!statement.ok() || !statement->step().ok()) return -1;
    return statement->integer(0);
  }

  EvidenceDir folder_;
  app::StopSignals stop_;
  std::optional<SmallDisk> disk_;
  std::optional<Shop> shop_;
  std::int64_t sold_ = 0;
};

TEST_F(DiskOfATill, FullDiskIsShownAtOnceAndForgottenOnceThereIsRoom) {
  std::string why_not;
  disk_ = SmallDisk::mount_at(till_folder(), 40, why_not);
  if (!disk_) GTEST_SKIP() << why_not;
  shop_.emplace(folder_.path(), ShopPlan{.tills = {"T01"}});
  shop_->start("T01");
  TillClient till = connect();
  sell(till, 3);

  disk_->fill();
  const std::filesystem::path reserve = shop_->journal("T01").string() + ".reserve";
  std::string shown = "ok";
  while (shown == "ok") {
    add(till);
    ASSERT_TRUE(till.say({{"do", "pay"}}).ok());
    // The view after "paid" carries the disk as it is then.
    shown = disk(view(till, "paid", [](const Json& json) { return json["state"] == "paid"; }));
    if (!std::filesystem::exists(reserve)) break;
  }
  const auto reserve_gone = SteadyClock::now();
  if (shown == "ok") {
    shown = disk(view(till, "the alarm", [](const Json& json) { return disk(json) != "ok"; }));
  }
  double slowest = seconds_since(reserve_gone);
  EXPECT_EQ(shown.rfind("reserve: ", 0), 0U) << shown;

  disk_->fill();  // whatever fills the disk takes what the reserve gave back, too
  const auto filled = SteadyClock::now();
  view(till, "full", [](const Json& json) { return disk(json) == "full"; });
  slowest = std::max(slowest, seconds_since(filled));
  bench::print({.name = "disk.full_is_shown_after",
                .value = slowest,
                .unit = "s",
                .goal = Goal::kAtMost,
                .bound = 2});
  add(till);
  ASSERT_TRUE(till.say({{"do", "pay"}}).ok());
  const Json refused =
      view(till, "the refusal", [](const Json& json) { return json.contains("refused"); });
  EXPECT_NE(refused["refused"].get<std::string>().find("no sale can be taken"), std::string::npos);

  disk_->free();
  const auto freed = SteadyClock::now();
  view(till, "well again", [](const Json& json) { return disk(json) == "ok"; });
  bench::print({.name = "disk.full_is_healed_after",
                .value = seconds_since(freed),
                .unit = "s",
                .goal = Goal::kAtMost,
                .bound = 5});
  EXPECT_NE(pay(till), "");
  EXPECT_FALSE(shop_->fallen()) << *shop_->fallen();
}

TEST_F(DiskOfATill, DamagedJournalCostsSecondsAndNoSale) {
  std::filesystem::create_directories(folder_.path() / "usb");
  shop_.emplace(folder_.path(), ShopPlan{.tills = {"T01"}});
  const std::filesystem::path settings_file = till_folder() / "till.toml";
  std::string settings = read_file(settings_file).value();
  settings.replace(settings.find("[journal]"), 9, "[journal]\nmirror = \"../usb\"");
  ASSERT_TRUE(write_file_atomically(settings_file, settings).ok());
  shop_->start("T01");
  TillClient till = connect();
  sell(till, 150);
  const std::filesystem::path journal = shop_->journal("T01");
  const auto checkpointed = [&] { return std::filesystem::file_size(journal) > 40 * 4096; };
  for (const auto deadline = SteadyClock::now() + kPatience; !checkpointed();) {
    ASSERT_LT(SteadyClock::now(), deadline) << "the log was never copied into the database";
    stop_.wait(milliseconds(50));
  }
  add(till);  // this sale is open when the disk goes bad

  // A third of the database is gone. Nobody has looked at those events yet; a hub makes sync look.
  {
    std::fstream file(journal, std::ios::in | std::ios::out | std::ios::binary);
    const auto pages = std::filesystem::file_size(journal) / 4096;
    file.seekp(static_cast<std::streamoff>(pages / 3 * 4096));
    file << std::string(pages / 3 * 4096, '\xa5');
  }
  const auto started = SteadyClock::now();
  shop_->start("broker");
  shop_->start("hub");
  const std::filesystem::path quarantine = journal.string() + ".quarantine";
  while (!std::filesystem::exists(quarantine)) {
    ASSERT_LT(seconds_since(started), 30) << "nobody noticed the damage";
    stop_.wait(milliseconds(10));
  }
  const std::string sealed = pay(till);
  const double pause = seconds_since(started);
  EXPECT_NE(sealed.find("\"sequence\":1,"), std::string::npos) << "in a new journal";
  EXPECT_NE(sealed.find("laptop"), std::string::npos) << "the sale that was open";
  bench::print({.name = "disk.sale_after_damage",
                .value = pause,
                .unit = "s",
                .goal = Goal::kAtMost,
                .bound = 10});
  view(till, "the alarm", [](const Json& json) {
    return disk(json).find("a damaged journal lies in") != std::string::npos;
  });
  while (hub_number("SELECT count(*) FROM v_invoices") < sold_ && seconds_since(started) < 30) {
    stop_.wait(milliseconds(20));
  }
  const std::int64_t arrived = hub_number("SELECT count(*) FROM v_invoices");
  EXPECT_TRUE(bench::print({.name = "disk.sales_lost_with_a_damaged_journal",
                            .value = static_cast<double>(sold_ - arrived),
                            .unit = "sales",
                            .goal = Goal::kAtMost,
                            .bound = 0,
                            .rival = format("sold:{}", sold_)}));
  EXPECT_EQ(hub_number("SELECT count(DISTINCT invoice_no) FROM v_invoices"), sold_);

  // A head office that begins anew has neither journal, and the till was not started since.
  shop_->kill("hub");
  std::filesystem::remove_all(shop_->hub_data());
  shop_->start("hub");
  const auto again = SteadyClock::now();
  while (hub_number("SELECT count(*) FROM v_invoices") < sold_ && seconds_since(again) < 60) {
    stop_.wait(milliseconds(20));
  }
  EXPECT_EQ(hub_number("SELECT count(DISTINCT invoice_no) FROM v_invoices"), sold_);
  EXPECT_FALSE(shop_->fallen()) << *shop_->fallen();
}

}  // namespace
}  // namespace tillsight::test
