/// \file
/// What the columnar copy holds of an invoice and of its lines, and what is asked by.
///
/// **Units** amounts in minor units of the invoice's currency, as in v_lines; dates in days since
/// 1970-01-01; the minute of the store's local day; confidence in ten-thousandths. Texts are codes
/// of a dictionary a field; code 0 is the empty text (and nobody, of a customer).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "tillsight/core/result.hpp"

namespace tillsight::columns {

/// In the order of the files. Fields of invoices come first.
enum class Field : std::uint8_t {
  kStore,
  kTill,
  kCustomer,
  kCashier,
  kCurrency,
  kKind,
  kOrigin,
  kCursor,
  kDate,  ///< the business day
  kReceiptDate,
  kMinute,
  kFirstLine,    ///< of the invoice, among its segment's lines
  kLines,        ///< how many
  kSumQuantity,  ///< of the invoice's lines, as the four below
  kSumDiscount,
  kSumNet,
  kSumTax,
  kSumGross,
  kSku,  ///< from here on: of a line
  kItem,
  kAisle,
  kEntry,
  kCatalogue,
  kQuantity,
  kListPrice,
  kDiscount,
  kNet,
  kTax,
  kGross,
  kConfidence,
};
inline constexpr std::size_t kFields = 30;

constexpr std::size_t index(Field field) {
  return static_cast<std::size_t>(field);
}
constexpr bool of_line(Field field) {
  return field >= Field::kSku;
}
constexpr bool is_text(Field field) {
  return field <= Field::kOrigin || (field >= Field::kSku && field <= Field::kCatalogue);
}

/// What rows may be grouped and chosen by; days are business days, but for the last.
enum class Dimension : std::uint8_t {
  kStore,
  kTill,
  kDate,
  kWeek,  ///< ISO 8601: "2026-W48"
  kMonth,
  kQuarter,
  kYear,
  kWeekday,
  kHour,
  kItem,
  kSku,
  kAisle,
  kCustomer,
  kCashier,
  kCurrency,
  kKind,
  kEntry,
  kOrigin,
  kCatalogue,
  kReceiptDate,
};
inline constexpr std::size_t kDimensions = 20;

std::string_view name(Dimension dimension);  ///< "store", "receipt_date"
Field field_of(Dimension dimension);         ///< what it is read from: kDate of a month
/// \return kInvalidArgument naming the known ones.
Result<Dimension> parse_dimension(std::string_view text);

/// What is added up, and what lines may be chosen by.
enum class Amount : std::uint8_t {
  kQuantity,
  kGross,
  kNet,
  kTax,
  kDiscount,
  kListPrice,   ///< of one piece; never added up
  kConfidence,  ///< never added up
};
inline constexpr std::size_t kAmounts = 7;

std::string_view name(Amount amount);  ///< "quantity", "list_price"
Field field_of(Amount amount);
constexpr bool is_money(Amount amount) {
  return amount != Amount::kQuantity && amount != Amount::kConfidence;
}
/// \return kInvalidArgument naming the known ones.
Result<Amount> parse_amount(std::string_view text);

}  // namespace tillsight::columns
