// How fast head office takes what tills sell: Ingest and HubStore with 1, 10 and 200 tills, beside
// the bare inserts of the same rows through prepared statements in the same batches, and the same
// over a real broker: saturated for how much fits through, steady for how long a sale waits. Both
// sides of a comparison take turns, so that whatever else the disk does hits both.
//
// Usage: hub_bench [FOLDER ON THE DISK TO MEASURE]
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "bench/figure.hpp"
#include "bench/hub_line.hpp"
#include "bench/hub_messages.hpp"
#include "bench/hub_rows.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/hub/ingest.hpp"

namespace tillsight::bench {
namespace {

constexpr int kInvoices = 20'000;
constexpr int kPerMessage = 10;
constexpr double kLeastPerSecond = 10'000;
constexpr double kMostCpuUs = 100;
constexpr double kLeastOfBare = 0.7;

double rss_mib() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t size = 0;
  std::int64_t resident = 0;
  statm >> size >> resident;
  return static_cast<double>(resident * ::getpagesize()) / (1024 * 1024);
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
  const std::vector<Message> messages = messages_of(0, tills, kInvoices, kPerMessage);
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

void run(const std::filesystem::path& folder) {
  for (const int tills : {1, 10, 200}) in_process(folder / format("in-{}", tills), tills);
  for (const int tills : {1, 10, 200}) saturate(folder / format("over-{}", tills), tills);
  keep_steady(folder / "steady");
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
