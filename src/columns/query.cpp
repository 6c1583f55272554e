#include "tillsight/columns/query.hpp"

#include <algorithm>
#include <set>

#include "columns/dictionary.hpp"
#include "columns/parallel.hpp"
#include "columns/scan.hpp"
#include "columns/segment.hpp"
#include "columns/table.hpp"

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

/// A currency that was added, and is one after all, is no column.
void settle_currency(const Columns& columns, const Asked& asked, const Selection& selection,
                     Numbers& answer) {
  const auto codes = currencies(selection);
  const auto text = [&](std::int64_t code) {
    return std::string(columns.text(Field::kCurrency, static_cast<std::uint32_t>(code)));
  };
  if (!asked.currency_is_added) {
    const bool one = !has(asked.by, Dimension::kCurrency) && codes.size() == 1;
    if (one) answer.currency = text(*codes.begin());
    return;
  }
  const auto added = answer.columns.begin() + static_cast<std::ptrdiff_t>(asked.by.size()) - 1;
  const std::set<std::int64_t> found(added->numbers.begin(), added->numbers.end());
  const bool all_rows = answer.groups == static_cast<std::int64_t>(answer.rows);
  if (found.size() > 1 || !all_rows) return;
  if (!found.empty()) answer.currency = text(*found.begin());
  answer.columns.erase(added);
}

}  // namespace

Result<Numbers> answer_in_numbers(const Columns& columns, const Query& query, int threads) {
  TILLSIGHT_TRY(check(query));
  const bool kind_is_named = has(query.by, Dimension::kKind);
  TILLSIGHT_ASSIGN(const Selection selection, select(columns, query.filter, kind_is_named));
  const Asked what = asked(query, selection);
  TILLSIGHT_ASSIGN(const std::vector<SortKey> keys, sort_keys(what.by, what.measures, query.order));
  TILLSIGHT_ASSIGN(const Scanned scanned,
                   scan(columns, selection, what.by, what.measures, threads_for(threads)));
  const Table table(columns, scanned, what.measures);
  const auto rows =
      in_order(table, keys, query.limit ? static_cast<std::size_t>(*query.limit) : table.rows());
  Numbers answer;
  answer.rows = rows.size();
  answer.groups = static_cast<std::int64_t>(table.rows());
  for (std::size_t i = 0; i < what.by.size(); ++i) {
    const Field field = field_of(what.by[i]);
    answer.columns.push_back({{std::string(name(what.by[i])), what.by[i]},
                              table.dimension(i, rows),
                              is_text(field) ? columns.dictionary(field) : nullptr});
  }
  for (std::size_t i = 0; i < what.measures.size(); ++i) {
    answer.columns.push_back(
        {{name(what.measures[i]), what.measures[i]}, table.measure(i, rows), nullptr});
  }
  settle_currency(columns, what, selection, answer);
  return answer;
}

Result<Answer> answer(const Columns& columns, const Query& query, int threads) {
  TILLSIGHT_ASSIGN(const Numbers numbers, answer_in_numbers(columns, query, threads));
  Answer answer{{}, {}, numbers.groups, numbers.currency};
  for (const NumberColumn& column : numbers.columns) answer.columns.push_back(column.of);
  for (std::size_t row = 0; row < numbers.rows; ++row) {
    std::vector<Value>& values = answer.rows.emplace_back();
    for (std::size_t i = 0; i < answer.columns.size(); ++i) values.push_back(numbers.value(row, i));
  }
  return answer;
}

Value Numbers::value(std::size_t row, std::size_t column) const {
  const NumberColumn& at = columns[column];
  const std::int64_t number = at.numbers[row];
  if (at.texts) return std::string(at.texts->text(static_cast<std::uint32_t>(number)));
  if (const auto* dimension = std::get_if<Dimension>(&at.of.what)) {
    return value_of(*dimension, number);
  }
  return number == kNothing ? Value() : Value(number);
}

}  // namespace tillsight::columns
