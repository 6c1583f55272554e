#include "tillsight/columns/field.hpp"

#include <algorithm>
#include <string>

#include "tillsight/core/format.hpp"

namespace tillsight::columns {
namespace {

struct DimensionRow {
  std::string_view name;
  Field field;
};
constexpr std::array<DimensionRow, kDimensions> kDimensionRows = {{
    {"store", Field::kStore},
    {"till", Field::kTill},
    {"date", Field::kDate},
    {"week", Field::kDate},
    {"month", Field::kDate},
    {"quarter", Field::kDate},
    {"year", Field::kDate},
    {"weekday", Field::kDate},
    {"hour", Field::kMinute},
    {"item", Field::kItem},
    {"sku", Field::kSku},
    {"aisle", Field::kAisle},
    {"customer", Field::kCustomer},
    {"cashier", Field::kCashier},
    {"currency", Field::kCurrency},
    {"kind", Field::kKind},
    {"entry", Field::kEntry},
    {"origin", Field::kOrigin},
    {"catalogue", Field::kCatalogue},
    {"receipt_date", Field::kReceiptDate},
}};

struct AmountRow {
  std::string_view name;
  Field field;
};
constexpr std::array<AmountRow, kAmounts> kAmountRows = {{
    {"quantity", Field::kQuantity},
    {"gross", Field::kGross},
    {"net", Field::kNet},
    {"tax", Field::kTax},
    {"discount", Field::kDiscount},
    {"list_price", Field::kListPrice},
    {"confidence", Field::kConfidence},
}};

template <typename Rows>
Error unknown(std::string_view what, std::string_view text, const Rows& rows) {
  std::string known;
  for (const auto& row : rows) known += (known.empty() ? "" : ", ") + std::string(row.name);
  return error(Code::kInvalidArgument, "'{}' is no {}; known are {}", text, what, known);
}

}  // namespace

std::string_view name(Dimension dimension) {
  return kDimensionRows[static_cast<std::size_t>(dimension)].name;
}

Field field_of(Dimension dimension) {
  return kDimensionRows[static_cast<std::size_t>(dimension)].field;
}

Result<Dimension> parse_dimension(std::string_view text) {
  const auto row = std::ranges::find(kDimensionRows, text, &DimensionRow::name);
  if (row == kDimensionRows.end()) return unknown("dimension", text, kDimensionRows);
  return static_cast<Dimension>(row - kDimensionRows.begin());
}

std::string_view name(Amount amount) {
  return kAmountRows[static_cast<std::size_t>(amount)].name;
}

Field field_of(Amount amount) {
  return kAmountRows[static_cast<std::size_t>(amount)].field;
}

Result<Amount> parse_amount(std::string_view text) {
  const auto row = std::ranges::find(kAmountRows, text, &AmountRow::name);
  if (row == kAmountRows.end()) return unknown("amount", text, kAmountRows);
  return static_cast<Amount>(row - kAmountRows.begin());
}

}  // namespace tillsight::columns
