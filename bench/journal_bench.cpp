// How long the clerk waits for "done": Journal::append() of a five-line invoice beside what the
// same file system takes to overwrite 4 KiB of a file and make it durable (pwrite + fdatasync).
// The two take turns, so that whatever else the disk does hits both.
//
// Usage: journal_bench [FOLDER ON THE DISK TO MEASURE]
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "bench/figure.hpp"
#include "tests/support/sales.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/journal/journal.hpp"

namespace tillsight::bench {
namespace {

constexpr int kSales = 4'000;
constexpr int kIdleEvery = 20;  // the journal's thread has idle time between sales
constexpr double kBound = 2.0;

/// The cheapest durable write that the file system offers: blocks that the file already has.
class RawDisk {
 public:
  explicit RawDisk(const std::filesystem::path& file)
      : fd_(::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
    TILLSIGHT_CHECK(fd_ >= 0, file.string());
    for (int block = 0; block < kBlocks; ++block) write(block);
    TILLSIGHT_CHECK(::fsync(fd_) == 0, file.string());
  }
  ~RawDisk() { ::close(fd_); }

  void overwrite_next() {
    write(next_++ % kBlocks);
    TILLSIGHT_CHECK(::fdatasync(fd_) == 0, "fdatasync");
  }

 private:
  static constexpr int kBlocks = 1024;
  void write(int block) {
    ++content_[0];
    const auto at = static_cast<off_t>(block) * static_cast<off_t>(content_.size());
    TILLSIGHT_CHECK(::pwrite(fd_, content_.data(), content_.size(), at) > 0, "pwrite");
  }

  const int fd_;
  std::string content_ = std::string(4096, 'x');
  int next_ = 0;
};

template <typename Call>
double timed_us(Call call) {
  const auto start = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
      .count();
}

double percentile(std::vector<double> samples, std::size_t percent) {
  const auto at =
      samples.begin() + static_cast<std::ptrdiff_t>((samples.size() - 1) * percent / 100);
  std::nth_element(samples.begin(), at, samples.end());
  return *at;
}

Invoice five_lines(const Clock& clock) {
  std::vector<InvoiceLine> lines;
  for (const char* sku : {"apple", "banana", "orange", "bottle", "cake"}) {
    lines.push_back(testing::a_line(sku, 12'345, 2));
  }
  return testing::a_sale(std::move(lines), clock, testing::asha());
}

void report(const char* name, std::size_t percent, const std::vector<double>& commits,
            const std::vector<double>& syncs) {
  const double commit = percentile(commits, percent);
  const double sync = percentile(syncs, percent);
  print({.name = format("till.commit_{}_us", name),
         .value = commit,
         .unit = "us",
         .goal = Goal::kAtMost,
         .bound = kBound * sync,
         .rival = format("fdatasync:{:.4g}", sync)});
}

void run(const std::filesystem::path& folder) {
  SystemRandom random;
  SystemClock clock;
  RawDisk disk(folder / "raw");
  Journal journal =
      Journal::open({folder / "journal.db", StoreId("S01"), TillId("T01"), 1}, random, clock)
          .value();
  std::vector<double> commits, syncs;
  for (int sale = 0; sale < kSales; ++sale) {
    const Invoice invoice = five_lines(clock);
    syncs.push_back(timed_us([&] { disk.overwrite_next(); }));
    commits.push_back(timed_us([&] {
      const auto event = journal.append(invoice, R"({"version":1,"lines":[],"held":[]})");
      TILLSIGHT_CHECK(event.ok(), event.error().message());
    }));
    if (sale % kIdleEvery == 0) TILLSIGHT_CHECK(journal.checkpoint().ok(), "checkpoint");
  }
  report("p50", 50, commits, syncs);
  report("p99", 99, commits, syncs);
  const std::vector<double> first_commits(commits.begin(), commits.begin() + 200);
  const std::vector<double> first_syncs(syncs.begin(), syncs.begin() + 200);
  report("of_the_first_200_p50", 50, first_commits, first_syncs);
}

}  // namespace
}  // namespace tillsight::bench

int main(int argc, char** argv) {
  const std::filesystem::path folder =
      std::filesystem::path(argc > 1 ? argv[1] : ".") / "journal-bench.tmp";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  tillsight::bench::run(folder);
  std::filesystem::remove_all(folder);
}
