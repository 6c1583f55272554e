// Ad-hoc questions on the columnar copy of 10 million invoice lines, beside DuckDB and SQLite on
// the same lines in the same run; how fast the copy is built and extended, and what it takes.
//
//   tillsight_bench_columns [LINES]
//
// DuckDB comes from npm: `npm ci` in bench/eda. Without it the figures say that it is unmeasured.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <numeric>
#include <sstream>
#include <thread>

#include "bench/eda/made_up_lines.hpp"
#include "bench/eda/questions.hpp"
#include "bench/figure.hpp"
#include "tests/support/source_dir.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/columns/writer.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::bench {
namespace {

constexpr int kRounds = 15;
constexpr double kLinesAnInvoice = 4.5;
constexpr std::int64_t kExtensionInvoices = 200;

double milliseconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
      .count();
}

/// What an answer is compared by: its rows, and the sum of its last column.
struct Outcome {
  double milliseconds = 1e9;
  std::int64_t rows = 0;
  std::int64_t sum = 0;
};

/// \param threads 0: as many as the machine has
Outcome ask(const columns::Columns& view, const columns::Query& query, int rounds, int threads) {
  Outcome outcome;
  for (int round = 0; round < rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    const auto answer = columns::answer_in_numbers(view, query, threads);
    outcome.milliseconds = std::min(outcome.milliseconds, milliseconds_since(begin));
    TILLSIGHT_CHECK(answer.ok(), answer.ok() ? "" : answer.error().message());
    const auto& numbers = answer->columns.back().numbers;
    outcome.rows = static_cast<std::int64_t>(answer->rows);
    outcome.sum = std::accumulate(numbers.begin(), numbers.end(), std::int64_t{0});
  }
  return outcome;
}

/// The best of its forms; empty where DuckDB cannot be had.
std::map<std::string, Outcome> ask_duckdb(const TempDir& dir,
                                          const std::vector<BenchQuestion>& questions) {
  const auto here = std::filesystem::path(source_dir()) / "bench/eda";
  std::map<std::string, Outcome> outcomes;
  if (!std::filesystem::exists(here / "node_modules/@duckdb/node-api")) return outcomes;
  std::ofstream tasks(dir / "tasks");
  for (const BenchQuestion& question : questions) {
    tasks << question.name << '\t' << question.lines_sql << '\n';
    if (question.invoices_sql.empty()) continue;
    tasks << question.name << '\t' << question.invoices_sql << '\n';
  }
  tasks.close();
  const std::string command =
      format("node '{}' '{}' '{}' {} {} > '{}'", (here / "duckdb.mjs").string(),
             (dir / "lines.csv").string(), (dir / "tasks").string(),
             std::max(1U, std::thread::hardware_concurrency()), kRounds, (dir / "duckdb").string());
  if (std::system(command.c_str()) != 0) return outcomes;
  std::ifstream answers(dir / "duckdb");
  std::string name;
  Outcome one;
  while (answers >> name >> one.milliseconds >> one.rows >> one.sum) {
    Outcome& best = outcomes[name];
    one.milliseconds = std::min(one.milliseconds, best.milliseconds);
    best = one;
  }
  return outcomes;
}

double ask_sqlite(const std::filesystem::path& hub) {
  auto db = hub::open_for_reading(hub, hub::Persons::kHidden).value();
  const auto begin = std::chrono::steady_clock::now();
  auto rows = db.prepare(
                    "SELECT item, sum(iif(kind = 'refund', -quantity, quantity)), "
                    "sum(iif(kind = 'refund', -line.gross, line.gross)) FROM line JOIN "
                    "invoice USING (event_id) WHERE kind <> 'void' GROUP BY item")
                  .value();
  TILLSIGHT_CHECK(rows.run().ok(), "SQLite does not answer");
  return milliseconds_since(begin);
}

double resident_mib() {
  std::ifstream status("/proc/self/statm");
  std::int64_t pages = 0;
  status >> pages >> pages;
  return static_cast<double>(pages * ::sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

void build(const std::filesystem::path& hub, std::int64_t lines) {
  const double before = resident_mib();
  const auto begin = std::chrono::steady_clock::now();
  auto writer = columns::Writer::open(hub);
  TILLSIGHT_CHECK(writer.ok(), "no writer");
  double peak = 0;
  const auto built = writer->extend([&peak](double) {
    peak = std::max(peak, resident_mib());
    return true;
  });
  TILLSIGHT_CHECK(built.ok() && built->lines == lines, "not all lines");
  print({"eda.build_lines_per_s", static_cast<double>(lines) / milliseconds_since(begin) * 1e3,
         "1/s"});
  print({"eda.build_memory", peak - before, "MiB"});
}

void extend(const std::filesystem::path& hub, std::int64_t first_invoice) {
  auto writer = columns::Writer::open(hub);
  TILLSIGHT_CHECK(writer.ok() && writer->extend().ok(), "no writer");
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    make_up_lines(hub, first_invoice + i * kExtensionInvoices, kExtensionInvoices, {});
    const auto begin = std::chrono::steady_clock::now();
    TILLSIGHT_CHECK(writer->extend().ok(), "not extended");
    best = std::min(best, milliseconds_since(begin));
  }
  print({"eda.extend_by_200_invoices", best, "ms"});
}

void print_question(const BenchQuestion& question, const Outcome& ours,
                    const std::map<std::string, Outcome>& duckdb) {
  const auto rival = duckdb.find(question.name);
  const std::string name = "eda." + question.name;
  print({name, ours.milliseconds, "ms", Goal::kAtMost, 10});
  if (rival == duckdb.end()) {
    std::puts(format("FIGURE {}_of_duckdb value=nan unit=ratio goal=<=1 rival=duckdb:unmeasured "
                     "ok=no",
                     name)
                  .c_str());
    return;
  }
  TILLSIGHT_CHECK(rival->second.rows == ours.rows && rival->second.sum == ours.sum,
                  format("{}: DuckDB has {} rows and {}, the columns {} and {}", question.name,
                         rival->second.rows, rival->second.sum, ours.rows, ours.sum));
  print({name + "_of_duckdb", ours.milliseconds / rival->second.milliseconds, "ratio",
         Goal::kAtMost, 1, format("duckdb:{:.2f}ms", rival->second.milliseconds)});
}

void measure(std::int64_t wanted_lines) {
  const TempDir dir;
  const auto hub = dir / "hub";
  const FakeClock clock;
  SeededRandom random(1);
  TILLSIGHT_CHECK(hub::HubStore::open(hub, clock, random).ok(), "no empty head office");
  const auto invoices =
      static_cast<std::int64_t>(static_cast<double>(wanted_lines) / kLinesAnInvoice);
  const std::int64_t lines = make_up_lines(hub, 1, invoices, dir / "lines.csv");
  build(hub, lines);

  const auto begin = std::chrono::steady_clock::now();
  const auto view = columns::Columns::open(hub).value();
  print({"eda.open", milliseconds_since(begin), "ms"});
  print({"eda.mapped", static_cast<double>(view->bytes()) / (1024 * 1024), "MiB"});
  const auto questions = bench_questions();
  std::map<std::string, Outcome> ours;
  for (const BenchQuestion& question : questions) {
    ours[question.name] = ask(*view, question.query, kRounds, 0);
  }
  const auto duckdb = ask_duckdb(dir, questions);
  for (const BenchQuestion& question : questions) {
    // Before and after the rival, as the machine's quiet moments come and go.
    Outcome best = ask(*view, question.query, kRounds, 0);
    best.milliseconds = std::min(best.milliseconds, ours[question.name].milliseconds);
    print_question(question, best, duckdb);
    if (question.name != "item") continue;
    print({"eda.item_on_1_thread", ask(*view, question.query, kRounds, 1).milliseconds, "ms"});
    print(
        {"eda.item_of_sqlite", best.milliseconds / ask_sqlite(hub), "ratio", Goal::kAtMost, 0.01});
  }
  extend(hub, invoices + 1);
}

}  // namespace
}  // namespace tillsight::bench

int main(int argc, char** argv) {
  tillsight::bench::measure(argc > 1 ? std::atoll(argv[1]) : 10'000'000);
}
