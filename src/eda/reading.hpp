/// \file
/// What one report reads: one state of hub.db, and the question.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tillsight/columns/columns.hpp"
#include "tillsight/columns/query.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/eda/reports.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::eda {

struct Reading {
  sql::Connection& db;  ///< persons.db is attached if the report names persons
  const ReportRequest& request;
  /// Opens the columnar copy, or gives the one that is open; not every report needs it.
  std::function<Result<std::shared_ptr<const columns::Columns>>()> columns;

  std::string from() const;  ///< "2026-11-23"; before every date if the question has none
  std::string to() const;
  /// Everything that a store, or all of them, ever sold.
  bool whole() const {
    return !request.date && !request.from && !request.to && request.till.empty();
  }
  int limit(int otherwise) const { return request.limit.value_or(otherwise); }

  /// The question's days, store and till.
  columns::Filter filter() const;
  Result<columns::Answer> ask(columns::Query query) const;
};

/// "from 2026-01-01 to 2026-03-31, store S01", or empty.
std::string range_text(const ReportRequest& request);

using Dimensions = std::vector<columns::Dimension>;
using Measures = std::vector<columns::Measure>;

inline std::int64_t number(const columns::Value& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number == nullptr ? 0 : *number;
}
inline std::string word(const columns::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? "" : *text;
}

/// One report: what it is, and how it is answered.
struct Kind {
  ReportInfo info;
  Result<Report> (*answer)(const Reading& reading);
  bool of_sales = true;  ///< false: what the range comes to says nothing of it
};
std::span<const Kind> customer_reports();
std::span<const Kind> day_reports();
std::span<const Kind> item_reports();
std::span<const Kind> till_reports();

/// Adds what the whole range comes to: invoices, customers, revenue, and what no till sealed.
Status add_totals(const Reading& reading, Report& report);

}  // namespace tillsight::eda
