#include "eda/period_sums.hpp"

#include <utility>

namespace tillsight::eda {
namespace {

using columns::Amount;
using columns::Dimension;
using columns::Measure;
using columns::Reckoning;

constexpr Measure kSales{Reckoning::kInvoices};
constexpr Measure kCustomers{Reckoning::kCustomers};

/// The length of the periods that hub.db keeps sums of, by what they are called.
int kept_length(Span span) {
  if (span == Span::kAll) return 0;
  return span == Span::kDay ? 10 : 7;
}

/// Days may be cut anywhere; of months and of all time only the whole is kept.
bool is_kept(const Reading& reading, Span span) {
  if (span == Span::kDay) return reading.request.till.empty();
  return (span == Span::kMonth || span == Span::kAll) && reading.whole();
}

/// Adds the kept sums of the periods of so many letters from `from` to `to`.
Status read_kept(const Reading& reading, int length, const std::string& from, const std::string& to,
                 PeriodSums& sums) {
  TILLSIGHT_ASSIGN(auto counts,
                   reading.db.prepare("SELECT period, sales, refunds, customers, pieces, imported, "
                                      "synthetic FROM period_count WHERE store = ? AND "
                                      "length(period) = ? AND period BETWEEN ? AND ?"));
  counts.bind(reading.request.store, length, from, to);
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, counts.step());
    if (!row) break;
    sums.counts[std::string(counts.text(0))] = {counts.integer(1), counts.integer(2),
                                                counts.integer(3), counts.integer(4),
                                                counts.integer(5), counts.integer(6)};
  }
  TILLSIGHT_ASSIGN(auto money,
                   reading.db.prepare("SELECT period, currency, sold, refunded, discount FROM "
                                      "period_money WHERE store = ? AND length(period) = ? AND "
                                      "period BETWEEN ? AND ?"));
  money.bind(reading.request.store, length, from, to);
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, money.step());
    if (!row) return {};
    sums.money[std::string(money.text(0))][std::string(money.text(1))] = {
        money.integer(2), money.integer(3), money.integer(4)};
  }
}

Dimensions dimensions_of(Span span) {
  switch (span) {
    case Span::kDay: return {Dimension::kDate};
    case Span::kWeek: return {Dimension::kWeek};
    case Span::kMonth: return {Dimension::kMonth};
    case Span::kQuarter: return {Dimension::kQuarter};
    case Span::kAll: return {};
  }
  return {};
}

/// The text of a period in an answer's row; of all time there is none.
std::string period_of(const std::vector<columns::Value>& row, Span span) {
  return span == Span::kAll ? "" : word(row.front());
}

Status add_counts(const Reading& reading, Span span, PeriodSums& sums) {
  columns::Query query{dimensions_of(span),
                       {kSales, kCustomers, {Reckoning::kSum, Amount::kQuantity}},
                       reading.filter()};
  TILLSIGHT_ASSIGN(const columns::Answer answer, reading.ask(std::move(query)));
  for (const auto& row : answer.rows) {
    Counts& counts = sums.counts[period_of(row, span)];
    const std::size_t at = row.size() - 3;
    counts.sales = number(row[at]);
    counts.customers = number(row[at + 1]);
    counts.pieces = number(row[at + 2]);
  }
  return {};
}

/// Of sales and refunds: what is made up must be named wherever it counts.
Status add_origins(const Reading& reading, Span span, PeriodSums& sums) {
  columns::Query query{dimensions_of(span), {kSales}, reading.filter()};
  query.by.push_back(Dimension::kOrigin);
  query.filter.where.push_back({Dimension::kKind, columns::Compare::kIn, {"sale", "refund"}});
  TILLSIGHT_ASSIGN(const columns::Answer answer, reading.ask(std::move(query)));
  for (const auto& row : answer.rows) {
    Counts& counts = sums.counts[period_of(row, span)];
    const std::string origin = word(row[row.size() - 2]);
    if (origin == "imported") counts.imported = number(row.back());
    if (origin == "synthetic") counts.synthetic = number(row.back());
  }
  return {};
}

/// Sales or refunds, by currency.
Status add_money(const Reading& reading, Span span, std::string_view kind, PeriodSums& sums) {
  columns::Query query{
      dimensions_of(span),
      {kSales, {Reckoning::kSum, Amount::kGross}, {Reckoning::kSum, Amount::kDiscount}},
      reading.filter()};
  query.by.push_back(Dimension::kCurrency);
  query.filter.where.push_back({Dimension::kKind, columns::Compare::kEqual, {std::string(kind)}});
  TILLSIGHT_ASSIGN(const columns::Answer answer, reading.ask(std::move(query)));
  for (const auto& row : answer.rows) {
    const std::size_t at = row.size() - 4;
    const std::string period = period_of(row, span);
    Amounts& amounts = sums.money[period][word(row[at])];
    if (kind == "sale") {
      amounts.sold = number(row[at + 2]);
      amounts.discount = number(row[at + 3]);
    } else {
      amounts.refunded = -number(row[at + 2]);
      sums.counts[period].refunds += number(row[at + 1]);
    }
  }
  return {};
}

}  // namespace

Result<PeriodSums> sums_by(const Reading& reading, Span span) {
  PeriodSums sums;
  if (is_kept(reading, span)) {
    const bool days = span == Span::kDay;
    TILLSIGHT_TRY(read_kept(reading, kept_length(span), days ? reading.from() : "",
                            days ? reading.to() : "9999-99", sums));
    return sums;
  }
  TILLSIGHT_TRY(add_counts(reading, span, sums));
  TILLSIGHT_TRY(add_origins(reading, span, sums));
  TILLSIGHT_TRY(add_money(reading, span, "sale", sums));
  TILLSIGHT_TRY(add_money(reading, span, "refund", sums));
  return sums;
}

Result<PeriodSums> busiest_days(const Reading& reading, int count) {
  if (!is_kept(reading, Span::kDay)) return sums_by(reading, Span::kDay);
  TILLSIGHT_ASSIGN(auto days,
                   reading.db.prepare("SELECT period FROM period_count WHERE store = ? AND "
                                      "length(period) = 10 AND sales > 0 AND period BETWEEN ? AND "
                                      "? ORDER BY sales DESC, period LIMIT ?"));
  days.bind(reading.request.store, reading.from(), reading.to(), count);
  PeriodSums sums;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, days.step());
    if (!row) return sums;
    const std::string day(days.text(0));
    TILLSIGHT_TRY(read_kept(reading, kept_length(Span::kDay), day, day, sums));
  }
}

}  // namespace tillsight::eda
