/// \file
/// The reports that head office asks for by name. They count invoices of sales that were paid (no
/// voids) by the date on the receipt, the store's local one.
///
/// | name                | a row is                        | order                                |
/// |---------------------|---------------------------------|--------------------------------------|
/// | top-customers       | a first name, last name, phone  | most invoices; then last name, first |
/// |                     |                                 | name, phone. 10 rows                 |
/// | sales-on DATE       | an invoice of that day          | time, store, till, number            |
/// | busiest-days        | a date                          | most invoices; then the earlier.     |
/// |                     |                                 | 5 rows                               |
/// | customers-by-month  | a month                         | time                                 |
///
/// Revenue (gross, so with tax) has one column for each currency that occurs. Customers
/// are distinct phones. Under the rows stand invoices, customers and revenue of the whole range:
/// sales-on's number of invoices is there.
///
/// **Example** tests/eda/standing_reports_test.cpp
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"
#include "tillsight/eda/report.hpp"

namespace tillsight::eda {

struct ReportRequest {
  std::string name;
  std::optional<std::chrono::year_month_day> date = {};  ///< of sales-on, and of no other
  std::optional<std::chrono::year_month_day> from = {};  ///< first day; of all but sales-on
  std::optional<std::chrono::year_month_day> to = {};    ///< last day, included
  std::optional<int> limit = {};                         ///< rows at most; empty: as the table says
};

struct ReportInfo {
  std::string_view name;
  std::string_view what;  ///< one line for a list of reports
};
std::span<const ReportInfo> standing_reports();

/// Reads over a connection of its own and sees one state of the database, also while a hub writes.
/// A database without sales gives a report without rows.
/// \return kInvalidArgument for an unknown name (with the known ones), a missing or surplus date, a
/// range that ends before it starts, or a limit below 1; kNotFound when `hub_folder` holds no
/// database.
Result<Report> run_report(const std::filesystem::path& hub_folder, const ReportRequest& request);

}  // namespace tillsight::eda
