#include "bench/hub_line.hpp"

#include <poll.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <memory>
#include <optional>
#include <thread>

#include "bench/figure.hpp"
#include "bench/hub_messages.hpp"
#include "tests/support/broker.hpp"
#include "tests/support/source_dir.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/domain/limits.hpp"
#include "tillsight/hub/downlink.hpp"
#include "tillsight/mqtt/mosquitto_client.hpp"
#include "tillsight/mqtt/supervisor.hpp"

namespace tillsight::bench {
namespace {

using std::chrono::milliseconds;

constexpr int kInvoices = 20'000;
constexpr int kPerMessage = 10;
constexpr double kGiveUpAfterS = 300;

constexpr int kSteadyTills = 200;
constexpr milliseconds kSaleEvery{10'000 / kSteadyTills};
constexpr int kSteadySales = 20'000 / static_cast<int>(kSaleEvery.count());  // in 20 s
constexpr double kSteadyAckMs = 1'000;  // half of what a till waits before it sends again

/// A till that always has something to send: as much as the hub's window lets it.
class EagerTill final : public mqtt::Handler {
 public:
  EagerTill(int number, int port) : till_(format("T{}", number)) {
    mqtt::Settings settings;
    settings.port = port;
    settings.client_id = till_;
    client_ = mqtt::MosquittoClient::create(settings).value();
    TILLSIGHT_CHECK(client_->connect({}).ok(), "connect");
  }
  /// \param since when its sale was paid; none: it counts from when it leaves.
  void add(const Message& message, std::optional<Clock::time_point> since = {}) {
    waiting_.push_back({&message, since});
  }
  bool done() const { return waiting_.empty() && unacknowledged_.empty(); }
  void turn() {
    const Status status = client_->run_once(*this, milliseconds(0), -1);
    TILLSIGHT_CHECK(status.ok(), "the connection holds");
    if (!hub_is_there_) return;
    while (!waiting_.empty() &&
           in_flight_ + std::ssize(waiting_.front().message->events) <= std::max(window_, 10)) {
      const Message& next = *waiting_.front().message;
      if (!client_->publish(next.topic, next.payload, mqtt::Retain::kNo).ok()) return;
      unacknowledged_.push_back({next.events.back().identity.sequence, std::ssize(next.events),
                                 waiting_.front().since.value_or(Clock::now())});
      in_flight_ += std::ssize(next.events);
      waiting_.pop_front();
    }
  }

  void on_connected() override {
    const std::string acks = topics::ack(StoreId("S01"), TillId(till_));
    TILLSIGHT_CHECK(client_->subscribe(acks).ok() && client_->subscribe(topics::kHubState).ok(),
                    "subscribe");
  }
  void on_disconnected(const Error&) override {}
  void on_published(mqtt::PublishId, const Status&) override {}
  void on_message(const mqtt::Message& message) override {
    // It says so once it has subscribed: nothing that is sent from now on is lost.
    if (message.topic == topics::kHubState) hub_is_there_ = true;
    if (message.topic == topics::kHubState) return;
    const Ack ack = parse_ack(message.payload).value();
    window_ = ack.window;
    while (!unacknowledged_.empty() && ack.have.contains(unacknowledged_.front().last)) {
      latencies_ms.push_back(1000 * seconds_since(unacknowledged_.front().since));
      in_flight_ -= unacknowledged_.front().events;
      acknowledged += unacknowledged_.front().events;
      unacknowledged_.pop_front();
    }
  }

  std::vector<double> latencies_ms;
  std::ptrdiff_t acknowledged = 0;  ///< events

 private:
  struct Waiting {
    const Message* message;
    std::optional<Clock::time_point> since;
  };
  struct Sent {
    Sequence last;
    std::ptrdiff_t events;
    Clock::time_point since;
  };
  const std::string till_;
  std::unique_ptr<mqtt::MosquittoClient> client_;
  bool hub_is_there_ = false;
  int window_ = 10;
  std::ptrdiff_t in_flight_ = 0;
  std::deque<Waiting> waiting_;
  std::deque<Sent> unacknowledged_;
};

/// The hub in a thread of its own, as the daemon drives it.
class RunningHub {
 public:
  RunningHub(const std::filesystem::path& folder, int port)
      : thread_([this, folder, port](std::stop_token stop) { run(folder, port, stop); }) {}
  double stop() {
    thread_.request_stop();
    thread_.join();
    return cpu_s_;
  }

 private:
  void run(const std::filesystem::path& folder, int port, std::stop_token stop) {
    const SystemClock clock;
    SystemRandom random;
    hub::HubStore store = hub::HubStore::open(folder, clock, random).value();
    mqtt::Settings settings;
    settings.port = port;
    settings.client_id = "hub";
    const auto client = mqtt::MosquittoClient::create(settings).value();
    hub::Downlink downlink(store, clock, {}, *client);
    mqtt::Supervisor supervisor("hub", *client, downlink, clock, random);
    while (!stop.stop_requested()) {
      supervisor.run_once(std::min(downlink.patience(), milliseconds(20)), -1);
      TILLSIGHT_CHECK(downlink.turn().ok(), "turn");
    }
    cpu_s_ = cpu_s(CLOCK_THREAD_CPUTIME_ID);
  }
  double cpu_s_ = 0;
  std::jthread thread_;
};

/// What config/mosquitto/mosquitto.conf says, but where it listens: a broker that keeps small
/// packets back costs 40 ms an acknowledgement, and nobody ships one.
std::vector<std::string> as_shipped() {
  std::ifstream file(std::filesystem::path(source_dir()) / "config/mosquitto/mosquitto.conf");
  std::vector<std::string> settings;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("listener")) settings.push_back(line);
  }
  TILLSIGHT_CHECK(!settings.empty(), "the broker's configuration is in the sources");
  return settings;
}

using Tills = std::vector<std::unique_ptr<EagerTill>>;

Tills connect(int tills, int port) {
  Tills all;
  for (int till = 0; till < tills; ++till) all.push_back(std::make_unique<EagerTill>(till, port));
  return all;
}

bool all_done(std::span<const std::unique_ptr<EagerTill>> tills) {
  return std::ranges::all_of(tills, [](const auto& till) { return till->done(); });
}

std::vector<double> latencies_of(std::span<const std::unique_ptr<EagerTill>> tills) {
  std::vector<double> all;
  for (const auto& till : tills) {
    all.insert(all.end(), till->latencies_ms.begin(), till->latencies_ms.end());
  }
  return all;
}

}  // namespace

void saturate(const std::filesystem::path& folder, int tills) {
  const std::vector<Message> messages = messages_of(0, tills, kInvoices, kPerMessage);
  test::Broker broker(as_shipped());
  RunningHub hub(folder, broker.port());
  const Tills all = connect(tills, broker.port());
  for (std::size_t i = 0; i < messages.size(); ++i) {
    all[i % static_cast<std::size_t>(tills)]->add(messages[i]);
  }
  const auto start = Clock::now();
  while (!all_done(all)) {
    for (const auto& till : all) till->turn();
    TILLSIGHT_CHECK(seconds_since(start) < kGiveUpAfterS, "head office has everything in time");
  }
  const double wall_s = seconds_since(start);
  const double hub_cpu_s = hub.stop();
  const std::string name = format("hub.broker_{}_tills", tills);
  print({.name = name + "_per_second", .value = kInvoices / wall_s, .unit = "invoices/s"});
  // Little's law: what is on its way, over how fast it goes.
  const int window =
      std::clamp(hub::IngestSettings().in_flight_max / tills, kPerMessage, limits::kWindowMax);
  const double queue_ms = 1e3 * tills * window * wall_s / kInvoices;
  print({.name = name + "_ack_p99",
         .value = percentile(latencies_of(all), 99),
         .unit = "ms",
         .rival = format("queue:{:.0f}ms", queue_ms)});
  print({.name = name + "_cpu_ms", .value = 1e3 * hub_cpu_s / kInvoices, .unit = "ms/invoice"});
}

void keep_steady(const std::filesystem::path& folder) {
  const std::vector<Message> sales = messages_of(0, kSteadyTills, kSteadySales, 1);
  const std::vector<Message> backlog = messages_of(kSteadyTills, 1, kInvoices, kPerMessage);
  test::Broker broker(as_shipped());
  RunningHub hub(folder, broker.port());
  const Tills all = connect(kSteadyTills + 1, broker.port());
  const std::span selling = std::span(all).first(kSteadyTills);
  const auto start = Clock::now();
  for (const Message& message : backlog) all.back()->add(message);
  std::size_t sold = 0;
  while (sold < sales.size() || !all_done(selling)) {
    for (; sold < sales.size() && Clock::now() >= start + sold * kSaleEvery; ++sold) {
      selling[sold % selling.size()]->add(sales[sold], start + sold * kSaleEvery);
    }
    for (const auto& till : all) till->turn();
    ::poll(nullptr, 0, 1);  // the tills are other machines: they leave the cores to the hub
    TILLSIGHT_CHECK(seconds_since(start) < kGiveUpAfterS, "head office has everything in time");
  }
  const double wall_s = seconds_since(start);
  const double backlog_per_s = static_cast<double>(all.back()->acknowledged) / wall_s;
  const double hub_cpu_s = hub.stop();
  const std::string name = format("hub.steady_{}_tills", kSteadyTills);
  const std::vector<double> latencies_ms = latencies_of(selling);
  print({.name = name + "_ack_p50", .value = percentile(latencies_ms, 50), .unit = "ms"});
  print({.name = name + "_ack_p99",
         .value = percentile(latencies_ms, 99),
         .unit = "ms",
         .goal = Goal::kAtMost,
         .bound = kSteadyAckMs,
         .rival =
             format("offered:{}/s,backlog:{:.0f}/s", 1'000 / kSaleEvery.count(), backlog_per_s)});
  print({.name = name + "_cpu", .value = 100 * hub_cpu_s / wall_s, .unit = "percent_of_a_core"});
}

}  // namespace tillsight::bench
