/// \file
/// The reports that head office asks for by name.
///
/// What all of them count: sales that were paid; refunds are taken off the revenue; voids are not
/// counted unless a report says so. A day is the business day that was open at the till. Revenue is
/// gross, so with tax, and has one column for each currency. Customers are distinct phones of
/// sales. Under the rows stands what the whole range comes to, also what a limit cut off. What else
/// one report counts is in its ReportInfo; docs/reports.md has the columns of each.
///
/// **Example** tests/eda/reports_test.cpp
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
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
  std::string store = {};                                ///< empty: all
  std::string till = {};                                 ///< empty: all
  std::optional<int> limit = {};                         ///< rows at most; empty: as it has them
};

struct ReportInfo {
  std::string_view name;
  std::string_view what;    ///< one line for a list of reports
  std::string_view counts;  ///< what exactly, in sentences
  int rows = 0;             ///< at most, unless asked; 0: all
  bool of_a_date = false;   ///< needs `date`
  bool names_persons = false;
};
/// In the order of a list.
std::span<const ReportInfo> known_reports();

/// Answers over connections and a columnar copy that it keeps, so the next answer is cheaper.
///
/// **Threads** thread-compatible: one for each thread, or a lock.
class Reports {
 public:
  /// Opens nothing yet.
  explicit Reports(std::filesystem::path hub_folder);
  Reports(Reports&&) noexcept;
  Reports& operator=(Reports&&) noexcept;
  ~Reports();

  /// Sees one state of the database, also while a hub writes. A database without sales gives a
  /// report without rows.
  /// \return kInvalidArgument for an unknown name (with the known ones), a missing or surplus date,
  /// a range that ends before it starts, or a limit below 1; kNotFound when the folder holds no
  /// database.
  Result<Report> run(const ReportRequest& request);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tillsight::eda
