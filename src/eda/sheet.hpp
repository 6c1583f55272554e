/// \file
/// A report in the making: rows found again by a key, amounts that spread over as many columns as
/// there are currencies.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/eda/report.hpp"

namespace tillsight::eda {

Column text(std::string name);
Column date(std::string name);
Column integer(std::string name);
Column decimal(std::string name);
Column percent(std::string name);
Column money(std::string_view name, const Currency& currency);  ///< "revenue_INR"

/// `part` of `whole` in hundredths; empty of nothing.
Cell share(double part, double whole);

class Sheet {
 public:
  /// \param columns of every row. \param amounts each gets a column for each currency, after them.
  Sheet(std::vector<Column> columns, std::vector<std::string> amounts);

  /// A new row, after the others. \pre `cells` are as many as the columns, `key` is new
  void add_row(const std::string& key, std::vector<Cell> cells);
  bool has(const std::string& key) const { return rows_by_key_.contains(key); }
  std::size_t size() const { return rows_.size(); }

  /// Adds to what the row has of it; of a key that has no row, nothing.
  void add_amount(const std::string& key, std::size_t amount, const std::string& currency,
                  std::int64_t minor);

  /// \return kDataLoss if a currency is none.
  Result<Report> finish(std::string name, std::string title) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::string> amounts_;
  std::vector<std::vector<Cell>> rows_;
  std::map<std::string, std::size_t> rows_by_key_;
  /// By currency: for each row and amount, what there is of it.
  std::map<std::string, std::vector<std::vector<Cell>>> money_;
};

}  // namespace tillsight::eda
