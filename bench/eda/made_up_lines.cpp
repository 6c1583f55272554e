#include "bench/eda/made_up_lines.hpp"

#include <chrono>
#include <cmath>
#include <fstream>
#include <random>

#include "tillsight/core/check.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::bench {
namespace {

constexpr int kDays = 5 * 365;
constexpr int kItems = 5'000;
constexpr int kCustomers = 100'000;
constexpr int kStores = 50;
constexpr std::int64_t kInvoicesADay = 1'218;  // 10 million lines in five years

struct MadeUp {
  std::int64_t cursor;
  std::string store;
  std::string till;
  std::string kind;
  std::chrono::sys_days date;
  std::string date_text;
  int hour;
  std::string customer;
  int cashier;
};

class Maker {
 public:
  Maker(sql::Connection& db, const std::filesystem::path& csv) : db_(db) {
    if (csv.empty()) return;
    csv_.open(csv);
    csv_ << "cursor,store,till,customer,date,month,weekday,hour,item,aisle,quantity,gross,sale\n";
  }

  std::int64_t invoice(std::int64_t cursor) {
    MadeUp made = header(cursor);
    std::int64_t total = 0;
    const int lines = 1 + static_cast<int>(below(8));
    // The invoice's row must be there before its lines; its totals are not asked for here.
    insert(made, total);
    for (int line = 1; line <= lines; ++line) add_line(made, line);
    return lines;
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  /// Small numbers are far more likely.
  int skewed(int bound) {
    const double at = static_cast<double>(engine_() >> 11) * 0x1p-53;
    return static_cast<int>(at * at * at * bound);
  }

  MadeUp header(std::int64_t cursor) {
    const auto day = std::min<std::int64_t>(cursor / kInvoicesADay, kDays - 1);
    MadeUp made{cursor,
                format("S{:02}", 1 + below(kStores)),
                format("T{:02}", 1 + below(4)),
                "sale",
                std::chrono::sys_days(std::chrono::year(2021) / 1 / 1) + std::chrono::days(day),
                "",
                8 + static_cast<int>((below(13) + below(13)) / 2),
                "",
                static_cast<int>(below(400))};
    made.date_text = to_string(std::chrono::year_month_day(made.date));
    const auto kind = below(100);
    if (kind < 2) made.kind = "refund";
    if (kind == 2) made.kind = "void";
    if (below(4) != 0) made.customer = format("{:032x}", 7 + skewed(kCustomers));
    return made;
  }

  void insert(const MadeUp& made, std::int64_t total) {
    auto event = db_.prepare(
                        "INSERT INTO event (id, journal_id, sequence, type, happened_at, "
                        "received_at, hash, previous, sealed, notes) VALUES (?, 1, ?, 't', "
                        "'', '', x'', x'', '', '')")
                     .value();
    TILLSIGHT_CHECK(event.bind(made.cursor, made.cursor).run().ok(), "an event");
    auto invoice =
        db_.prepare(
               "INSERT INTO invoice (event_id, store, till, kind, business_date, date, time, "
               "weekday, time_zone, utc, clock_trusted, cashier, customer, currency, net, "
               "tax, gross, rounding, reason, boot_id, monotonic_ms, unlinked, approver, "
               "removed, origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'Asia/Kolkata', '', 1, ?, "
               "?, 'INR', ?, 0, ?, 0, '', '', 0, 0, '', 0, 'synthetic')")
            .value();
    const std::optional<std::string> customer =
        made.customer.empty() ? std::nullopt : std::optional(made.customer);
    invoice.bind(made.cursor, made.store, made.till, made.kind, made.date_text, made.date_text,
                 format("{:02}:{:02}:00", made.hour, below(60)),
                 weekday_name(std::chrono::weekday(made.date)), format("C{:03}", made.cashier),
                 customer, total, total);
    const Status done = invoice.run();
    TILLSIGHT_CHECK(done.ok(), done.ok() ? "" : done.error().message());
  }

  void add_line(const MadeUp& made, int line) {
    const int item = skewed(kItems);
    const int quantity = 1 + skewed(6);
    const std::int64_t price = 500 + 997 * (item % 300);
    const std::int64_t gross = price * quantity;
    const std::string item_name = format("Item {:04}", item);
    const std::string aisle = format("Aisle {}", 1 + item % 12);
    auto insert =
        db_.prepare(
               "INSERT INTO line (event_id, line, sku, item, aisle, quantity, list_price, "
               "discount, tax_bp, net, tax, gross, catalogue, entry, confidence, seen, "
               "discount_reason, discount_by, of_line) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 1800, "
               "?, ?, ?, ?, ?, ?, '', '', '', 0)")
            .value();
    const std::int64_t tax = gross * 18 / 118;
    insert.bind(made.cursor, line, format("{:08}", 10'000'000 + 7 * item), item_name, aisle,
                quantity, price, gross - tax, tax, gross, format("v{}", made.cursor / 100'000),
                below(3) == 0 ? "keypad" : "camera", static_cast<double>(below(10'000)) / 1e4);
    const Status done = insert.run();
    TILLSIGHT_CHECK(done.ok(), done.ok() ? "" : done.error().message());
    if (!csv_.is_open() || made.kind == "void") return;
    const int sign = made.kind == "refund" ? -1 : 1;
    const unsigned weekday = std::chrono::weekday(made.date).iso_encoding();
    csv_ << format("{},{},{},{},{},{},{},{},{},{},{},{},{}\n", made.cursor, made.store, made.till,
                   made.customer, made.date_text, made.date_text.substr(0, 7), weekday, made.hour,
                   item_name, aisle, sign * quantity, sign * gross, sign > 0 ? 1 : 0);
  }

  sql::Connection& db_;
  std::ofstream csv_;
  std::mt19937_64 engine_{1};
};

}  // namespace

std::int64_t make_up_lines(const std::filesystem::path& hub, std::int64_t first_invoice,
                           std::int64_t invoices, const std::filesystem::path& csv) {
  auto db = sql::Connection::open(hub / "hub.db", {.autocheckpoint_pages = 100'000}).value();
  const auto run = [&](std::string_view sql) {
    const Status done = db.execute(sql);
    TILLSIGHT_CHECK(done.ok(), done.ok() ? "" : done.error().message());
  };
  run("PRAGMA synchronous = OFF");
  run("INSERT OR IGNORE INTO journal (id, store, till, incarnation, first_heard_at, verified_hash, "
      "origin) VALUES (1, 'S01', 'T01', 'bench', '', x'', 'synthetic')");
  run("BEGIN");
  Maker maker(db, csv);
  std::int64_t lines = 0;
  for (std::int64_t i = 0; i < invoices; ++i) {
    lines += maker.invoice(first_invoice + i);
    if (i % 100'000 == 99'999) run("COMMIT; BEGIN");
  }
  run("COMMIT");
  return lines;
}

}  // namespace tillsight::bench
