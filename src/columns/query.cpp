#include "tillsight/columns/query.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "columns/parallel.hpp"
#include "columns/scan.hpp"
#include "columns/segment.hpp"

namespace tillsight::columns {
namespace {

/// What is asked for, as it will be answered.
struct Asked {
  std::vector<Dimension> by;
  std::vector<Measure> measures;
  bool currency_is_added = false;
};

bool has(const std::vector<Dimension>& by, Dimension dimension) {
  return std::ranges::find(by, dimension) != by.end();
}

bool asks_money(const Measure& measure) {
  const bool counts = measure.reckoning == Reckoning::kLines ||
                      measure.reckoning == Reckoning::kInvoices ||
                      measure.reckoning == Reckoning::kCustomers;
  return !counts && is_money(measure.amount);
}

std::set<std::int64_t> currencies(const Selection& selection) {
  std::set<std::int64_t> codes;
  for (const SegmentWork& work : selection.work) {
    codes.insert(work.segment->stored(Field::kCurrency).least);
  }
  return codes;
}

Status check(const Query& query) {
  if (query.measures.empty()) {
    return error(Code::kInvalidArgument, "nothing is asked for; name a sum, a count or an average");
  }
  for (const Measure& measure : query.measures) {
    const bool adds = measure.reckoning == Reckoning::kSum;
    const bool never =
        measure.amount == Amount::kListPrice || measure.amount == Amount::kConfidence;
    if (adds && never) {
      return error(Code::kInvalidArgument, "{} adds up to nothing; ask for its average",
                   name(measure.amount));
    }
  }
  if (query.limit && *query.limit < 1) {
    return error(Code::kInvalidArgument, "a limit of {} rows; at least 1", *query.limit);
  }
  if (query.filter.from && query.filter.to && *query.filter.from > *query.filter.to) {
    return error(Code::kInvalidArgument, "the first day is after the last");
  }
  return {};
}

Asked asked(const Query& query, const Selection& selection) {
  Asked asked;
  for (const Dimension dimension : query.by) {
    const bool store_first = dimension == Dimension::kTill && !has(query.by, Dimension::kStore);
    if (store_first && !has(asked.by, Dimension::kStore)) asked.by.push_back(Dimension::kStore);
    if (!has(asked.by, dimension)) asked.by.push_back(dimension);
  }
  for (const Measure& measure : query.measures) {
    const bool again = std::ranges::find(asked.measures, measure) != asked.measures.end();
    if (!again) asked.measures.push_back(measure);
  }
  if (!has(asked.by, Dimension::kCurrency) && currencies(selection).size() > 1 &&
      std::ranges::any_of(asked.measures, asks_money)) {
    asked.by.push_back(Dimension::kCurrency);
    asked.currency_is_added = true;
  }
  return asked;
}

/// Scanned groups as a table whose rows can be put in order.
class Table {
 public:
  Table(const Columns& columns, const Asked& asked, const Scanned& scanned)
      : columns_(columns), asked_(asked), scanned_(scanned) {
    for (const Measure& measure : asked.measures) add(measure);
  }

  std::size_t rows() const { return scanned_.groups.keys.size(); }

  /// \return below, equal or above 0.
  int compare_dimension(std::size_t axis, std::size_t a, std::size_t b) const {
    const std::uint64_t left = scanned_.group(axis, a);
    const std::uint64_t right = scanned_.group(axis, b);
    if (left == right) return 0;
    const Axis& of = scanned_.axes[axis];
    if (is_text(of.field)) return text(of, left).compare(text(of, right));
    return left < right ? -1 : 1;
  }
  /// What there is none of is above everything.
  int compare_measure(std::size_t measure, std::size_t a, std::size_t b) const {
    const auto& values = measures_[measure];
    if (!values[a] || !values[b]) return int{!values[a]} - int{!values[b]};
    return int{*values[a] > *values[b]} - int{*values[a] < *values[b]};
  }

  Value dimension(std::size_t axis, std::size_t row) const {
    const Axis& of = scanned_.axes[axis];
    const std::uint64_t group = scanned_.group(axis, row);
    if (is_text(of.field)) return std::string(text(of, group));
    return value_of(of.dimension, static_cast<std::int64_t>(group) + of.first);
  }
  Value measure(std::size_t measure, std::size_t row) const {
    const auto& value = measures_[measure][row];
    return value ? Value(*value) : Value();
  }

 private:
  std::string_view text(const Axis& axis, std::uint64_t group) const {
    return columns_.text(axis.field, static_cast<std::uint32_t>(group));
  }
  const std::vector<std::int64_t>& values(const Reckoned& what) const {
    const auto at = std::ranges::find(scanned_.reckoned, what) - scanned_.reckoned.begin();
    return scanned_.groups.values[static_cast<std::size_t>(at)];
  }
  void add(const Measure& measure);

  const Columns& columns_;
  const Asked& asked_;
  const Scanned& scanned_;
  std::vector<std::vector<std::optional<std::int64_t>>> measures_;
};

/// In thousandths, rounded half away from zero.
std::int64_t average(std::int64_t sum, std::int64_t count) {
  const std::int64_t rest = sum % count;
  return 1000 * (sum / count) + (2000 * rest + (rest < 0 ? -count : count)) / (2 * count);
}

void Table::add(const Measure& measure) {
  const bool averages = measure.reckoning == Reckoning::kAverage;
  const bool extreme =
      measure.reckoning == Reckoning::kLeast || measure.reckoning == Reckoning::kGreatest;
  const bool by_line = std::ranges::any_of(
      scanned_.reckoned, [](const Reckoned& what) { return of_line(what.field); });
  const MeasureParts parts = parts_of(measure, by_line);
  const auto& first = values(parts.first);
  auto& result = measures_.emplace_back(first.begin(), first.end());
  if (extreme) {
    // What it began with: no line was counted.
    const std::int64_t none = measure.reckoning == Reckoning::kLeast
                                  ? std::numeric_limits<std::int64_t>::max()
                                  : std::numeric_limits<std::int64_t>::min();
    for (auto& value : result) {
      if (value == none) value.reset();
    }
  }
  if (!averages) return;
  const auto& lines = values(parts.lines);
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (lines[i] == 0)
      result[i].reset();
    else
      result[i] = average(*result[i], lines[i]);
  }
}

/// A column by which rows are put in order.
struct Key {
  bool is_measure = false;
  std::size_t number = 0;
  bool descending = false;
};

Result<std::vector<Key>> keys_of(const Asked& asked, const std::vector<Order>& order) {
  std::vector<Key> keys;
  std::string known;
  for (const Order& by : order) {
    std::optional<Key> found;
    known.clear();
    const auto offer = [&](std::string_view column, const Key& key) {
      known += (known.empty() ? "" : ", ") + std::string(column);
      if (column == by.column) found = key;
    };
    for (std::size_t i = 0; i < asked.by.size(); ++i) {
      offer(name(asked.by[i]), {false, i, by.descending});
    }
    for (std::size_t i = 0; i < asked.measures.size(); ++i) {
      offer(name(asked.measures[i]), {true, i, by.descending});
    }
    if (!found) {
      return error(Code::kInvalidArgument, "cannot order by '{}'; the columns are {}", by.column,
                   known);
    }
    keys.push_back(*found);
  }
  for (std::size_t i = 0; i < asked.by.size(); ++i) keys.push_back({false, i, false});
  return keys;
}

/// The rows in their order; only the first `limit`.
std::vector<std::uint32_t> in_order(const Table& table, const std::vector<Key>& keys,
                                    std::size_t limit) {
  std::vector<std::uint32_t> rows(table.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    for (const Key& key : keys) {
      const int order = key.is_measure ? table.compare_measure(key.number, a, b)
                                       : table.compare_dimension(key.number, a, b);
      if (order != 0) return key.descending ? order > 0 : order < 0;
    }
    return false;
  };
  const std::size_t wanted = std::min(limit, rows.size());
  std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(wanted), rows.end(),
                    before);
  rows.resize(wanted);
  return rows;
}

/// A currency that was added, and is one after all, is no column.
void settle_currency(const Columns& columns, const Asked& asked, const Selection& selection,
                     Answer& answer) {
  const auto codes = currencies(selection);
  if (!asked.currency_is_added) {
    if (!has(asked.by, Dimension::kCurrency) && codes.size() == 1) {
      answer.currency = columns.text(Field::kCurrency, static_cast<std::uint32_t>(*codes.begin()));
    }
    return;
  }
  const std::size_t at = asked.by.size() - 1;
  std::set<Value> found;
  for (const auto& row : answer.rows) found.insert(row[at]);
  const bool all_rows = answer.groups == static_cast<std::int64_t>(answer.rows.size());
  if (found.size() > 1 || !all_rows) return;
  if (!found.empty()) answer.currency = std::get<std::string>(*found.begin());
  answer.columns.erase(answer.columns.begin() + static_cast<std::ptrdiff_t>(at));
  for (auto& row : answer.rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

Result<Answer> answer(const Columns& columns, const Query& query, int threads) {
  TILLSIGHT_TRY(check(query));
  const bool kind_is_named = has(query.by, Dimension::kKind);
  TILLSIGHT_ASSIGN(const Selection selection, select(columns, query.filter, kind_is_named));
  const Asked what = asked(query, selection);
  TILLSIGHT_ASSIGN(const std::vector<Key> keys, keys_of(what, query.order));
  TILLSIGHT_ASSIGN(const Scanned scanned,
                   scan(columns, selection, what.by, what.measures, threads_for(threads)));
  const Table table(columns, what, scanned);
  Answer answer;
  for (const Dimension dimension : what.by) {
    answer.columns.push_back({std::string(name(dimension)), dimension});
  }
  for (const Measure& measure : what.measures) {
    answer.columns.push_back({name(measure), measure});
  }
  const std::size_t limit = query.limit ? static_cast<std::size_t>(*query.limit) : table.rows();
  for (const std::uint32_t row : in_order(table, keys, limit)) {
    std::vector<Value>& values = answer.rows.emplace_back();
    for (std::size_t i = 0; i < what.by.size(); ++i) values.push_back(table.dimension(i, row));
    for (std::size_t i = 0; i < what.measures.size(); ++i) values.push_back(table.measure(i, row));
  }
  answer.groups = static_cast<std::int64_t>(table.rows());
  settle_currency(columns, what, selection, answer);
  return answer;
}

}  // namespace tillsight::columns
