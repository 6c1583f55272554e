// Goal: a till that was offline for a month brings head office up to date quickly, in little
// memory, and what is sold meanwhile does not wait behind it.
// Method: a real journal with 100,000 invoices, then the real daemons. A clerk sells on during the
// drain, and somebody listens to the hub's acknowledgements at the broker, which also counts bytes.
// TILLSIGHT_SOAK multiplies the month.
#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "bench/figure.hpp"
#include "tests/support/audit.hpp"
#include "tests/support/clerk.hpp"
#include "tests/support/evidence_dir.hpp"
#include "tests/support/long_form.hpp"
#include "tests/support/sales.hpp"
#include "tests/support/shop.hpp"
#include "tillsight/domain/wire.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/journal/journal.hpp"
#include "tillsight/mqtt/mosquitto_client.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr int kMonth = 100'000;
constexpr int kBusyDay = 4'000;
constexpr int kSampled = 500;  // of the month's sales: all have the same five lines
constexpr milliseconds kBetweenSales{100};
constexpr seconds kPatience{150};
constexpr double kDrainPerS = 2'000;
constexpr double kExtraMib = 16;
constexpr double kLiveAckMs = 2'000;
constexpr double kSentPerNeeded = 1.2;

double ms_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

/// A line of /proc/PID/status, in MiB.
double memory_mib(pid_t pid, std::string_view what) {
  std::ifstream file(format("/proc/{}/status", pid));
  for (std::string word; file >> word;) {
    double kib = 0;
    if (word == what && file >> kib) return kib / 1024;
  }
  return 0;
}

Invoice five_lines(const tillsight::Clock& clock, bool known) {
  std::vector<InvoiceLine> lines;
  for (const char* sku : {"apple", "banana", "orange", "bottle", "cake"}) {
    lines.push_back(tillsight::testing::a_line(sku, 12'345, 2));
  }
  const auto customer = known ? std::optional(tillsight::testing::asha()) : std::nullopt;
  return tillsight::testing::a_sale(std::move(lines), clock, customer);
}

/// Memory if there is any to be had: a sync is what a sale costs most.
std::filesystem::path quick_folder() {
  const std::filesystem::path memory = "/dev/shm";
  std::string name =
      ((std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path()) /
       "tillsight-XXXXXX")
          .string();
  TILLSIGHT_CHECK(::mkdtemp(name.data()) != nullptr, name);
  return name;
}

/// Sells `count` invoices at a till that nobody hears, and puts its journal to `file`.
/// \return the bytes that they take on the wire if each travels once, counted on the first of them.
double sell_offline(const std::filesystem::path& file, int count) {
  const std::filesystem::path quick = quick_folder();
  SystemRandom random;
  FakeClock clock;
  double sampled_bytes = 0;
  {
    const JournalSettings settings{quick / file.filename(), StoreId("S01"), TillId("T01"), 1};
    Journal journal = Journal::open(settings, random, clock).value();
    for (int sale = 0; sale < count; ++sale) {
      const auto event = journal.append(five_lines(clock, sale % 4 == 0), "");
      TILLSIGHT_CHECK(event.ok(), event.error().message());
      if (sale < kSampled)
        sampled_bytes += static_cast<double>(to_cloud_events({*event}).size() + 1);
      clock.advance(seconds{26});
    }
  }
  std::filesystem::copy(quick, file.parent_path(), std::filesystem::copy_options::recursive);
  std::filesystem::remove_all(quick);
  return sampled_bytes / kSampled * count;
}

/// What the hub has acknowledged to till T01, as it passes the broker; and the broker's counters.
class Listener final : public mqtt::Handler {
 public:
  explicit Listener(int port) {
    mqtt::Settings settings;
    settings.port = port;
    client_ = mqtt::MosquittoClient::create(settings).value();
  }

  void connect_within(milliseconds patience) {
    const auto deadline = Clock::now() + patience;
    while (!subscribed_ && Clock::now() < deadline) {
      if (!trying_) trying_ = client_->connect(std::nullopt).ok();
      turn(milliseconds{20});
    }
    ASSERT_TRUE(subscribed_);
  }
  void turn(milliseconds wait) {
    if (!client_->run_once(*this, wait, -1)) trying_ = false;
  }

  std::optional<mqtt::Will> will() override { return std::nullopt; }
  void on_connected() override {
    for (const std::string& topic :
         {topics::ack(StoreId("S01"), TillId("T01")), std::string(kBytes)}) {
      EXPECT_TRUE(client_->subscribe(topic).ok());
    }
    subscribed_ = true;
  }
  void on_disconnected(const Error&) override {}
  void on_published(mqtt::PublishId, const Status&) override {}
  void on_message(const mqtt::Message& message) override {
    if (message.topic == kBytes) {
      bytes_received_ = std::strtod(std::string(message.payload).c_str(), nullptr);
      ++counted_;
      return;
    }
    const Result<Ack> ack = parse_ack(message.payload);
    ASSERT_TRUE(ack.ok());
    have_.insert(ack->have);
  }

  const SequenceRanges& have() const { return have_; }
  /// By the broker, from everybody. It counts once a second.
  double bytes_received() const { return bytes_received_; }
  int counted() const { return counted_; }

 private:
  static constexpr std::string_view kBytes = "$SYS/broker/bytes/received";

  std::unique_ptr<mqtt::MosquittoClient> client_;
  bool trying_ = false;
  bool subscribed_ = false;
  SequenceRanges have_;
  double bytes_received_ = 0;
  int counted_ = 0;
};

class Offline : public ::testing::Test {
 protected:
  Offline() : shop_(folder_.path(), plan()) {}

  static ShopPlan plan() {
    ShopPlan plan;
    plan.tills = {"T01"};
    plan.broker_settings = {"sys_interval 1"};
    return plan;
  }

  /// Broker and till run, the clerk sees an open till, head office is away.
  void open_shop() {
    shop_.start("broker");
    listener_.connect_within(seconds{10});
    shop_.start("T01");
    clerk_.sell_up_to(0);
    ASSERT_TRUE(turns_until([&] { return clerk_.at_rest(); }));
  }

  void turn() {
    pollfd till{clerk_.fd(), POLLIN, 0};
    ::poll(&till, 1, 2);
    const std::size_t before = clerk_.sold().size();
    clerk_.turn();
    if (clerk_.sold().size() > before) confirmed_at_ = Clock::now();
    listener_.turn(milliseconds{2});
    settle_live();
    if (const auto fallen = shop_.fallen()) ADD_FAILURE() << *fallen;
    if (!clerk_.trouble().empty()) ADD_FAILURE() << clerk_.trouble();
  }
  template <typename Done>
  bool turns_until(Done done) {
    const auto deadline = Clock::now() + kPatience * prolonged(1);
    while (!done() && !HasFailure() && Clock::now() < deadline) turn();
    return done();
  }

  /// One sale more every kBetweenSales.
  void sell_on() {
    if (!clerk_.at_rest() || Clock::now() < next_sale_) return;
    next_sale_ = Clock::now() + kBetweenSales;
    clerk_.sell_up_to(clerk_.sold().size() + 1);
  }

  /// Sales of the clerk have the numbers after the backlog.
  void settle_live() {
    while (settled_ < clerk_.sold().size() &&
           (settled_ + 1 < clerk_.sold().size() || confirmed_at_)) {
      const Sequence sequence(backlog_ + static_cast<std::int64_t>(settled_) + 1);
      if (confirmed_at_) waiting_.emplace(sequence.value(), *confirmed_at_);
      confirmed_at_.reset();
      ++settled_;
    }
    std::erase_if(waiting_, [&](const auto& sale) {
      if (!listener_.have().contains(Sequence(sale.first))) return false;
      live_ack_ms_.push_back(ms_between(sale.second, Clock::now()));
      return true;
    });
  }

  /// The backlog's sales and the clerk's, each once, in one chain.
  void expect_all_at_head_office(int sales) {
    auto db = hub::open_for_reading(shop_.hub_data(), hub::Persons::kHidden).value();
    const auto number = [&](std::string_view query) {
      auto rows = db.prepare(query).value();
      return rows.step().value() ? rows.integer(0) : -1;
    };
    const std::int64_t sold = sales + static_cast<std::int64_t>(clerk_.sold().size());
    EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), sold);
    EXPECT_EQ(number("SELECT count(DISTINCT invoice_no) FROM v_invoices"), sold);
    EXPECT_EQ(number("SELECT verified_to FROM v_journals"), sold);
    Findings findings;
    audit_hub(shop_.hub_data(), findings);
    for (const std::string& wrong : findings.wrong) ADD_FAILURE() << wrong;
  }

  const EvidenceDir folder_;
  SystemRandom random_;
  Shop shop_;
  Listener listener_{shop_.broker_port()};
  Clerk clerk_{"T01", shop_.socket("T01"), folder_.path() / "T01-sold", random_};
  std::int64_t backlog_ = 0;

  Clock::time_point next_sale_{};
  std::optional<Clock::time_point> confirmed_at_;  // the sale that was confirmed in this turn
  std::size_t settled_ = 0;
  std::map<std::int64_t, Clock::time_point> waiting_;  // sequence → confirmed
  std::vector<double> live_ack_ms_;
};

TEST_F(Offline, AMonthIsDrainedWhileTheShopSellsOn) {
  const int sales = scaled(kMonth);
  sell_offline(shop_.journal("T01"), sales);
  backlog_ = sales;
  open_shop();
  const double before_mib = memory_mib(shop_.pid("T01"), "VmRSS:");
  const auto begin = Clock::now();
  shop_.start("hub");
  ASSERT_TRUE(turns_until([&] {
    sell_on();
    return listener_.have().contiguous_to() >= backlog_;
  })) << listener_.have().count()
      << " of " << backlog_;
  const double took_ms = ms_between(begin, Clock::now());
  ASSERT_TRUE(turns_until([&] { return waiting_.empty() && clerk_.at_rest(); }));
  const double extra_mib = memory_mib(shop_.pid("T01"), "VmHWM:") - before_mib;
  ASSERT_TRUE(
      turns_until([&] { return owed(shop_.journal("T01"), shop_.hub_data(), "T01") == 0; }));

  expect_all_at_head_office(sales);
  ASSERT_FALSE(live_ack_ms_.empty());
  std::ranges::sort(live_ack_ms_);
  bench::print({.name = "sync.drain_per_s",
                .value = sales * 1000.0 / took_ms,
                .unit = "invoices/s",
                .goal = bench::Goal::kAtLeast,
                .bound = kDrainPerS,
                .rival = format("waiting:{}", sales)});
  EXPECT_TRUE(bench::print({.name = "sync.drain_extra_rss_mib",
                            .value = extra_mib,
                            .unit = "MiB",
                            .goal = bench::Goal::kAtMost,
                            .bound = kExtraMib,
                            .rival = format("before:{:.1f}", before_mib)}));
  bench::print({.name = "sync.live_ack_p99_ms_while_draining",
                .value = live_ack_ms_[live_ack_ms_.size() * 99 / 100],
                .unit = "ms",
                .goal = bench::Goal::kAtMost,
                .bound = kLiveAckMs,
                .rival = format("sold_meanwhile:{}", live_ack_ms_.size())});
}

TEST_F(Offline, WithoutFaultsHardlyMoreIsSentThanIsNeeded) {
  const double needed = sell_offline(shop_.journal("T01"), kBusyDay);
  backlog_ = kBusyDay;
  open_shop();
  shop_.start("hub");
  ASSERT_TRUE(turns_until([&] { return listener_.have().contiguous_to() >= backlog_; }));
  const int counted = listener_.counted();
  ASSERT_TRUE(turns_until([&] { return listener_.counted() >= counted + 2; }));
  EXPECT_TRUE(bench::print({.name = "sync.bytes_sent_per_needed",
                            .value = listener_.bytes_received() / needed,
                            .unit = "ratio",
                            .goal = bench::Goal::kAtMost,
                            .bound = kSentPerNeeded,
                            .rival = format("events_alone:{:.0f}", needed)}));
}

}  // namespace
}  // namespace tillsight::test
