/// \file
/// Any question on the lines: grouped by dimensions, narrowed by conditions, added up and counted.
///
/// **What counts** unless a condition or a dimension names the kind: sums are sales less refunds
/// (a refund's amounts count negative); everything else (lines, invoices, distinct customers,
/// averages, least and greatest) is of sales; voids do not count. Where the kind is named, whatever
/// is chosen counts, a refund's amounts still negative. Nobody is no customer.
///
/// An invoice counts in a group if one of its lines does; where no line is asked about (by item,
/// aisle, an amount …) an invoice without lines counts too.
///
/// Amounts of different currencies are never added up: `currency` is added to the grouping where
/// there are several. Grouping by till adds the store, whose tills have their names.
///
/// **Threads** thread-safe; a call uses `threads` of its own, and gives the same answer on any
/// number.
///
/// **Example** tests/columns/query_test.cpp
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tillsight/columns/columns.hpp"
#include "tillsight/columns/field.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::columns {

enum class Compare { kEqual, kNot, kLess, kAtMost, kGreater, kAtLeast, kIn, kNotIn };

/// Of a dimension: its text as an answer shows it ("2026-11", "Monday", "9"); only dates and hours
/// have an order. Of an amount: a decimal, in major units if it is money.
struct Condition {
  std::variant<Dimension, Amount> what;
  Compare compare = Compare::kEqual;
  std::vector<std::string> values{};  ///< one, unless it is kIn or kNotIn
};

/// "store=S01", "item!=Apple", "hour>=17", "gross>99.50", "item in Apple,\"Tea, green\"",
/// "store not in S01,S02". \return kInvalidArgument naming what is known.
Result<Condition> parse_condition(std::string_view text);

struct Filter {
  std::optional<std::chrono::year_month_day> from = {};  ///< first business day
  std::optional<std::chrono::year_month_day> to = {};    ///< last day, included
  std::vector<Condition> where = {};                     ///< all of them hold
};

enum class Reckoning { kSum, kAverage, kLeast, kGreatest, kLines, kInvoices, kCustomers };

struct Measure {
  Reckoning reckoning = Reckoning::kSum;
  Amount amount = Amount::kGross;  ///< of the first four
  friend bool operator==(const Measure&, const Measure&) = default;
};
std::string name(const Measure& measure);  ///< "gross", "avg_gross", "invoices"
/// "lines", "invoices" or "customers". \return kInvalidArgument naming them.
Result<Measure> parse_count(std::string_view text);

/// A column of the answer by its name; rows that are equal in all of them stand in order of the
/// dimensions.
struct Order {
  std::string column;
  bool descending = false;
};

struct Query {
  std::vector<Dimension> by = {};
  std::vector<Measure> measures = {};
  Filter filter = {};
  std::vector<Order> order = {};
  std::optional<std::int64_t> limit = {};  ///< rows at most
};

/// Text of a dimension; a number (also of a year and an hour); nothing (an average of no line).
using Value = std::variant<std::monostate, std::string, std::int64_t>;

struct AnswerColumn {
  std::string name;
  std::variant<Dimension, Measure> what;
};

struct Answer {
  std::vector<AnswerColumn> columns;  ///< dimensions, then measures
  /// Amounts in minor units, confidence in ten-thousandths; an average in thousandths of these,
  /// rounded half away from zero.
  std::vector<std::vector<Value>> rows;
  std::int64_t groups = 0;  ///< also those that the limit cut off
  /// Of all amounts, or none if `currency` is a column (or there is no row).
  std::optional<std::string> currency;
};

/// \param threads 0: as many as the machine has.
/// \return kInvalidArgument for an unknown column of `order`, a value that its dimension cannot
/// have, a limit below 1; kResourceExhausted for more groups than 64 bits can tell, or amounts that
/// could exceed them; kDataLoss as columns.hpp says.
Result<Answer> answer(const Columns& columns, const Query& query, int threads = 0);

/// A column of numbers: a measure's, a text's codes, the places in time of any other dimension.
struct NumberColumn {
  AnswerColumn of;
  std::vector<std::int64_t> numbers;        ///< by row
  std::shared_ptr<const Dictionary> texts;  ///< of a text; shared with the view, so it may go
};
/// Stands where there is nothing.
inline constexpr std::int64_t kNothing = std::numeric_limits<std::int64_t>::min();

/// An answer by column, for who wants no text of most of its rows: a quarter of a million rows take
/// longer to be written than to be reckoned.
struct Numbers {
  std::vector<NumberColumn> columns;
  std::size_t rows = 0;
  std::int64_t groups = 0;
  std::optional<std::string> currency;

  Value value(std::size_t row, std::size_t column) const;
};

/// The same as answer(), by column.
Result<Numbers> answer_in_numbers(const Columns& columns, const Query& query, int threads = 0);

}  // namespace tillsight::columns
