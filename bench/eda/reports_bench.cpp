// The reports that are asked every day: how long an answer takes on 92,000 invoices, beside the
// same question put to the invoices themselves, and whether it stays as quick for a hundred such
// stores.
//
//   tillsight_bench_reports
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

#include "bench/figure.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/eda/reports.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::bench {
namespace {

constexpr double kMilliseconds = 2;
constexpr double kFlat = 2;
constexpr int kRuns = 31;

struct Question {
  eda::ReportRequest request;
  std::string_view rival;  ///< SQL over the invoices
};

std::vector<Question> questions() {
  const auto day = parse_date("2020-11-21").value();
  return {
      {{.name = "top-customers"},
       "SELECT first_name, last_name, phone, count(*) AS invoices, max(business_date), sum(gross) "
       "FROM invoice JOIN persons.person ON person.id = person WHERE kind = 'sale' GROUP BY "
       "person.id ORDER BY invoices DESC LIMIT 10"},
      {{.name = "sales-on", .date = day},
       "SELECT time, store, till, invoice_no, lines, gross FROM v_invoices WHERE business_date = "
       "'2020-11-21' AND kind <> 'void' ORDER BY time"},
      {{.name = "busiest-days"},
       "SELECT business_date, count(*) FILTER (WHERE kind = 'sale') AS invoices, count(DISTINCT "
       "customer), sum(gross) FROM invoice WHERE kind <> 'void' GROUP BY business_date ORDER BY "
       "invoices DESC LIMIT 5"},
      {{.name = "customers-by-month"},
       "SELECT substr(business_date, 1, 7) AS month, count(*), count(DISTINCT customer), "
       "sum(gross) "
       "FROM invoice WHERE kind <> 'void' GROUP BY month"},
      {{.name = "sales-by-day"},
       "SELECT business_date, count(*), count(DISTINCT customer), sum(gross) FROM invoice WHERE "
       "kind "
       "<> 'void' GROUP BY business_date"},
      {{.name = "sales-by-month"},
       "SELECT substr(business_date, 1, 7) AS month, count(*), count(DISTINCT customer), "
       "sum(gross) "
       "FROM invoice WHERE kind <> 'void' GROUP BY month"},
  };
}

template <typename Work>
double median_ms(int runs, Work work) {
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    times.push_back(took.count());
  }
  std::ranges::nth_element(times, times.begin() + runs / 2);
  return times[static_cast<std::size_t>(runs / 2)];
}

double of_report(eda::Reports& reports, const eda::ReportRequest& request) {
  return median_ms(kRuns, [&] {
    const auto report = reports.run(request);
    TILLSIGHT_CHECK(report.ok() && !report->rows.empty(), request.name);
  });
}

double of_rival(sql::Connection& db, std::string_view sql) {
  return median_ms(3, [&] {
    auto query = db.prepare(sql).value();
    while (query.step().value()) {
    }
  });
}

/// A hundred stores that each sold this history: what the sums would be, and as many persons. The
/// invoices themselves stay as they are, for nothing reads them.
void make_a_hundred_stores(const std::filesystem::path& folder) {
  auto db = sql::Connection::open(folder / "hub.db").value();
  auto attach = db.prepare("ATTACH ? AS persons").value();
  TILLSIGHT_CHECK(attach.bind((folder / "persons.db").string()).run().ok(), "persons.db");
  const Status made = db.execute(R"sql(
CREATE TEMP TABLE copy AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c
  WHERE n < 99) SELECT n, printf('C%03d', n) AS store FROM c;
CREATE TEMP TABLE top AS SELECT max(person) AS most FROM person_count;
INSERT INTO period_count SELECT period, copy.store, sales, refunds, voids, customers, lines, pieces,
  imported, synthetic FROM period_count, copy WHERE period_count.store = 'S01';
UPDATE period_count SET sales = 100 * sales, refunds = 100 * refunds, customers = 100 * customers,
  pieces = 100 * pieces, synthetic = 100 * synthetic WHERE store = '';
INSERT INTO period_money SELECT period, copy.store, currency, sold, refunded, net, tax, discount
  FROM period_money, copy WHERE period_money.store = 'S01';
UPDATE period_money SET sold = 100 * sold, refunded = 100 * refunded WHERE store = '';
INSERT INTO persons.person (id, pseudonym, first_name, last_name, phone)
  SELECT id + n * most, pseudonym || n, first_name, last_name, phone FROM persons.person, copy, top;
INSERT INTO person_count SELECT person + n * most, customer || n, sales, last_date
  FROM person_count, copy, top;
INSERT INTO person_money SELECT person + n * most, currency, sold FROM person_money, copy, top;
)sql");
  TILLSIGHT_CHECK(made.ok(), made.error().message());
}

void run_program(const std::string& arguments) {
  const std::string command = format("{} {} > /dev/null 2>&1", TILLSIGHT_PROGRAM, arguments);
  TILLSIGHT_CHECK(std::system(command.c_str()) == 0, command);
}

std::string figure_name(const eda::ReportRequest& request, std::string_view what) {
  std::string name = format("eda.{}_{}", request.name, what);
  std::ranges::replace(name, '-', '_');
  return name;
}

bool measure() {
  const TempDir dir;
  const auto hub = dir / "hub";
  run_program(format("history generate {}", (dir / "history.jsonl").string()));
  run_program(format("import {} --data {}", (dir / "history.jsonl").string(), hub.string()));
  bool met = true;
  std::vector<double> once;
  {
    eda::Reports reports(hub);
    auto db = hub::open_for_reading(hub, hub::Persons::kShown).value();
    for (const Question& question : questions()) {
      once.push_back(of_report(reports, question.request));
      met &= print({figure_name(question.request, "ms"), once.back(), "ms", Goal::kAtMost,
                    kMilliseconds, format("over_invoices:{:.1f}ms", of_rival(db, question.rival))});
    }
  }
  make_a_hundred_stores(hub);
  eda::Reports reports(hub);
  for (std::size_t i = 0; const Question& question : questions()) {
    const double often = of_report(reports, question.request);
    const double before = once[i++];
    met &= print({figure_name(question.request, "of_100_stores"), often / before, "ratio",
                  Goal::kAtMost, kFlat, format("one_store:{:.2f}ms", before)});
  }
  return met;
}

}  // namespace
}  // namespace tillsight::bench

int main() {
  return tillsight::bench::measure() ? 0 : 1;
}
