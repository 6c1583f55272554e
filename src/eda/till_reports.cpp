#include <array>

#include "eda/reading.hpp"
#include "eda/sheet.hpp"

namespace tillsight::eda {
namespace {

/// What tills or cashiers did, from the sums by day, till and cashier.
Result<Report> work_of(const Reading& reading, std::string_view who, std::string name,
                       std::string title) {
  TILLSIGHT_ASSIGN(
      auto rows,
      reading.db.prepare(format(
          "SELECT store, {} AS who, currency, sum(sales), sum(refunds), sum(voids), sum(lines), "
          "sum(camera_sales), sum(no_touch_sales), sum(corrected), sum(removed), sum(sold - "
          "refunded), sum(refunded), sum(voided), sum(discount) FROM day_till WHERE date BETWEEN ? "
          "AND ? AND (?3 = '' OR store = ?3) AND (?4 = '' OR till = ?4) GROUP BY store, who, "
          "currency ORDER BY store, who, currency",
          who)));
  rows.bind(reading.from(), reading.to(), reading.request.store, reading.request.till);
  Sheet sheet({text("store"), text(std::string(who)), integer("invoices"), integer("refunds"),
               integer("voids"), integer("lines"), percent("no_touch"), percent("corrected"),
               integer("removed")},
              {"revenue", "refunded", "voided", "discount"});
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return sheet.finish(std::move(name), std::move(title) + range_text(reading.request));
    const std::string key = format("{}/{}/{}", rows.text(0), rows.text(1), rows.text(2));
    sheet.add_row(
        key, {std::string(rows.text(0)), std::string(rows.text(1)), rows.integer(3),
              rows.integer(4), rows.integer(5), rows.integer(6), share(rows.real(8), rows.real(7)),
              share(rows.real(9), rows.real(6)), rows.integer(10)});
    for (std::size_t amount = 0; amount < 4; ++amount) {
      sheet.add_amount(key, amount, std::string(rows.text(2)),
                       rows.integer(11 + static_cast<int>(amount)));
    }
  }
}

Result<Report> tills(const Reading& reading) {
  return work_of(reading, "till", "tills", "Tills");
}

Result<Report> cashiers(const Reading& reading) {
  return work_of(reading, "cashier", "cashiers", "Cashiers");
}

/// Cells of a row as its columns' types say. \pre the columns are those of the statement
std::vector<Cell> cells_of(const sql::Statement& row, const std::vector<Column>& columns) {
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const int at = static_cast<int>(i);
    if (row.is_null(at)) {
      cells.emplace_back();
    } else if (columns[i].type == ColumnType::kInteger) {
      cells.emplace_back(row.integer(at));
    } else if (columns[i].type == ColumnType::kDecimal) {
      cells.emplace_back(row.real(at));
    } else {
      cells.emplace_back(std::string(row.text(at)));
    }
  }
  return cells;
}

Result<Report> sync_health(const Reading& reading) {
  TILLSIGHT_ASSIGN(
      auto rows,
      reading.db.prepare("SELECT store, till, state, heard_at, version, unsynced, oldest_unsynced, "
                         "missing, missing_since, camera, disk, clock FROM v_tills WHERE (?1 = '' "
                         "OR store = ?1) AND (?2 = '' OR till = ?2) ORDER BY state <> 'offline', "
                         "missing = 0, unsynced DESC, store, till"));
  rows.bind(reading.request.store, reading.request.till);
  Report report{"sync-health", "Sync health" + range_text(reading.request), {}, {}, {}};
  report.columns = {text("store"),           text("till"),       text("state"),
                    text("heard_at"),        text("version"),    integer("unsynced"),
                    text("oldest_unsynced"), integer("missing"), text("missing_since"),
                    text("camera"),          text("disk"),       text("clock")};
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return report;
    report.rows.push_back(cells_of(rows, report.columns));
  }
}

/// What a till's Z says beside what head office has of the events that it covers.
Result<Report> z_reports(const Reading& reading) {
  TILLSIGHT_ASSIGN(
      auto rows,
      reading.db.prepare(
          "WITH covered AS (SELECT z.*, zj.store, zj.till, zj.id AS journal FROM z JOIN event AS "
          "ze "
          "ON ze.id = z.event_id JOIN journal AS zj ON zj.id = ze.journal_id WHERE business_date "
          "BETWEEN ?1 AND ?2 AND (?3 = '' OR zj.store = ?3) AND (?4 = '' OR zj.till = ?4)), "
          "found AS (SELECT covered.event_id, count(*) FILTER (WHERE kind = 'sale') AS sales, "
          "count(*) FILTER (WHERE kind = 'refund') AS refunds, coalesce(sum(gross) FILTER (WHERE "
          "kind = 'sale'), 0) AS sold, coalesce(sum(gross) FILTER (WHERE kind = 'refund'), 0) AS "
          "refunded FROM covered JOIN event ON event.journal_id = journal AND sequence BETWEEN "
          "covered.first AND covered.last JOIN invoice ON invoice.event_id = event.id GROUP BY "
          "covered.event_id) "
          "SELECT covered.business_date, covered.store, covered.till, number, covered.cashier, "
          "covered.sales, covered.refunds, voids, coalesce(found.sales, 0), "
          "coalesce(found.refunds, "
          "0), covered.currency, sold_gross - refunded_gross, coalesce(sold - refunded, 0), "
          "expected_cash, counted_cash, counted_cash - expected_cash, covered.event_id FROM "
          "covered "
          "LEFT JOIN found USING (event_id) ORDER BY covered.business_date DESC, covered.store, "
          "covered.till, number DESC"));
  rows.bind(reading.from(), reading.to(), reading.request.store, reading.request.till);
  Sheet sheet({date("date"), text("store"), text("till"), integer("z"), text("cashier"),
               integer("invoices"), integer("refunds"), integer("voids"), text("agrees")},
              {"revenue", "here", "expected_cash", "counted_cash", "cash_difference"});
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return sheet.finish("z-reports", "Z reports" + range_text(reading.request));
    const bool agrees = rows.integer(5) == rows.integer(8) && rows.integer(6) == rows.integer(9) &&
                        rows.integer(11) == rows.integer(12);
    const std::string key(rows.text(16)), currency(rows.text(10));
    sheet.add_row(key, {std::string(rows.text(0)), std::string(rows.text(1)),
                        std::string(rows.text(2)), rows.integer(3), std::string(rows.text(4)),
                        rows.integer(5), rows.integer(6), rows.integer(7), agrees ? "yes" : "NO"});
    for (int amount = 0; amount < 5; ++amount) {
      if (rows.is_null(11 + amount)) continue;
      sheet.add_amount(key, static_cast<std::size_t>(amount), currency, rows.integer(11 + amount));
    }
  }
}

constexpr std::array<Kind, 4> kKinds = {{
    {{"tills", "what each till sold, and how often its clerks had to correct the camera",
      "Voids count here. `no_touch` is the share of the sales in which the camera saw something "
      "and "
      "nobody corrected anything; `corrected` the share of lines that were corrected; `removed` "
      "lines "
      "that were taken out again.",
      0},
     tills},
    {{"cashiers", "the same by cashier",
      "Voids count here. An empty cashier: nobody was signed in.", 0},
     cashiers},
    {{"sync-health", "how each till is, and what has not come from it",
      "As the tills last said, whatever the range; those that need somebody come first.", 0},
     sync_health,
     false},
    {{"z-reports", "each Z beside what head office has of the same events",
      "`revenue` is what the till summed up, `here` the same events at head office; `agrees` is NO "
      "also while some of them are on their way.",
      0},
     z_reports},
}};

}  // namespace

std::span<const Kind> till_reports() {
  return kKinds;
}

}  // namespace tillsight::eda
