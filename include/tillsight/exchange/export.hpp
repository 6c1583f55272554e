/// \file
/// Head office's sets of rows, as anybody pulls them: over HTTP and by `tillsight export`.
///
/// A set is one of the documented views (docs/head-office.md), with its columns in their order.
/// Rows come in order of arrival, and a cursor says after which to go on: what arrives meanwhile
/// comes later, nothing is left out and nothing comes twice.
///
/// | set | rows | cursor |
/// |---|---|---|
/// | invoices, cash, z | an event's | `1024` |
/// | lines, tenders | of an invoice, numbered | `1024-3`; `1024`: after all of that invoice |
/// | persons | a name of a phone | `17` |
/// | recommendations | a customer | `17` |
/// | tills, journals, imports | as it is now | none |
///
/// **Units** amounts are integers in minor units of `currency`.
/// **Threads** thread-compatible; each call of next() reads over a connection of its own, so that
/// no snapshot stays open between two.
/// **Errors** kNotFound for an unknown set or a folder without a database, kInvalidArgument with
/// the parameter as its id.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tillsight/core/result.hpp"

namespace tillsight::exchange {

using Value = std::variant<std::monostate, std::int64_t, double, std::string>;
using Row = std::vector<Value>;

struct Cursor {
  std::int64_t event = 0;  ///< the row's own number
  std::int64_t part = 0;   ///< within the event
};
/// \return kInvalidArgument unless it is as the table says.
Result<Cursor> parse_cursor(std::string_view text);

struct Selection {
  std::string set;
  Cursor after{};
  std::optional<std::chrono::year_month_day> from{};  ///< first date on the receipt
  std::optional<std::chrono::year_month_day> to{};    ///< last, included
  std::string store{};                                ///< empty: any, as the next two
  std::string till{};
  std::string customer{};  ///< a pseudonym
  bool persons = false;    ///< invoices with first_name, last_name and phone
};

struct SetInfo {
  std::string_view name;
  std::string_view what;  ///< one line for a list of sets
  bool has_cursor = false;
  bool has_dates = false;
  bool has_tills = false;
  bool has_customers = false;
  bool names_persons = false;  ///< whatever is selected
};
std::span<const SetInfo> sets();
/// \return null if there is none.
const SetInfo* find_set(std::string_view name);

class SetReader {
 public:
  /// \return kInvalidArgument if the set does not know what is selected by.
  static Result<SetReader> open(std::filesystem::path hub_folder, Selection selection);

  const std::vector<std::string>& columns() const { return columns_; }
  /// \return the rows that follow, `count_max` at most; fewer: there are no more now.
  Result<std::vector<Row>> next(int count_max);
  /// After the last row that was given.
  std::string cursor() const;
  /// The part of the set that was given, from 0 to 1, as far as cursors tell.
  double done() const;

  struct Source;

 private:
  SetReader(std::filesystem::path folder, Selection selection, const Source& source);
  Status find_bounds();

  std::filesystem::path folder_;
  Selection selection_;
  const Source* source_;
  std::vector<std::string> columns_;
  std::int64_t first_ = 0;  ///< no row is before this event
  std::int64_t last_ = 0;   ///< or after this one
};

/// RFC 4180, with its line break.
void append_csv(std::string& text, std::span<const std::string> columns);
void append_csv(std::string& text, const Row& row);
/// An object on one line, without a line break.
void append_json(std::string& text, std::span<const std::string> columns, const Row& row);
/// \param value UTF-8. \return it in quotes.
std::string json_text(std::string_view value);

}  // namespace tillsight::exchange
