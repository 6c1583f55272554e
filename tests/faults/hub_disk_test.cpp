// Goal: whatever head office's disk does, nothing is acknowledged that is not durable, everybody is
// told, and when the disk is well again everything goes on without a restart; a damaged database
// ends the hub loudly with the remedy.
// Method: the whole hub on a disk in memory that is full, read-only or broken for a while, at every
// operation of a batch; a till that sends until it is acknowledged. And real files, bytes of which
// are overwritten.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "bench/figure.hpp"
#include "tests/support/sales.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/hub/downlink.hpp"
#include "tillsight/mqtt/fake_broker.hpp"
#include "tillsight/sql/memory_disk.hpp"

namespace tillsight::hub {
namespace {

using sql::DiskError;
using sql::DiskOperation;
using std::chrono::milliseconds;
using testing::EventChain;
using ::testing::HasSubstr;

constexpr milliseconds kStep{100};
const std::string kTopic = topics::events(StoreId("S01"), TillId("T01"));

class Heard final : public mqtt::Handler {
 public:
  void on_connected() override {}
  void on_disconnected(const Error&) override {}
  void on_published(mqtt::PublishId, const Status&) override {}
  void on_message(const mqtt::Message& message) override {
    if (message.topic == topics::kHubState) state = parse_hub_state(message.payload).value();
    if (message.topic.ends_with("/ack")) have.insert(parse_ack(message.payload)->have);
  }
  HubState state;
  SequenceRanges have;
};

/// A hub, and a till's end of its line.
class Office {
 public:
  Office(const std::filesystem::path& folder, FakeClock& clock, Random& random)
      : clock_(clock),
        broker_(random),
        hub_client_(broker_),
        till_client_(broker_),
        store_(HubStore::open(folder, clock, random).value()),
        link_(store_, clock, {}, hub_client_) {
    EXPECT_TRUE(till_client_.connect({}).ok() && hub_client_.connect(link_.will()).ok());
    EXPECT_TRUE(turn().ok());
    EXPECT_TRUE(till_client_.subscribe("tillsight/v1/#").ok());
  }
  Status turn() {
    clock_.advance(kStep);
    EXPECT_TRUE(hub_client_.run_once(link_, milliseconds(0), -1).ok());
    const Status status = link_.turn();
    EXPECT_TRUE(till_client_.run_once(heard, milliseconds(0), -1).ok());
    return status;
  }
  void send(const std::vector<Event>& events) {
    EXPECT_TRUE(till_client_.publish(kTopic, to_cloud_events(events), mqtt::Retain::kNo).ok());
  }
  const HubStore& store() const { return store_; }

  Heard heard;

 private:
  FakeClock& clock_;
  mqtt::FakeBroker broker_;
  mqtt::FakeClient hub_client_;
  mqtt::FakeClient till_client_;
  HubStore store_;
  Downlink link_;
};

struct Trouble {
  DiskOperation operation;
  DiskError error;
};

class HubDisk : public ::testing::Test {
 protected:
  std::vector<Event> next(int count) {
    std::vector<Event> events;
    for (int i = 0; i < count; ++i) events.push_back(till_.next());
    return events;
  }
  std::int64_t stored(const std::filesystem::path& folder) const {
    auto db = open_for_reading(folder, Persons::kHidden).value();
    auto count = db.prepare("SELECT count(*) FROM event").value();
    EXPECT_TRUE(count.step().value());
    return count.integer(0);
  }

  /// The rest of the file is no longer what was written.
  static void overwrite(const std::filesystem::path& file, std::int64_t from) {
    const auto size = static_cast<std::int64_t>(std::filesystem::file_size(file));
    ASSERT_GT(size, from);
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(from);
    bytes << std::string(static_cast<std::size_t>(size - from), '\x5a');
  }

  TempDir dir_;
  FakeClock clock_;
  SeededRandom random_{11};
  EventChain till_;
};

TEST_F(HubDisk, InTroubleAcknowledgesNothingSaysSoAndHealsWithoutARestart) {
  const std::vector<Trouble> troubles = {{DiskOperation::kWrite, DiskError::kFull},
                                         {DiskOperation::kWrite, DiskError::kReadOnly},
                                         {DiskOperation::kWrite, DiskError::kIo},
                                         {DiskOperation::kSync, DiskError::kIo}};
  sql::MemoryDisk disk(dir_.path());
  Office office(dir_ / "hub", clock_, random_);
  milliseconds shown_max{0};
  milliseconds healed_max{0};
  std::int64_t acknowledged_lost = 0;
  std::int64_t troubles_had = 0;
  for (int round = 0; round < 40; ++round) {
    for (const Trouble& trouble : troubles) {
      const std::int64_t before = office.heard.have.last();
      disk.fail({trouble.operation, trouble.error, round % 10, /*for_ever=*/true});
      office.send(next(3));
      milliseconds shown{0};
      for (; office.heard.state.trouble.empty() && shown < milliseconds(5'000); shown += kStep) {
        ASSERT_TRUE(office.turn().ok());
        if (office.heard.have.last() > before) break;  // it got through before the disk failed
      }
      if (!office.heard.state.trouble.empty()) {
        ++troubles_had;
        EXPECT_TRUE(office.heard.state.online);
        EXPECT_EQ(office.heard.have.last(), before) << "acknowledged and not durable";
        shown_max = std::max(shown_max, shown);
      }
      disk.heal();
      milliseconds healed{0};
      for (; healed < milliseconds(10'000); healed += kStep) {
        ASSERT_TRUE(office.turn().ok());
        if (office.heard.have.last() == before + 3 && office.heard.state.trouble.empty()) break;
      }
      healed_max = std::max(healed_max, healed);
      ASSERT_EQ(office.heard.have.last(), before + 3);
      acknowledged_lost += office.heard.have.count() - stored(dir_ / "hub");
    }
  }
  EXPECT_GT(troubles_had, 100);
  EXPECT_TRUE(bench::print({.name = "hub.disk_acknowledged_and_lost",
                            .value = static_cast<double>(acknowledged_lost),
                            .unit = "events",
                            .goal = bench::Goal::kAtMost,
                            .bound = 0,
                            .rival = format("troubles:{}", troubles_had)}));
  EXPECT_TRUE(bench::print({.name = "hub.disk_trouble_shown",
                            .value = static_cast<double>(shown_max.count()) / 1000,
                            .unit = "s",
                            .goal = bench::Goal::kAtMost,
                            .bound = 2}));
  EXPECT_TRUE(bench::print({.name = "hub.disk_healed_without_restart",
                            .value = static_cast<double>(healed_max.count()) / 1000,
                            .unit = "s",
                            .goal = bench::Goal::kAtMost,
                            .bound = 5}));
}

TEST_F(HubDisk, APowerCutAtAnyMomentLosesNothingThatWasAcknowledged) {
  sql::MemoryDisk disk(dir_.path());
  std::int64_t lost = 0;
  SequenceRanges acknowledged;
  constexpr int kCuts = 150;
  for (int cut = 0; cut < kCuts; ++cut) {
    {
      Office office(dir_ / "hub", clock_, random_);
      for (const SequenceRange& range : acknowledged.ranges()) {
        const JournalId journal{StoreId("S01"), TillId("T01"), till_.incarnation()};
        for (std::int64_t n = range.first; n <= range.last; ++n) {
          lost += !office.store().state(journal).have.contains(Sequence(n));
        }
      }
      for (int batch = 0; batch < 3; ++batch) {
        office.send(next(2));
        for (int i = 0; i < 2; ++i) ASSERT_TRUE(office.turn().ok());
      }
      acknowledged.insert(office.heard.have);
      office.send(next(2));
      if (cut % 2 == 0) {
        disk.fail({DiskOperation::kSync, DiskError::kIo, cut % 5, true});
        for (int i = 0; i < 2; ++i) ASSERT_TRUE(office.turn().ok());
        acknowledged.insert(office.heard.have);
      }
      disk.power_cut(random_);
    }
    disk.heal();
  }
  EXPECT_GT(acknowledged.count(), 6 * kCuts - 1);
  EXPECT_TRUE(bench::print({.name = "hub.power_cut_acknowledged_and_lost",
                            .value = static_cast<double>(lost),
                            .unit = "events",
                            .goal = bench::Goal::kAtMost,
                            .bound = 0,
                            .rival = format("cuts:{}", kCuts)}));
}

TEST_F(HubDisk, AStuckReaderIsNamedAndTheLogIsShortOnceItHasGone) {
  auto store = HubStore::open(dir_ / "hub", clock_, random_).value();
  Ingest ingest(store, clock_);
  const auto log_bytes = [&] { return std::filesystem::file_size(dir_ / "hub" / "hub.db-wal"); };
  constexpr std::uintmax_t kMiB = 1024 * 1024;
  {
    auto reader = open_for_reading(dir_ / "hub", Persons::kHidden).value();
    auto stuck = reader.prepare("SELECT name FROM sqlite_schema").value();
    ASSERT_TRUE(stuck.step().value());
    while (log_bytes() <= 17 * kMiB) {
      ASSERT_TRUE(ingest.receive(kTopic, to_cloud_events(next(40))).ok());
      ASSERT_TRUE(ingest.flush().ok());
    }
    const Status shortened = store.shorten_logs();
    ASSERT_FALSE(shortened.ok());
    EXPECT_THAT(shortened.error().message(), HasSubstr("hub.db-wal: has 17 MiB"));
  }
  EXPECT_TRUE(store.shorten_logs().ok());
  EXPECT_TRUE(bench::print({.name = "hub.log_after_a_stuck_reader",
                            .value = static_cast<double>(log_bytes()) / kMiB,
                            .unit = "MiB",
                            .goal = bench::Goal::kAtMost,
                            .bound = 4}));
}

TEST_F(HubDisk, ADamagedDatabaseEndsTheHubWithTheRemedy) {
  const std::filesystem::path file = dir_ / "hub" / "hub.db";
  {
    Office office(dir_ / "hub", clock_, random_);
    for (int batch = 0; batch < 20; ++batch) office.send(next(20));
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(office.turn().ok());
    ASSERT_EQ(office.heard.have.last(), 400);
  }
  Office office(dir_ / "hub", clock_, random_);
  overwrite(file, 8 * 4096);
  Status ended;
  for (int i = 0; i < 20 && ended.ok(); ++i) {
    office.send(next(20));
    ended = office.turn();
  }
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().code(), Code::kDataLoss);
  EXPECT_THAT(ended.error().message(), HasSubstr("hub.db"));
  EXPECT_THAT(ended.error().message(), HasSubstr("'tillsight hub restore'"));
  EXPECT_FALSE(office.heard.state.trouble.empty());
  EXPECT_EQ(office.heard.have.last(), 0) << "nothing more is acknowledged";
}

TEST_F(HubDisk, AHubDoesNotStartOnADamagedDatabase) {
  HubStore::open(dir_ / "hub", clock_, random_).value();
  overwrite(dir_ / "hub" / "hub.db", 0);
  const auto opened = HubStore::open(dir_ / "hub", clock_, random_);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code(), Code::kDataLoss);
  EXPECT_THAT(opened.error().message(), HasSubstr("'tillsight hub restore'"));
}

}  // namespace
}  // namespace tillsight::hub
