// How fast a year of another shop's lines is imported, beside the sqlite3 shell that reads the same
// CSV and builds the same tables and indexes with SQL, in the same run; and that memory does not
// grow with the file.
//
//   tillsight_bench_import [DATA]
//
// DATA holds online-retail; default $TILLSIGHT_DATA, then ../shared/data beside the sources.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "bench/figure.hpp"
#include "src/hub/schema_sums.hpp"
#include "tests/support/source_dir.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::bench {
namespace {

constexpr int kRounds = 3;
constexpr int kTimesLonger = 4;

/// The same rows as the import makes, in one transaction, into an empty head office's tables; the
/// sums are added to it.
constexpr std::string_view kRival = R"sql(
.mode csv
.import {csv} raw
BEGIN;
INSERT INTO journal (id, store, till, incarnation, first_heard_at, verified_hash, origin, source)
VALUES (1, 'UK1', 'WEB', 'rival', '2026-01-01', zeroblob(32), 'imported', 'online-retail');
CREATE TEMP TABLE first AS
SELECT min(rowid) AS row, row_number() OVER (ORDER BY min(rowid)) AS id, InvoiceNo AS no
FROM raw GROUP BY InvoiceNo;
CREATE UNIQUE INDEX temp.first_no ON first (no);
CREATE TEMP TABLE priced AS
SELECT raw.rowid AS row, first.id AS event_id, StockCode, Description, UnitPrice,
       iif(InvoiceNo LIKE 'C%', -Quantity, +Quantity) AS quantity,
       CAST(round(UnitPrice * 100) AS INTEGER) AS price,
       CAST(round(iif(InvoiceNo LIKE 'C%', -Quantity, +Quantity) * UnitPrice * 100) AS INTEGER) AS
         gross
FROM raw JOIN first ON no = InvoiceNo;
INSERT INTO event (id, journal_id, sequence, type, happened_at, received_at, hash, previous, sealed,
                   notes)
SELECT id, 1, id, 'tillsight.imported.v1', strftime('%Y-%m-%dT%H:%M:%S.000Z', InvoiceDate),
       '2026-01-01T00:00:00.000Z', randomblob(32), zeroblob(32), '', ''
FROM first JOIN raw ON raw.rowid = row ORDER BY id;
INSERT INTO invoice (event_id, store, till, invoice_no, kind, business_date, date, time, weekday,
                     time_zone, utc, clock_trusted, cashier, customer, currency, net, tax, gross,
                     rounding, reason, boot_id, monotonic_ms, unlinked, approver, removed, origin)
SELECT id, 'UK1', 'WEB', no, iif(no LIKE 'C%', 'refund', 'sale'), substr(InvoiceDate, 1, 10),
       substr(InvoiceDate, 1, 10), substr(InvoiceDate, 12), strftime('%w', InvoiceDate),
       'Europe/London', strftime('%Y-%m-%dT%H:%M:%S.000Z', InvoiceDate), 1, '',
       nullif(CustomerID, ''), 'GBP', total, 0, total, 0, '', '', 0, 0, '', 0, 'imported'
FROM first JOIN raw ON raw.rowid = row
     JOIN (SELECT event_id, sum(gross) AS total FROM priced GROUP BY event_id) ON event_id = id
ORDER BY id;
INSERT INTO line (event_id, line, sku, item, aisle, quantity, list_price, discount, tax_bp, net,
                  tax, gross, catalogue, entry, confidence, seen, discount_reason, discount_by,
                  of_line)
SELECT event_id, row_number() OVER (PARTITION BY event_id ORDER BY row), StockCode, Description, '',
       quantity, price, price * quantity - gross, 0, gross, 0, gross, '', 'keypad', 0, '', '', '', 0
FROM priced ORDER BY event_id, row;
INSERT INTO tender (event_id, tender, type, amount, change)
SELECT event_id, 1, 'unknown', gross, 0 FROM invoice;
INSERT INTO import_number (journal_id, number, event_id) SELECT 1, no, id FROM first;
)sql";

struct Run {
  double seconds = 0;
  std::int64_t peak_kib = 0;
};

/// Runs a program to its end; its first word is a path, or a name that PATH knows.
Run timed(std::vector<std::string> words, const std::string& input) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, 0, input.c_str(), O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  const auto begin = std::chrono::steady_clock::now();
  pid_t child = 0;
  const int failure =
      ::posix_spawnp(&child, words[0].c_str(), &files, nullptr, arguments.data(), environ);
  TILLSIGHT_CHECK(failure == 0, words[0]);
  ::posix_spawn_file_actions_destroy(&files);
  int status = 0;
  rusage used{};
  TILLSIGHT_CHECK(::wait4(child, &status, 0, &used) == child, words[0]);
  TILLSIGHT_CHECK(status == 0, format("{} failed with {}", words[0], status));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  return {took.count(), used.ru_maxrss};
}

/// An empty head office, closed.
std::filesystem::path new_hub(const TempDir& dir, const std::string& name) {
  const auto folder = dir.path() / name;
  const FakeClock clock;
  SeededRandom random(1);
  TILLSIGHT_CHECK(hub::HubStore::open(folder, clock, random).ok(), "no empty head office");
  return folder;
}

std::int64_t counted(const std::filesystem::path& folder, std::string_view sql) {
  auto db = hub::open_for_reading(folder, hub::Persons::kHidden).value();
  auto query = db.prepare(sql).value();
  TILLSIGHT_CHECK(query.step().value(), "a count has a row");
  return query.integer(0);
}

Run import(const std::filesystem::path& csv, const std::filesystem::path& hub) {
  const std::string mapping =
      (std::filesystem::path(source_dir()) / "config/mappings/online-retail.toml").string();
  return timed(
      {TILLSIGHT_PROGRAM, "import", csv.string(), "--mapping", mapping, "--data", hub.string()},
      "/dev/null");
}

/// The lines over and over, each time under other invoice numbers.
void lengthen(const std::filesystem::path& csv, const std::filesystem::path& longer) {
  std::ofstream out(longer);
  for (int copy = 0; copy < kTimesLonger; ++copy) {
    std::ifstream in(csv);
    std::string line;
    for (bool header = true; std::getline(in, line); header = false) {
      if (header && copy > 0) continue;
      if (!header) line.insert(line.find(','), format("-{}", copy));
      out << line << '\n';
    }
  }
}

void measure(const std::filesystem::path& packed) {
  const TempDir dir;
  const auto csv = dir / "retail.csv";
  const std::string unpack = format("gunzip -c '{}' > '{}'", packed.string(), csv.string());
  TILLSIGHT_CHECK(std::system(unpack.c_str()) == 0, unpack);
  const auto script = dir / "rival.sql";
  std::string sql(kRival);
  sql.replace(sql.find("{csv}"), 5, csv.string());
  for (const hub::SumTable& sum : hub::kSumTables) {
    sql += format("INSERT INTO {} {};\n", sum.name, sum.rows);
  }
  std::ofstream(script) << sql << "COMMIT;\n";

  Run ours{1e9, 0};
  Run theirs{1e9, 0};
  std::int64_t rows = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto hub = new_hub(dir, format("ours{}", round));
    ours.seconds = std::min(ours.seconds, import(csv, hub).seconds);
    const auto rival = new_hub(dir, format("rival{}", round));
    theirs.seconds = std::min(
        theirs.seconds, timed({"sqlite3", (rival / "hub.db").string()}, script.string()).seconds);
    for (const std::string_view sum :
         {"SELECT count(*) FROM v_lines", "SELECT sum(gross) FROM v_lines",
          "SELECT count(*) FROM v_invoices", "SELECT sum(sold) FROM period_money",
          "SELECT sum(pieces) FROM day_item"}) {
      TILLSIGHT_CHECK(counted(hub, sum) == counted(rival, sum), sum);
    }
    rows = counted(hub, "SELECT count(*) FROM v_lines");
    std::filesystem::remove_all(hub);
    std::filesystem::remove_all(rival);
  }
  print({"import.rows_per_s", static_cast<double>(rows) / ours.seconds, "1/s", Goal::kNone, 0,
         format("sqlite3_shell:{:.0f}", static_cast<double>(rows) / theirs.seconds)});
  print({"import.time_of_sqlite3_shell", ours.seconds / theirs.seconds, "ratio", Goal::kAtMost, 1,
         format("sqlite3_shell:{:.2f}s", theirs.seconds)});

  const Run once = import(csv, new_hub(dir, "once"));
  const auto longer = dir / "longer.csv";
  lengthen(csv, longer);
  const Run often = import(longer, new_hub(dir, "often"));
  print({"import.peak_memory", static_cast<double>(once.peak_kib) / 1024, "MiB"});
  print({"import.peak_memory_of_4_times_the_file",
         static_cast<double>(often.peak_kib) / static_cast<double>(once.peak_kib), "ratio",
         Goal::kAtMost, 1.1, format("once:{}KiB", once.peak_kib)});
}

}  // namespace
}  // namespace tillsight::bench

int main(int argc, char** argv) {
  const char* const environment = std::getenv("TILLSIGHT_DATA");
  const std::filesystem::path data =
      argc > 1                 ? std::filesystem::path(argv[1])
      : environment != nullptr ? std::filesystem::path(environment)
                               : std::filesystem::path(tillsight::source_dir()) / "../shared/data";
  const auto packed = data / "online-retail/OnlineRetail.csv.gz";
  if (!std::filesystem::exists(packed)) {
    std::fprintf(
        stderr, "import_bench: no %s; set TILLSIGHT_DATA to the folder that holds online-retail/\n",
        packed.c_str());
    return 77;  // skipped, as ./dev understands it
  }
  tillsight::bench::measure(packed);
}
