#include "tillsight/eda/standing_reports.hpp"

#include <algorithm>
#include <array>

#include "tillsight/core/time_zone.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::eda {
namespace {

constexpr int kNoLimit = -1;  // as SQLite understands LIMIT

/// How one report is asked for. Revenue is added to the selected columns, one for each currency.
struct Form {
  std::string_view title;
  std::vector<Column> columns;
  std::string_view select;
  std::string_view from;
  std::string_view group_by;
  std::string_view order_by;
  int limit;
  hub::Persons persons;
};

constexpr std::string_view kTopCustomers = "top-customers";
constexpr std::string_view kSalesOn = "sales-on";
constexpr std::string_view kBusiestDays = "busiest-days";
constexpr std::string_view kCustomersByMonth = "customers-by-month";

constexpr std::array<ReportInfo, 4> kReports = {{
    {kTopCustomers, "who has most invoices"},
    {kSalesOn, "the invoices of one DATE"},
    {kBusiestDays, "the days with most invoices"},
    {kCustomersByMonth, "invoices and customers of each month"},
}};

Column text(std::string name) {
  return {std::move(name), ColumnType::kText, {}};
}
Column date(std::string name) {
  return {std::move(name), ColumnType::kDate, {}};
}
Column integer(std::string name) {
  return {std::move(name), ColumnType::kInteger, {}};
}

/// \pre `name` is one of kReports
Form form_of(std::string_view name) {
  if (name == kTopCustomers) {
    return {"Top customers",
            {text("first_name"), text("last_name"), text("phone"), integer("invoices"),
             date("last_visit")},
            "first_name, last_name, phone, count(*) AS invoices, max(date)",
            "invoice JOIN persons.person ON person.id = invoice.person",
            "person.id",
            "invoices DESC, last_name, first_name, phone",
            10,
            hub::Persons::kShown};
  }
  if (name == kSalesOn) {
    return {"Sales",
            {text("time"), text("store"), text("till"), text("invoice_no"), integer("lines")},
            "time, store, till, coalesce(invoice_no, 'refund of ' || coalesce(refund_of, '?')), "
            "lines",
            "v_invoices",
            "cursor",
            "time, store, till, cursor",
            kNoLimit,
            hub::Persons::kHidden};
  }
  if (name == kBusiestDays) {
    return {"Busiest days",
            {date("date"), text("weekday"), integer("invoices"), integer("customers")},
            "date, weekday, count(*) FILTER (WHERE kind = 'sale') AS invoices, count(DISTINCT "
            "customer)",
            "v_invoices",
            "date",
            "invoices DESC, date",
            5,
            hub::Persons::kHidden};
  }
  return {"Customers by month",
          {integer("year"), integer("month"), integer("invoices"), integer("customers")},
          "CAST(substr(date, 1, 4) AS INTEGER) AS year, CAST(substr(date, 6, 2) AS INTEGER) AS "
          "month, count(*) FILTER (WHERE kind = 'sale'), count(DISTINCT customer)",
          "v_invoices",
          "year, month",
          "year, month",
          kNoLimit,
          hub::Persons::kHidden};
}

/// The days that count, as the database writes dates.
struct Range {
  std::string from = "0000-01-01";
  std::string to = "9999-12-31";
};

std::string known_names() {
  std::string names;
  for (const ReportInfo& report : kReports) {
    names += format("{}{}", names.empty() ? "" : ", ", report.name);
  }
  return names;
}

Status check_request(const ReportRequest& request) {
  const auto wrong = [](std::string message) {
    return Error(Code::kInvalidArgument, std::move(message));
  };
  if (std::ranges::find(kReports, request.name, &ReportInfo::name) == kReports.end()) {
    return wrong(format("report '{}' is unknown; there are {}", request.name, known_names()));
  }
  if (request.name == kSalesOn) {
    if (!request.date) return wrong("sales-on needs a date, such as: sales-on 2026-11-23");
    if (request.from || request.to) {
      return wrong("sales-on is about one date; leave --from and --to out");
    }
  } else if (request.date) {
    return wrong(format("{} takes no date; use --from and --to", request.name));
  }
  if (request.from && request.to && *request.to < *request.from) {
    return wrong(format("--to {} is before --from {}; swap them", to_string(*request.to),
                        to_string(*request.from)));
  }
  if (request.limit && *request.limit < 1) {
    return wrong(format("--limit {} shows nothing; use 1 or more", *request.limit));
  }
  return {};
}

Range range_of(const ReportRequest& request) {
  Range range;
  if (request.date) range.from = range.to = to_string(*request.date);
  if (request.from) range.from = to_string(*request.from);
  if (request.to) range.to = to_string(*request.to);
  return range;
}

std::string title_of(const Form& form, const ReportRequest& request) {
  std::string title(form.title);
  if (request.date) {
    const std::chrono::weekday weekday{std::chrono::sys_days(*request.date)};
    title += format(" on {}, {}", weekday_name(weekday), to_string(*request.date));
  }
  if (request.from) title += format(" from {}", to_string(*request.from));
  if (request.to) title += format(" to {}", to_string(*request.to));
  return title;
}

/// The currencies in which something was sold, in order of their codes.
Result<std::vector<Column>> revenue_columns(sql::Connection& db, const Range& range) {
  TILLSIGHT_ASSIGN(auto rows,
                   db.prepare("SELECT DISTINCT currency FROM invoice WHERE kind <> 'void' "
                              "AND date BETWEEN ? AND ? ORDER BY currency"));
  rows.bind(range.from, range.to);
  std::vector<Column> columns;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return columns;
    TILLSIGHT_ASSIGN(Currency currency, Currency::parse(rows.text(0)));
    columns.push_back({"revenue_" + currency.code(), ColumnType::kMoney, std::move(currency)});
  }
}

/// Goes into the SQL as text: a Currency is three capital letters and cannot be anything else.
std::string revenue_sums(const std::vector<Column>& revenue) {
  std::string sums;
  for (const Column& column : revenue) {
    sums += format(", sum(iif(kind = 'refund', -gross, gross)) FILTER (WHERE currency = '{}')",
                   column.currency->code());
  }
  return sums;
}

template <typename Row>
Cell read_cell(const Row& row, int index, ColumnType type) {
  if (row.is_null(index)) return {};
  switch (type) {
    case ColumnType::kInteger: return row.integer(index);
    case ColumnType::kMoney: return Money::minor(row.integer(index));
    case ColumnType::kText:
    case ColumnType::kDate: return std::string(row.text(index));
  }
  return {};
}

template <typename Row>
std::vector<Cell> read_cells(const Row& row, const std::vector<Column>& columns) {
  std::vector<Cell> cells;
  for (const Column& column : columns) {
    cells.push_back(read_cell(row, static_cast<int>(cells.size()), column.type));
  }
  return cells;
}

Status read_rows(sql::Connection& db, const Form& form, const std::string& revenue,
                 const Range& range, int limit, Report& report) {
  TILLSIGHT_ASSIGN(
      auto rows, db.prepare(format("SELECT {}{} FROM {} WHERE kind <> 'void' AND date BETWEEN ? "
                                   "AND ? GROUP BY {} ORDER BY {} LIMIT ?",
                                   form.select, revenue, form.from, form.group_by, form.order_by)));
  rows.bind(range.from, range.to, limit);
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return {};
    report.rows.push_back(read_cells(rows, report.columns));
  }
}

Status read_totals(sql::Connection& db, const std::vector<Column>& revenue, const Range& range,
                   Report& report) {
  std::vector<Column> columns = {integer("invoices"), integer("customers")};
  columns.insert(columns.end(), revenue.begin(), revenue.end());
  TILLSIGHT_ASSIGN(
      auto sums,
      db.prepare(format("SELECT count(*) FILTER (WHERE kind = 'sale'), count(DISTINCT "
                        "customer){} FROM invoice WHERE kind <> 'void' AND date BETWEEN ? AND ?",
                        revenue_sums(revenue))));
  sums.bind(range.from, range.to);
  TILLSIGHT_ASSIGN(const bool row, sums.step());
  TILLSIGHT_CHECK(row, "a sum over everything has one row");
  std::vector<Cell> cells = read_cells(sums, columns);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    report.totals.push_back({std::move(columns[i]), std::move(cells[i])});
  }
  return {};
}

/// What no till sealed is named wherever it is counted; refunds are in it.
Status read_origins(sql::Connection& db, const Range& range, Report& report) {
  TILLSIGHT_ASSIGN(auto rows,
                   db.prepare("SELECT origin, count(*) FROM invoice WHERE kind <> 'void' "
                              "AND date BETWEEN ? AND ? AND origin <> 'till' "
                              "GROUP BY origin ORDER BY origin"));
  rows.bind(range.from, range.to);
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return {};
    report.totals.push_back({integer(std::string(rows.text(0))), rows.integer(1)});
  }
}

}  // namespace

std::span<const ReportInfo> standing_reports() {
  return kReports;
}

Result<Report> run_report(const std::filesystem::path& hub_folder, const ReportRequest& request) {
  TILLSIGHT_TRY(check_request(request));
  const Form form = form_of(request.name);
  const Range range = range_of(request);
  TILLSIGHT_ASSIGN(sql::Connection db, hub::open_for_reading(hub_folder, form.persons));
  // One state for all queries; it ends with the connection.
  TILLSIGHT_TRY(db.execute("BEGIN"));
  TILLSIGHT_ASSIGN(const std::vector<Column> revenue, revenue_columns(db, range));

  Report report{request.name, title_of(form, request), form.columns, {}, {}};
  report.columns.insert(report.columns.end(), revenue.begin(), revenue.end());
  TILLSIGHT_TRY(read_rows(db, form, revenue_sums(revenue), range,
                          request.limit.value_or(form.limit), report));
  TILLSIGHT_TRY(read_totals(db, revenue, range, report));
  TILLSIGHT_TRY(read_origins(db, range, report));
  return report;
}

}  // namespace tillsight::eda
