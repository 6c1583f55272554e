// What a clerk waits for, and what the till takes of the box: the real binary with the real
// network, a photo put before its camera, actions through its socket.
//
//   FIGURE till.photo_to_line_ms   from the photo on the counter to a line on the clerk's screen
//   FIGURE till.pay_to_receipt_ms  from the key to the receipt, durable in between
//   FIGURE till.resident_mib       memory of the process with the network loaded
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>

#include "app/demo_stage.hpp"
#include "bench/figure.hpp"
#include "tests/support/source_dir.hpp"
#include "tests/support/temp_dir.hpp"

namespace tillsight::app {
namespace {

using Json = TillClient::Json;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr int kSales = 15;
constexpr milliseconds kPatience{30'000};
// As in config/till.toml: 3 frames of voting, 10 frames a second; and one frame more.
constexpr double kVotingFrames = 3;
constexpr double kFrameMs = 100;
constexpr double kResidentMib = 200;

double ms_since(SteadyClock::time_point start) {
  return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double resident_mib(pid_t pid) {
  std::ifstream file(format("/proc/{}/status", pid));
  for (std::string word; file >> word;) {
    double kib = 0;
    if (word == "VmRSS:" && file >> kib) return kib / 1024;
  }
  return 0;
}

Status wait_for_sale(TillClient& till, const StopSignals& stop, std::string_view what,
                     const std::function<bool(const Json&)>& wanted) {
  const auto seen = till.wait_for(
      what, [&](const Json& line) { return line.value("event", "") == "sale" && wanted(line); },
      kPatience, stop);
  return seen.ok() ? Status() : Status(seen.error());
}

struct Waits {
  std::vector<double> to_line_ms;
  std::vector<double> to_receipt_ms;
};

Status sell(DemoStage& stage, TillClient& till, const DemoSettings& settings,
            const StopSignals& stop, Waits& waits) {
  auto start = SteadyClock::now();
  TILLSIGHT_TRY(stage.put_on_counter("T01", settings.photos / "apple.jpg"));
  TILLSIGHT_TRY(wait_for_sale(till, stop, "a line", [](const Json& view) {
    return view["state"] == "open" && !view["lines"].empty();
  }));
  waits.to_line_ms.push_back(ms_since(start));

  start = SteadyClock::now();
  TILLSIGHT_TRY(till.say({{"do", "pay"}}));
  const auto receipt = till.wait_for(
      "the receipt", [](const Json& line) { return line.value("event", "") == "committed"; },
      kPatience, stop);
  if (!receipt.ok()) return receipt.error();
  waits.to_receipt_ms.push_back(ms_since(start));

  stage.clear_counter("T01");
  return wait_for_sale(till, stop, "an empty counter", [](const Json& view) {
    return view["state"] == "open" && view["lines"].empty();
  });
}

Result<bool> measure() {
  const StopSignals stop;
  const TempDir folder;
  DemoSettings settings;
  settings.program = std::filesystem::path(TILLSIGHT_PROGRAM);
  settings.folder = folder / "bench";
  settings.photos = "/usr/share/doc/opencv-doc/examples/data";
  settings.model = std::filesystem::path(source_dir()) / "models" / "manifest.toml";
  settings.catalogue = std::filesystem::path(source_dir()) / "config" / "catalogue.csv";
  TILLSIGHT_ASSIGN(DemoStage stage, DemoStage::set_up(settings));
  TILLSIGHT_TRY(stage.start_broker());
  TILLSIGHT_ASSIGN(TillClient till, stage.start_till("T01", stop));
  Waits waits;
  for (int i = 0; i < kSales; ++i) TILLSIGHT_TRY(sell(stage, till, settings, stop, waits));
  const double memory_mib = resident_mib(stage.till_pid("T01"));
  stage.stop_all();

  const bool quick = bench::print({.name = "till.photo_to_line_ms",
                                   .value = median(waits.to_line_ms),
                                   .unit = "ms",
                                   .goal = bench::Goal::kAtMost,
                                   .bound = (kVotingFrames + 1) * kFrameMs,
                                   .rival = format("3_frames:{}ms", kVotingFrames * kFrameMs)});
  bench::print(
      {.name = "till.pay_to_receipt_ms", .value = median(waits.to_receipt_ms), .unit = "ms"});
  const bool small = bench::print({.name = "till.resident_mib",
                                   .value = memory_mib,
                                   .unit = "MiB",
                                   .goal = bench::Goal::kAtMost,
                                   .bound = kResidentMib});
  return quick && small;
}

}  // namespace
}  // namespace tillsight::app

int main() {
  const auto met = tillsight::app::measure();
  if (!met.ok()) std::cerr << met.error().message() << '\n';
  return met.ok() && *met ? 0 : 1;
}
