// How long a confirmed sale is on its way, and what the way costs: real processes, the real broker.
//
//   FIGURE sync.confirm_to_acknowledged_p99_ms  from the clerk's receipt until head office has
//       committed the sale and the till has written that down; TLS, the network looking at frames
//       meanwhile; beside it the same broker's own round trip
//   FIGURE sync.till_cpu_ms, sync.hub_cpu_ms    of each process for a sale, before an empty
//   counter;
//       what they take when nobody sells is taken off
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

#include "app/demo_stage.hpp"
#include "bench/figure.hpp"
#include "tests/support/broker.hpp"
#include "tests/support/clerk.hpp"
#include "tests/support/shop.hpp"
#include "tests/support/source_dir.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/journal/reader.hpp"
#include "tillsight/mqtt/mosquitto_client.hpp"

namespace tillsight::app {
namespace {

using Json = TillClient::Json;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr int kSales = 300;
constexpr std::size_t kSalesForCpu = 500;
constexpr milliseconds kPatience{30'000};
constexpr milliseconds kLook{1};
constexpr milliseconds kIdle{3'000};
constexpr double kAcknowledgedMs = 50;

double ms_since(SteadyClock::time_point start) {
  return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

double percentile(std::vector<double> values, std::size_t percent) {
  std::ranges::sort(values);
  return values[(values.size() - 1) * percent / 100];
}

// ---- The wait

Status wait_until_acknowledged(JournalReader& journal, const StopSignals& stop) {
  const auto start = SteadyClock::now();
  while (true) {
    TILLSIGHT_ASSIGN(const JournalCounts counts, journal.counts());
    if (counts.unsynced == 0) return {};
    if (ms_since(start) > static_cast<double>(kPatience.count())) {
      return error(Code::kUnavailable, "{} sales are not acknowledged", counts.unsynced);
    }
    stop.wait(kLook);
  }
}

Status sell(TillClient& till, const StopSignals& stop) {
  TILLSIGHT_TRY(till.say({{"do", "customer"}, {"first_name", "Asha"}, {"phone", "9876543210"}}));
  TILLSIGHT_TRY(till.say({{"do", "add"}, {"sku", "apple"}, {"quantity", 3}}));
  TILLSIGHT_TRY(till.say({{"do", "add"}, {"sku", "bottle-steel"}}));
  TILLSIGHT_TRY(till.say({{"do", "pay"}}));
  const auto receipt = till.wait_for(
      "the receipt", [](const Json& line) { return line.value("event", "") == "committed"; },
      kPatience, stop);
  return receipt.ok() ? Status() : Status(receipt.error());
}

Result<std::vector<double>> waits_ms(const StopSignals& stop) {
  const TempDir folder;
  DemoSettings settings;
  settings.program = std::filesystem::path(TILLSIGHT_PROGRAM);
  settings.folder = folder / "bench";
  settings.photos = "/usr/share/doc/opencv-doc/examples/data";
  settings.model = std::filesystem::path(source_dir()) / "models" / "manifest.toml";
  settings.catalogue = std::filesystem::path(source_dir()) / "config" / "catalogue.csv";
  TILLSIGHT_ASSIGN(DemoStage stage, DemoStage::set_up(settings));
  TILLSIGHT_TRY(stage.start_broker());
  TILLSIGHT_TRY(stage.start_hub());
  TILLSIGHT_ASSIGN(TillClient till, stage.start_till("T01", stop));
  TILLSIGHT_TRY(sell(till, stop));  // once the line is up
  TILLSIGHT_ASSIGN(JournalReader journal, JournalReader::open(stage.till_journal("T01")));
  TILLSIGHT_TRY(wait_until_acknowledged(journal, stop));
  std::vector<double> waits;
  for (int i = 0; i < kSales; ++i) {
    TILLSIGHT_TRY(sell(till, stop));
    const auto receipt = SteadyClock::now();
    TILLSIGHT_TRY(wait_until_acknowledged(journal, stop));
    waits.push_back(ms_since(receipt));
  }
  stage.stop_all();
  return waits;
}

/// What a message alone takes through such a broker, without TLS, journal and hub.
class RoundTrips final : public mqtt::Handler {
 public:
  std::vector<double> measure_ms() {
    test::Broker broker;
    mqtt::Settings settings;
    settings.port = broker.port();
    settings.client_id = "bench";
    client_ = mqtt::MosquittoClient::create(settings).value();
    TILLSIGHT_CHECK(client_->connect({}).ok(), "connect");
    const std::string payload(1'500, 'x');  // as a sale
    while (waits_.size() < kSales) {
      TILLSIGHT_CHECK(client_->run_once(*this, milliseconds(100), -1).ok(), "the line holds");
      if (!subscribed_ || sent_) continue;
      sent_ = SteadyClock::now();
      TILLSIGHT_CHECK(client_->publish("bench", payload, mqtt::Retain::kNo).ok(), "publish");
    }
    return waits_;
  }

  void on_connected() override {
    TILLSIGHT_CHECK(client_->subscribe("bench").ok(), "subscribe");
    subscribed_ = true;
  }
  void on_disconnected(const Error&) override {}
  void on_published(mqtt::PublishId, const Status&) override {}
  void on_message(const mqtt::Message&) override {
    waits_.push_back(ms_since(*std::exchange(sent_, std::nullopt)));
  }

 private:
  std::unique_ptr<mqtt::Client> client_;
  bool subscribed_ = false;
  std::optional<SteadyClock::time_point> sent_;
  std::vector<double> waits_;
};

Result<bool> measure_wait(const StopSignals& stop) {
  TILLSIGHT_ASSIGN(const std::vector<double> ours, waits_ms(stop));
  const std::vector<double> bare = RoundTrips().measure_ms();
  bench::print({.name = "sync.confirm_to_acknowledged_p50_ms",
                .value = percentile(ours, 50),
                .unit = "ms",
                .rival = format("broker_round_trip:{:.2f}ms", percentile(bare, 50))});
  return bench::print({.name = "sync.confirm_to_acknowledged_p99_ms",
                       .value = percentile(ours, 99),
                       .unit = "ms",
                       .goal = bench::Goal::kAtMost,
                       .bound = kAcknowledgedMs,
                       .rival = format("broker_round_trip:{:.2f}ms", percentile(bare, 99))});
}

// ---- What it costs

double cpu_ms(pid_t pid) {
  std::ifstream file(format("/proc/{}/stat", pid));
  std::string line;
  std::getline(file, line);
  std::istringstream fields(line.substr(line.rfind(')') + 2));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return 1000 * (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// What the processes have taken so far.
struct Usage {
  double at_ms = 0;
  double till = 0;
  double hub = 0;
};

Usage usage(const test::Shop& shop) {
  const auto now = SteadyClock::now().time_since_epoch();
  return {std::chrono::duration<double, std::milli>(now).count(), cpu_ms(shop.pid("T01")),
          cpu_ms(shop.pid("hub"))};
}

void sell_up_to(test::Clerk& clerk, std::size_t sales) {
  clerk.sell_up_to(sales);
  const auto start = SteadyClock::now();
  while (!clerk.at_rest()) {
    TILLSIGHT_CHECK(ms_since(start) < 120'000, "the till sells");
    pollfd line{clerk.fd(), POLLIN, 0};
    ::poll(&line, clerk.fd() < 0 ? 0 : 1, 20);
    clerk.turn();
    TILLSIGHT_CHECK(clerk.trouble().empty(), clerk.trouble());
  }
}

Status measure_cost(const StopSignals& stop) {
  const TempDir folder;
  test::Shop shop(folder.path(), test::ShopPlan{.tills = {"T01"}});
  shop.start("broker");
  shop.start("hub", test::Program::kFull);
  shop.start("T01", test::Program::kFull);
  SeededRandom random(1);
  test::Clerk clerk("T01", shop.socket("T01"), folder.path() / "sold", random);
  sell_up_to(clerk, 1);
  TILLSIGHT_ASSIGN(JournalReader journal, JournalReader::open(shop.journal("T01")));
  TILLSIGHT_TRY(wait_until_acknowledged(journal, stop));
  const Usage idle = usage(shop);
  stop.wait(kIdle);
  const Usage start = usage(shop);
  sell_up_to(clerk, 1 + kSalesForCpu);
  TILLSIGHT_TRY(wait_until_acknowledged(journal, stop));
  const Usage end = usage(shop);
  const double idles = (end.at_ms - start.at_ms) / (start.at_ms - idle.at_ms);
  const auto a_sale = [&](double Usage::*cpu) {
    const double sold = end.*cpu - start.*cpu - idles * (start.*cpu - idle.*cpu);
    return sold / static_cast<double>(kSalesForCpu);
  };
  bench::print({.name = "sync.till_cpu_ms", .value = a_sale(&Usage::till), .unit = "ms/invoice"});
  bench::print({.name = "sync.hub_cpu_ms", .value = a_sale(&Usage::hub), .unit = "ms/invoice"});
  return {};
}

Result<bool> measure() {
  const StopSignals stop;
  TILLSIGHT_ASSIGN(const bool met, measure_wait(stop));
  TILLSIGHT_TRY(measure_cost(stop));
  return met;
}

}  // namespace
}  // namespace tillsight::app

int main() {
  const auto met = tillsight::app::measure();
  if (!met.ok()) std::cerr << met.error().message() << '\n';
  return met.ok() && *met ? 0 : 1;
}
