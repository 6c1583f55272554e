#include "eda/reading.hpp"

#include "eda/period_sums.hpp"
#include "eda/sheet.hpp"
#include "tillsight/core/time_zone.hpp"

namespace tillsight::eda {

std::string Reading::from() const {
  if (request.date) return to_string(*request.date);
  return request.from ? to_string(*request.from) : "0000-01-01";
}

std::string Reading::to() const {
  if (request.date) return to_string(*request.date);
  return request.to ? to_string(*request.to) : "9999-12-31";
}

columns::Filter Reading::filter() const {
  columns::Filter filter{request.from, request.to, {}};
  if (request.date) filter.from = filter.to = request.date;
  using columns::Dimension;
  if (!request.store.empty()) {
    filter.where.push_back({Dimension::kStore, columns::Compare::kEqual, {request.store}});
  }
  if (!request.till.empty()) {
    filter.where.push_back({Dimension::kTill, columns::Compare::kEqual, {request.till}});
  }
  return filter;
}

Result<columns::Answer> Reading::ask(columns::Query query) const {
  TILLSIGHT_ASSIGN(const auto copy, columns());
  return columns::answer(*copy, query);
}

std::string range_text(const ReportRequest& request) {
  std::string text;
  if (request.date) {
    const std::chrono::weekday weekday{std::chrono::sys_days(*request.date)};
    text += format(" on {}, {}", weekday_name(weekday), to_string(*request.date));
  }
  if (request.from) text += format(" from {}", to_string(*request.from));
  if (request.to) text += format(" to {}", to_string(*request.to));
  if (!request.store.empty()) text += format(", store {}", request.store);
  if (!request.till.empty()) text += format(", till {}", request.till);
  return text;
}

Status add_totals(const Reading& reading, Report& report) {
  // A day's sums are kept, those of other ranges are not.
  const bool day = reading.request.date.has_value();
  const std::string period = day ? reading.from() : "";
  TILLSIGHT_ASSIGN(const PeriodSums sums, sums_by(reading, day ? Span::kDay : Span::kAll));
  const auto counts = sums.counts.find(period);
  const Counts all = counts == sums.counts.end() ? Counts() : counts->second;
  report.totals.push_back({integer("invoices"), all.sales});
  report.totals.push_back({integer("customers"), all.customers});
  if (const auto found = sums.money.find(period); found != sums.money.end()) {
    for (const auto& [code, amounts] : found->second) {
      TILLSIGHT_ASSIGN(const Currency currency, Currency::parse(code));
      report.totals.push_back({money("revenue", currency), Money::minor(amounts.revenue())});
    }
  }
  if (all.imported > 0) report.totals.push_back({integer("imported"), all.imported});
  if (all.synthetic > 0) report.totals.push_back({integer("synthetic"), all.synthetic});
  return {};
}

}  // namespace tillsight::eda
