// Goal: head office loses its disk and is restored from yesterday's backup, and in the end it has
// every sale that any till ever confirmed, once.
// Method: tills with real journals and uplinks, and a whole hub, on a broker in memory that loses,
// doubles and reorders; a backup is taken in the middle of a day, the hub's folder is deleted
// later, and what head office has at the end is compared with what the tills sold.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "bench/figure.hpp"
#include "tests/support/long_form.hpp"
#include "tests/support/sales.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/hub/audit.hpp"
#include "tillsight/hub/backup.hpp"
#include "tillsight/hub/downlink.hpp"
#include "tillsight/journal/audit.hpp"
#include "tillsight/journal/journal.hpp"
#include "tillsight/journal/reader.hpp"
#include "tillsight/mqtt/fake_broker.hpp"
#include "tillsight/mqtt/supervisor.hpp"
#include "tillsight/sync/uplink.hpp"

namespace tillsight {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::a_line;
using testing::a_sale;

constexpr milliseconds kStep{100};

/// A journal as the uplink sees it, without threads in between.
class DirectOutbox final : public sync::Outbox {
 public:
  DirectOutbox(Journal& journal, JournalReader& reader) : journal_(journal), reader_(reader) {}
  Result<std::vector<sync::OutboxEvent>> pending(Sequence after, int count_max) override {
    TILLSIGHT_ASSIGN(const std::vector<Event> events, reader_.pending(after, count_max));
    std::vector<sync::OutboxEvent> pending;
    for (const Event& event : events) {
      pending.push_back({event.identity.sequence, to_cloud_events({event})});
    }
    return pending;
  }
  void on_hub_epoch(std::string_view hub_epoch) override {
    EXPECT_TRUE(journal_.begin_hub_epoch(hub_epoch).ok());
  }
  void on_ack(const Ack& ack) override { EXPECT_TRUE(journal_.acknowledge(ack).ok()); }
  TillStatus status() override {
    TillStatus status;
    status.incarnation = journal_.incarnation();
    status.last_committed = journal_.last_sequence().value();
    return status;
  }

 private:
  Journal& journal_;
  JournalReader& reader_;
};

class Till {
 public:
  Till(const std::filesystem::path& file, const std::string& id, mqtt::FakeBroker& broker,
       const Clock& clock, Random& random)
      : journal_(Journal::open({file, StoreId("S01"), TillId(id), 1}, random, clock).value()),
        reader_(JournalReader::open(file).value()),
        outbox_(journal_, reader_),
        client_(broker),
        uplink_({StoreId("S01"), TillId(id), journal_.incarnation()}, client_, outbox_, clock,
                random),
        supervisor_("sync", client_, uplink_, clock, random),
        clock_(clock) {}

  void sell() {
    const Invoice invoice =
        a_sale({a_line("banana", 300, 2), a_line("laptop", 56'324)}, clock_, testing::asha());
    const auto event = journal_.append(invoice, "{}");
    ASSERT_TRUE(event.ok()) << event.error().message();
    uplink_.live({event->identity.sequence, to_cloud_events({*event})});
  }
  void turn() {
    supervisor_.run_once(milliseconds(0), -1);
    uplink_.tick();
  }
  std::int64_t sold() const { return journal_.last_sequence().value(); }
  std::int64_t owed() { return reader_.counts().value().unsynced; }

 private:
  Journal journal_;
  JournalReader reader_;
  DirectOutbox outbox_;
  mqtt::FakeClient client_;
  sync::Uplink uplink_;
  mqtt::Supervisor supervisor_;
  const Clock& clock_;
};

class HeadOffice {
 public:
  HeadOffice(const std::filesystem::path& folder, mqtt::FakeBroker& broker, const Clock& clock,
             Random& random)
      : store_(hub::HubStore::open(folder, clock, random).value()),
        client_(broker),
        downlink_(store_, clock, {}, client_),
        supervisor_("hub", client_, downlink_, clock, random) {}
  void turn() {
    supervisor_.run_once(milliseconds(0), -1);
    ASSERT_TRUE(downlink_.turn().ok());
  }

 private:
  hub::HubStore store_;
  mqtt::FakeClient client_;
  hub::Downlink downlink_;
  mqtt::Supervisor supervisor_;
};

class RestoredHub : public ::testing::Test {
 protected:
  RestoredHub() {
    broker_.set_faults({.lose = 0.02, .duplicate = 0.05, .reorder = 0.1});
    for (const char* id : {"T01", "T02", "T03"}) {
      tills_.push_back(std::make_unique<Till>(dir_ / id, id, broker_, clock_, random_));
    }
    open_hub();
  }

  void open_hub() { hub_ = std::make_unique<HeadOffice>(data(), broker_, clock_, random_); }
  std::filesystem::path data() const { return dir_ / "hub"; }

  void step() {
    clock_.advance(kStep);
    for (auto& till : tills_) till->turn();
    if (hub_) hub_->turn();
  }
  void trade(int sales) {
    for (int i = 0; i < sales; ++i) {
      tills_[random_.next_u64() % tills_.size()]->sell();
      step();
    }
  }
  bool settle() {
    const auto deadline = clock_.monotonic_now() + std::chrono::hours(2);
    while (owed() > 0 && clock_.monotonic_now() < deadline) step();
    return owed() == 0;
  }
  std::int64_t owed() {
    std::int64_t owed = 0;
    for (auto& till : tills_) owed += till->owed();
    return owed;
  }
  std::int64_t sold() const {
    std::int64_t sold = 0;
    for (const auto& till : tills_) sold += till->sold();
    return sold;
  }
  std::int64_t number(std::string_view query) const {
    auto db = hub::open_for_reading(data(), hub::Persons::kShown).value();
    auto asked = db.prepare(query).value();
    EXPECT_TRUE(asked.step().value());
    return asked.integer(0);
  }

  TempDir dir_;
  FakeClock clock_;
  SeededRandom random_{test::seed()};
  mqtt::FakeBroker broker_{random_};
  std::vector<std::unique_ptr<Till>> tills_;
  std::unique_ptr<HeadOffice> hub_;
};

TEST_F(RestoredHub, FromYesterdaysBackupGetsAllThatItLacks) {
  const int part = test::prolonged(100);
  trade(part);
  ASSERT_TRUE(hub::back_up(data(), dir_ / "backup", [](double) {}).ok());
  trade(part);
  ASSERT_TRUE(settle()) << "the tills count everything as delivered";
  hub_.reset();
  std::filesystem::remove_all(data());
  trade(part / 2);
  const auto restored =
      hub::restore(dir_ / "backup", data(), hub::Existing::kRefuse, clock_, random_);
  ASSERT_TRUE(restored.ok()) << restored.error().message();
  ASSERT_LT(restored->holding.events, sold() - part) << "much is lost, or nothing is tested";
  open_hub();
  trade(part / 2);
  // What a till has from the old hub counts no more as soon as it hears of the new one.
  for (int i = 0; i < 100; ++i) step();
  ASSERT_TRUE(settle());

  EXPECT_EQ(number("SELECT count(DISTINCT store || till || incarnation) FROM v_journals"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM v_gaps"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM v_conflicts"), 0);
  const std::int64_t here = number("SELECT count(*) FROM v_invoices");
  const std::int64_t numbers = number("SELECT count(DISTINCT invoice_no) FROM v_invoices");
  Audit office;
  Audit counters;
  ASSERT_TRUE(hub::audit_hub(data(), clock_, office, [](double) {}).ok());
  for (const char* id : {"T01", "T02", "T03"}) {
    ASSERT_TRUE(audit_journal(dir_ / id, counters, [](double) {}).ok());
  }
  EXPECT_TRUE(office.problems.empty()) << office.problems.front();
  EXPECT_TRUE(differences(office, "head office", counters, "tills").empty());
  EXPECT_TRUE(bench::print({.name = "hub.invoices_lost_after_restore",
                            .value = static_cast<double>(sold() - numbers),
                            .unit = "invoices",
                            .goal = bench::Goal::kAtMost,
                            .bound = 0,
                            .rival = format("sold:{}", sold())}));
  EXPECT_TRUE(bench::print({.name = "hub.invoices_doubled_after_restore",
                            .value = static_cast<double>(here - numbers),
                            .unit = "invoices",
                            .goal = bench::Goal::kAtMost,
                            .bound = 0,
                            .rival = format("sold_again:{}", sold() - restored->holding.events)}));
}

TEST_F(RestoredHub, WithoutANewEpochTheTillsWouldKeepToThemselvesWhatWasLost) {
  broker_.set_faults({});  // a heartbeat that is lost comes a minute later, and this waits for one
  trade(50);
  ASSERT_TRUE(settle());
  ASSERT_TRUE(hub::back_up(data(), dir_ / "backup", [](double) {}).ok());
  trade(50);
  ASSERT_TRUE(settle());
  hub_.reset();
  std::filesystem::remove_all(data());
  // As a copy of the files alone would do it: this is what the restore command is for.
  std::filesystem::create_directory(data());
  for (const char* file : {"hub.db", "persons.db", "customer.key"}) {
    std::filesystem::copy_file(dir_ / "backup" / file, data() / file);
  }
  open_hub();
  for (int i = 0; i < 700; ++i) step();  // a heartbeat a minute
  ASSERT_TRUE(settle());
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 50);
  EXPECT_EQ(number("SELECT sum(missing) FROM v_tills"), 50) << "and head office knows";
}

}  // namespace
}  // namespace tillsight
