#include <algorithm>
#include <charconv>
#include <limits>

#include "exchange/sets.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/hub/recommendations.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::exchange {
namespace {

constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();
constexpr std::array<std::string_view, 3> kPersonColumns = {"first_name", "last_name", "phone"};

/// An index of dates tells in a few steps a day between which cursors a range of dates lies: a
/// reader that asks for yesterday need not pass by all the years before.
constexpr std::string_view kBounds = R"sql(
WITH RECURSIVE
  range (first, last) AS (
    SELECT max(?1, (SELECT min(date) FROM invoice)), min(?2, (SELECT max(date) FROM invoice))),
  day (date) AS (
    SELECT first FROM range WHERE first <= last
    UNION ALL SELECT date(day.date, '+1 day') FROM day JOIN range WHERE day.date < last)
SELECT min((SELECT min(event_id) FROM invoice WHERE invoice.date = day.date)),
       max((SELECT max(event_id) FROM invoice WHERE invoice.date = day.date))
FROM day)sql";

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = -1;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return whole && value >= 0 ? std::optional(value) : std::nullopt;
}

Status refuse(std::string_view parameter, const SetInfo& set) {
  return error(Code::kInvalidArgument, "{}: {} cannot be selected by it; leave it out", parameter,
               set.name)
      .with_id(parameter);
}

Status check(const Selection& selection, const SetInfo& set) {
  const bool begins = selection.after.event != 0 || selection.after.part != 0;
  if (begins && !set.has_cursor) return refuse("after", set);
  if (selection.from && !set.has_dates) return refuse("from", set);
  if (selection.to && !set.has_dates) return refuse("to", set);
  if (!selection.store.empty() && !set.has_tills) return refuse("store", set);
  if (!selection.till.empty() && !set.has_tills) return refuse("till", set);
  if (!selection.customer.empty() && !set.has_customers) return refuse("customer", set);
  if (selection.persons && set.name != "invoices") return refuse("persons", set);
  if (selection.from && selection.to && *selection.to < *selection.from) {
    return error(Code::kInvalidArgument, "to: {} is before {}, where it begins; swap them",
                 to_string(*selection.to), to_string(*selection.from))
        .with_id("to");
  }
  return {};
}

template <typename Statement>
Value value_of(const Statement& row, int column) {
  switch (row.kind(column)) {
    case Statement::Kind::kNull: return {};
    case Statement::Kind::kInteger: return row.integer(column);
    case Statement::Kind::kReal: return row.real(column);
    case Statement::Kind::kText:
    case Statement::Kind::kBlob: break;
  }
  return std::string(row.text(column));
}

std::optional<std::string> if_any(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::string sql_of(const SetReader::Source& source, const Selection& selection) {
  std::string sql;
  for (const std::string_view column : source.columns) {
    sql += format("{}rows.{}", sql.empty() ? "SELECT " : ", ", column);
  }
  if (selection.persons) {
    for (const std::string_view column : kPersonColumns) sql += format(", person.{}", column);
  }
  sql += format(" FROM {} AS rows", source.from);
  if (selection.persons) {
    sql +=
        " JOIN invoice ON invoice.event_id = rows.cursor"
        " LEFT JOIN persons.person ON person.id = invoice.person";
  }
  sql += " WHERE ?1 IS NOT NULL AND ?2 IS NOT NULL AND ?3 IS NOT NULL";
  if (!source.part.empty()) {
    sql += format(" AND (rows.{}, rows.{}) > (?1, ?2) AND rows.{} <= ?3", source.event, source.part,
                  source.event);
  } else if (!source.event.empty()) {
    sql += format(" AND rows.{} > ?1 AND rows.{} <= ?3", source.event, source.event);
  }
  // The plus keeps the index of dates away: rows come in order of their cursor, unsorted.
  if (source.info.has_dates) sql += " AND +rows.date BETWEEN ?4 AND ?5";
  if (source.info.has_tills) {
    sql += " AND (?6 IS NULL OR rows.store = ?6) AND (?7 IS NULL OR rows.till = ?7)";
  }
  if (source.info.has_customers) sql += " AND (?8 IS NULL OR rows.customer = ?8)";
  sql += " ORDER BY ";
  if (source.event.empty()) {
    sql += source.order;
  } else {
    sql += format("rows.{}", source.event);
    if (!source.part.empty()) sql += format(", rows.{}", source.part);
  }
  return sql + " LIMIT ?9";
}

}  // namespace

Result<Cursor> parse_cursor(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto event = number(text.substr(0, dash));
  const auto part = dash == std::string_view::npos ? kNoEnd : number(text.substr(dash + 1));
  if (event && part) return Cursor{*event, *part};
  return error(Code::kInvalidArgument,
               "after: '{}' is no cursor; leave it out to begin, then send what 'next' said", text)
      .with_id("after");
}

Result<SetReader> SetReader::open(std::filesystem::path hub_folder, Selection selection) {
  const auto found = std::ranges::find(sources(), selection.set,
                                       [](const Source& source) { return source.info.name; });
  if (found == sources().end()) {
    std::string known;
    for (const Source& source : sources()) {
      known += format("{}{}", known.empty() ? "" : ", ", source.info.name);
    }
    return error(Code::kNotFound, "'{}' is no set of rows; there are {}", selection.set, known);
  }
  TILLSIGHT_TRY(check(selection, found->info));
  SetReader reader(std::move(hub_folder), std::move(selection), *found);
  TILLSIGHT_TRY(reader.find_bounds());
  return reader;
}

SetReader::SetReader(std::filesystem::path folder, Selection selection, const Source& source)
    : folder_(std::move(folder)),
      selection_(std::move(selection)),
      source_(&source),
      columns_(source.columns.begin(), source.columns.end()),
      last_(kNoEnd) {
  if (selection_.persons) {
    columns_.insert(columns_.end(), kPersonColumns.begin(), kPersonColumns.end());
  }
}

Status SetReader::find_bounds() {
  TILLSIGHT_ASSIGN(auto db, hub::open_for_reading(folder_, hub::Persons::kHidden));
  if (source_->by_date && (selection_.from || selection_.to)) {
    TILLSIGHT_ASSIGN(auto bounds, db.prepare(kBounds));
    bounds.bind(selection_.from ? to_string(*selection_.from) : "0001-01-01",
                selection_.to ? to_string(*selection_.to) : "9999-12-31");
    TILLSIGHT_TRY(bounds.step());
    // Invoices that arrive meanwhile may be of these dates: only what is past has an end.
    first_ = bounds.is_null(0) ? kNoEnd : bounds.integer(0);
    last_ = bounds.is_null(1) ? 0 : bounds.integer(1);
    return {};
  }
  if (source_->event.empty() || source_->info.names_persons) return {};
  TILLSIGHT_ASSIGN(auto newest, db.prepare("SELECT coalesce(max(id), 0) FROM event"));
  TILLSIGHT_TRY(newest.step());
  last_ = newest.integer(0);
  return {};
}

Result<std::vector<Row>> SetReader::next(int count_max) {
  const bool named = selection_.persons || source_->info.names_persons;
  TILLSIGHT_ASSIGN(auto db, hub::open_for_reading(
                                folder_, named ? hub::Persons::kShown : hub::Persons::kHidden));
  if (source_->recommends) TILLSIGHT_TRY(hub::attach_recommendations(db, folder_));
  TILLSIGHT_ASSIGN(auto rows, db.prepare(sql_of(*source_, selection_)));
  const Cursor after =
      selection_.after.event >= first_ ? selection_.after : Cursor{first_ - 1, kNoEnd};
  rows.bind(after.event, after.part, last_,
            selection_.from ? to_string(*selection_.from) : "0001-01-01",
            selection_.to ? to_string(*selection_.to) : "9999-12-31", if_any(selection_.store),
            if_any(selection_.till), if_any(selection_.customer), count_max);
  std::vector<Row> found;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) break;
    Row& values = found.emplace_back();
    for (int i = 0; i < rows.columns(); ++i) values.push_back(value_of(rows, i));
  }
  if (found.empty() || source_->event.empty()) return found;
  const auto cell = [&](std::string_view column) {
    const auto at = std::ranges::find(source_->columns, column) - source_->columns.begin();
    return std::get<std::int64_t>(found.back()[static_cast<std::size_t>(at)]);
  };
  selection_.after = {cell(source_->event), source_->part.empty() ? kNoEnd : cell(source_->part)};
  return found;
}

std::string SetReader::cursor() const {
  if (source_->event.empty()) return "";
  if (selection_.after.part == kNoEnd || source_->part.empty()) {
    return format("{}", selection_.after.event);
  }
  return format("{}-{}", selection_.after.event, selection_.after.part);
}

double SetReader::done() const {
  if (source_->event.empty() || last_ == kNoEnd || last_ <= first_) return 0;
  return static_cast<double>(std::max(selection_.after.event, first_) - first_) /
         static_cast<double>(last_ - first_);
}

}  // namespace tillsight::exchange
