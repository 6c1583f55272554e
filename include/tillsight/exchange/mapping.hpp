/// \file
/// How a foreign file says what an invoice is: which column means what, how it writes numbers,
/// dates and letters, and what it leaves out. docs/import.md has every key.
///
/// **Errors** kNotFound for a missing file, kInvalidArgument as "shop.toml:12: date.formats: …".
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/result.hpp"

namespace tillsight::exchange {

/// What a line of an invoice may say. All lines of an invoice repeat what is the invoice's.
enum class Column {
  kInvoiceNo,
  kStore,
  kTill,
  kOrigin,  ///< "imported" or "synthetic"
  kKind,    ///< "sale" or "refund"
  kDate,
  kTime,
  kTimeZone,
  kCurrency,
  kCashier,
  kCustomer,  ///< a number of the source's own
  kFirstName,
  kLastName,
  kPhone,
  kTender,
  kTotal,  ///< of the invoice: checked against its lines
  kSku,
  kItem,
  kAisle,
  kQuantity,
  kUnitPrice,
  kDiscount,   ///< of the whole line
  kLineTotal,  ///< of the whole line, in place of the price
  kTaxPercent,
};
inline constexpr std::size_t kColumns = static_cast<std::size_t>(Column::kTaxPercent) + 1;
std::string_view name(Column column);  ///< "invoice_no": in our own files and in [columns]

enum class Form { kCsv, kJsonLines };

struct Mapping {
  std::string source;  ///< [a-z0-9-]{1,40}; empty: the caller names it
  Form form = Form::kCsv;
  char delimiter = ',';
  std::string encoding = "utf-8";  ///< any that iconv knows and that contains ASCII as it is
  std::array<std::string, kColumns> columns;  ///< the file's names; empty: it has no such column

  std::string lines;        ///< JSON: the array of the lines, inside the invoice; empty: flat
  std::string items;        ///< JSON: an object from item to quantity, in place of `lines`
  std::string line_totals;  ///< JSON: an object from item to amount, beside `items`

  // What the file does not say.
  std::string store;
  std::string till;
  std::string currency;
  std::string time_zone;
  std::string region = "IN";  ///< where phone numbers without a country code belong (ISO 3166)
  std::string tender = "unknown";
  std::filesystem::path catalogue;  ///< a price list that knows SKU and aisle of an item

  std::vector<std::string> date_formats{"%Y-%m-%d"};  ///< as strptime(3) has them; any may fit
  std::vector<std::string> time_formats{"%H:%M:%S"};
  char decimal = '.';
  char thousands = '\0';        ///< '\0': none
  std::string refund_prefix;    ///< of the number of an invoice whose quantities are negative
  std::string customer_suffix;  ///< cut off the customer's number ("17850.0")

  std::string& operator[](Column column) { return columns[static_cast<std::size_t>(column)]; }
  const std::string& operator[](Column column) const {
    return columns[static_cast<std::size_t>(column)];
  }
};

/// Our own CSV or JSON Lines, whose columns are named as name(Column) names them.
Mapping own_mapping(Form form);

Result<Mapping> load_mapping(const std::filesystem::path& file);

/// \return kJsonLines for .jsonl, .ndjson and .json, else kCsv.
Form form_of(const std::filesystem::path& file);

/// \return kInvalidArgument unless `source` may name a source.
Status check_source(std::string_view source);

}  // namespace tillsight::exchange
