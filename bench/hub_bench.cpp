// How fast head office takes what tills sell: Ingest and HubStore with 1, 10 and 200 tills, beside
// the bare inserts of the same rows through prepared statements in the same batches, and the same
// over a real broker. Both sides of a comparison take turns, so that whatever else the disk does
// hits both.
//
// Usage: hub_bench [FOLDER ON THE DISK TO MEASURE]
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <fstream>
#include <map>
#include <memory>
#include <thread>

#include "bench/figure.hpp"
#include "bench/hub_rows.hpp"
#include "tests/support/broker.hpp"
#include "tests/support/sales.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/hub/downlink.hpp"
#include "tillsight/mqtt/mosquitto_client.hpp"
#include "tillsight/mqtt/supervisor.hpp"

namespace tillsight::bench {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr int kInvoices = 20'000;
constexpr int kPerMessage = 10;
constexpr double kLeastPerSecond = 10'000;
constexpr double kMostCpuUs = 100;
constexpr double kLeastOfBare = 0.7;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double cpu_s(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double rss_mib() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t size = 0;
  std::int64_t resident = 0;
  statm >> size >> resident;
  return static_cast<double>(resident * ::getpagesize()) / (1024 * 1024);
}

double percentile(std::vector<double> samples, std::size_t percent) {
  const auto at =
      samples.begin() + static_cast<std::ptrdiff_t>((samples.size() - 1) * percent / 100);
  std::nth_element(samples.begin(), at, samples.end());
  return *at;
}

struct Message {
  std::string topic;
  std::string payload;
  std::vector<Event> events;
};

Invoice five_lines(const tillsight::Clock& clock, int customer) {
  std::vector<InvoiceLine> lines;
  for (const char* sku : {"apple", "banana", "orange", "bottle", "cake"}) {
    lines.push_back(testing::a_line(sku, 12'345, 2));
  }
  // A shop's customers come again: 500 of them.
  return testing::a_sale(std::move(lines), clock,
                         Customer{"Asha", "Rao", format("+919876{:06}", customer % 500)});
}

/// What `tills` tills send, in turns, as arrays of ten events.
std::vector<Message> messages_of(int tills, int invoices) {
  const FakeClock clock;
  std::vector<testing::EventChain> chains;
  for (int till = 0; till < tills; ++till) {
    chains.emplace_back(format("T{}", till), static_cast<std::uint64_t>(till) + 1);
  }
  std::vector<Message> messages;
  for (int i = 0; i < invoices / kPerMessage; ++i) {
    const int till = i % tills;
    Message message{topics::events(StoreId("S01"), TillId(format("T{}", till))), "", {}};
    for (int n = 0; n < kPerMessage; ++n) {
      message.events.push_back(
          chains[static_cast<std::size_t>(till)].next(five_lines(clock, i * kPerMessage + n)));
    }
    message.payload = to_cloud_events(message.events);
    messages.push_back(std::move(message));
  }
  return messages;
}

struct Cost {
  double wall_s = 0;
  double cpu_s = 0;
  double per_second() const { return kInvoices / wall_s; }
};

template <typename Work>
void charge(Cost& cost, Work work) {
  const auto wall = Clock::now();
  const double cpu = cpu_s(CLOCK_THREAD_CPUTIME_ID);
  work();
  cost.wall_s += seconds_since(wall);
  cost.cpu_s += cpu_s(CLOCK_THREAD_CPUTIME_ID) - cpu;
}

/// The hub without a network, batch by batch in turns with the bare rows.
void in_process(const std::filesystem::path& folder, int tills) {
  const SystemClock clock;
  SystemRandom random;
  hub::HubStore store = hub::HubStore::open(folder / "hub", clock, random).value();
  hub::Ingest ingest(store, clock);
  hub::HubStore::open(folder / "bare", clock, random).value();  // makes the same tables
  BareRows bare(folder / "bare" / "hub.db");
  const std::vector<Message> messages = messages_of(tills, kInvoices);
  const std::size_t per_batch = hub::IngestSettings().batch_arrivals / kPerMessage;
  Cost ours;
  Cost theirs;
  std::vector<double> latencies_ms;
  for (std::size_t from = 0; from < messages.size(); from += per_batch) {
    const std::span<const Message> batch =
        std::span(messages).subspan(from, std::min(per_batch, messages.size() - from));
    const auto came = Clock::now();
    charge(ours, [&] {
      for (const Message& message : batch) {
        TILLSIGHT_CHECK(ingest.receive(message.topic, message.payload).ok(), "receive");
      }
      TILLSIGHT_CHECK(ingest.flush().ok(), "flush");
    });
    latencies_ms.push_back(1000 * seconds_since(came));
    std::vector<PreparedRow> rows;
    for (const Message& message : batch) {
      for (const Event& event : message.events) rows.push_back(prepare_row(event));
    }
    charge(theirs, [&] { bare.insert(rows); });
  }
  TILLSIGHT_CHECK(ingest.counters().stored == kInvoices, "everything is stored, once");
  const std::string name = format("hub.ingest_{}_tills", tills);
  print({.name = name + "_per_second",
         .value = ours.per_second(),
         .unit = "invoices/s",
         .goal = Goal::kAtLeast,
         .bound = kLeastPerSecond});
  print({.name = name + "_of_bare_inserts",
         .value = ours.per_second() / theirs.per_second(),
         .unit = "ratio",
         .goal = Goal::kAtLeast,
         .bound = kLeastOfBare,
         .rival = format("bare:{:.0f}/s", theirs.per_second())});
  print({.name = name + "_cpu_us",
         .value = 1e6 * ours.cpu_s / kInvoices,
         .unit = "us/invoice",
         .goal = Goal::kAtMost,
         .bound = kMostCpuUs,
         .rival = format("bare:{:.1f}us", 1e6 * theirs.cpu_s / kInvoices)});
  print({.name = name + "_batch_p99", .value = percentile(latencies_ms, 99), .unit = "ms"});
  print({.name = name + "_rss", .value = rss_mib(), .unit = "MiB"});
}

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
  void add(const Message& message) { waiting_.push_back(&message); }
  bool done() const { return waiting_.empty() && unacknowledged_.empty(); }
  void turn() {
    const Status status = client_->run_once(*this, milliseconds(0), -1);
    TILLSIGHT_CHECK(status.ok(), "the connection holds");
    if (!hub_is_there_) return;
    while (!waiting_.empty() &&
           static_cast<int>(unacknowledged_.size() + 1) * kPerMessage <= std::max(window_, 10)) {
      const Message& next = *waiting_.front();
      if (!client_->publish(next.topic, next.payload, mqtt::Retain::kNo).ok()) return;
      unacknowledged_.push_back({next.events.back().identity.sequence, Clock::now()});
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
      latencies_ms.push_back(1000 * seconds_since(unacknowledged_.front().left));
      unacknowledged_.pop_front();
    }
  }

  std::vector<double> latencies_ms;

 private:
  struct Sent {
    Sequence last;
    Clock::time_point left;
  };
  const std::string till_;
  std::unique_ptr<mqtt::MosquittoClient> client_;
  bool hub_is_there_ = false;
  int window_ = 10;
  std::deque<const Message*> waiting_;
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

void over_the_broker(const std::filesystem::path& folder, int tills) {
  const std::vector<Message> messages = messages_of(tills, kInvoices);
  test::Broker broker;
  RunningHub hub(folder, broker.port());
  std::vector<std::unique_ptr<EagerTill>> all;
  for (int till = 0; till < tills; ++till) {
    all.push_back(std::make_unique<EagerTill>(till, broker.port()));
  }
  for (std::size_t i = 0; i < messages.size(); ++i) {
    all[i % static_cast<std::size_t>(tills)]->add(messages[i]);
  }
  const auto start = Clock::now();
  const auto done = [](const auto& till) { return till->done(); };
  while (!std::ranges::all_of(all, done)) {
    for (const auto& till : all) till->turn();
    TILLSIGHT_CHECK(seconds_since(start) < 300, "head office has everything in five minutes");
  }
  const double wall_s = seconds_since(start);
  std::vector<double> latencies_ms;
  for (const auto& till : all) {
    latencies_ms.insert(latencies_ms.end(), till->latencies_ms.begin(), till->latencies_ms.end());
  }
  const double hub_cpu_s = hub.stop();
  const std::string name = format("hub.broker_{}_tills", tills);
  print({.name = name + "_per_second", .value = kInvoices / wall_s, .unit = "invoices/s"});
  print({.name = name + "_ack_p99", .value = percentile(latencies_ms, 99), .unit = "ms"});
  print({.name = name + "_cpu_ms", .value = 1e3 * hub_cpu_s / kInvoices, .unit = "ms/invoice"});
}

void run(const std::filesystem::path& folder) {
  for (const int tills : {1, 10, 200}) in_process(folder / format("in-{}", tills), tills);
  for (const int tills : {1, 10, 200}) over_the_broker(folder / format("over-{}", tills), tills);
}

}  // namespace
}  // namespace tillsight::bench

int main(int argc, char** argv) {
  const std::filesystem::path folder =
      std::filesystem::path(argc > 1 ? argv[1] : ".") / "hub-bench.tmp";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  tillsight::bench::run(folder);
  std::filesystem::remove_all(folder);
}
