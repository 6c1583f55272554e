#include "cli/query_output.hpp"

#include <algorithm>

#include "tillsight/core/check.hpp"

namespace tillsight::cli {
namespace {

using columns::Dimension;
using columns::Measure;
using columns::Numbers;
using columns::Reckoning;

constexpr std::int64_t kThousandths = 1000;
constexpr int kConfidenceDecimals = 4;

bool counts(const Measure& measure) {
  return measure.reckoning == Reckoning::kLines || measure.reckoning == Reckoning::kInvoices ||
         measure.reckoning == Reckoning::kCustomers;
}

bool shows_money(const Measure& measure) {
  return !counts(measure) && columns::is_money(measure.amount);
}

std::int64_t rounded(std::int64_t thousandths) {
  const std::int64_t half = thousandths < 0 ? -kThousandths / 2 : kThousandths / 2;
  return (thousandths + half) / kThousandths;
}

/// 12345 with three decimals is "12.345".
std::string decimal(std::int64_t value, int decimals) {
  std::int64_t scale = 1;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  const std::int64_t size = value < 0 ? -value : value;
  return format("{}{}.{:0{}}", value < 0 ? "-" : "", size / scale, size % scale, decimals);
}

/// \param currency of the row, or null.
eda::Cell measure_cell(const Measure& measure, std::int64_t number, const Currency* currency,
                       bool as_text) {
  if (number == columns::kNothing) return {};
  const bool averages = measure.reckoning == Reckoning::kAverage;
  if (shows_money(measure)) {
    TILLSIGHT_CHECK(currency != nullptr, "an amount without a currency");
    const Money money = Money::minor(averages ? rounded(number) : number);
    return as_text ? eda::Cell(to_string(money, *currency)) : eda::Cell(money);
  }
  if (counts(measure)) return number;
  if (measure.amount == columns::Amount::kConfidence) {
    return decimal(averages ? rounded(number) : number, kConfidenceDecimals);
  }
  return averages ? eda::Cell(decimal(number, 3)) : eda::Cell(number);
}

eda::ColumnType type_of(Dimension dimension) {
  switch (dimension) {
    case Dimension::kDate:
    case Dimension::kReceiptDate: return eda::ColumnType::kDate;
    case Dimension::kYear:
    case Dimension::kHour: return eda::ColumnType::kInteger;
    default: return eda::ColumnType::kText;
  }
}

/// What the amounts of each row are in.
class Currencies {
 public:
  explicit Currencies(const Numbers& answer) : answer_(answer) {
    if (answer.currency) one_ = Currency::parse(*answer.currency).value();
    const auto named = std::ranges::find_if(
        answer.columns, [](const columns::NumberColumn& c) { return c.of.name == "currency"; });
    if (named != answer.columns.end()) {
      column_ = static_cast<std::size_t>(named - answer.columns.begin());
    }
  }
  bool differ() const { return column_.has_value(); }
  const std::optional<Currency>& one() const { return one_; }
  const Currency* of(std::size_t row) {
    if (column_)
      one_ = Currency::parse(std::get<std::string>(answer_.value(row, *column_))).value();
    return one_ ? &*one_ : nullptr;
  }

 private:
  const Numbers& answer_;
  std::optional<std::size_t> column_;
  std::optional<Currency> one_;
};

eda::Column column_of(const columns::AnswerColumn& column,
                      const std::optional<Currency>& currency) {
  if (const auto* dimension = std::get_if<Dimension>(&column.what)) {
    return {column.name, type_of(*dimension), {}};
  }
  const bool money = shows_money(std::get<Measure>(column.what));
  return {column.name, money ? eda::ColumnType::kMoney : eda::ColumnType::kInteger,
          money ? currency : std::nullopt};
}

eda::Cell cell(const Numbers& answer, std::size_t row, std::size_t column, Currencies& currencies) {
  const columns::NumberColumn& column_at = answer.columns[column];
  if (const auto* measure = std::get_if<Measure>(&column_at.of.what)) {
    return measure_cell(*measure, column_at.numbers[row], currencies.of(row), currencies.differ());
  }
  columns::Value value = answer.value(row, column);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  return std::get<std::string>(std::move(value));
}

}  // namespace

eda::Report to_report(const Numbers& answer, std::string title) {
  eda::Report report{"query", std::move(title), {}, {}, {}};
  Currencies currencies(answer);
  for (const columns::NumberColumn& column : answer.columns) {
    report.columns.push_back(
        column_of(column.of, currencies.differ() ? std::nullopt : currencies.one()));
  }
  for (std::size_t row = 0; row < answer.rows; ++row) {
    std::vector<eda::Cell>& cells = report.rows.emplace_back();
    for (std::size_t column = 0; column < answer.columns.size(); ++column) {
      cells.push_back(cell(answer, row, column, currencies));
    }
  }
  return report;
}

void add_totals(const Numbers& all, eda::Report& report) {
  Currencies currencies(all);
  for (std::size_t row = 0; row < all.rows; ++row) {
    const Currency* const currency = currencies.of(row);
    for (std::size_t column = 0; column < all.columns.size(); ++column) {
      if (!std::holds_alternative<Measure>(all.columns[column].of.what)) continue;
      eda::Column named = column_of(all.columns[column].of, {});
      if (currencies.differ()) named.name += "_" + currency->code();
      report.totals.push_back({std::move(named), cell(all, row, column, currencies)});
      if (report.totals.back().column.type == eda::ColumnType::kMoney) {
        report.totals.back().column.currency = *currency;
      }
    }
  }
}

}  // namespace tillsight::cli
