/// \file
/// Numbers as foreign files write them.
#pragma once

#include <cstdint>
#include <string_view>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/money.hpp"

namespace tillsight::exchange {

/// **Units** millionths: finer prices than that are rounded (a JSON writer's 749.9699999999999).
using Millionths = std::int64_t;

struct NumberForm {
  char decimal = '.';
  char thousands = '\0';  ///< '\0': none
};

/// Digits with an optional sign, decimal sign and thousands signs.
/// \return kInvalidArgument, also above 10^12.
Result<Millionths> parse_number(std::string_view text, NumberForm form);

/// \return kInvalidArgument unless it is a whole number from -1,000,000 to 1,000,000, and not 0.
Result<int> parse_quantity(std::string_view text, NumberForm form);

/// `amount` × `quantity` in minor units, rounded half away from zero.
/// \return kInvalidArgument above the bound of any amount.
Result<Money> to_money(Millionths amount, int quantity, const Currency& currency);
/// `amount` ÷ `quantity`, rounded likewise. \pre quantity is not 0
Money divided(Money amount, int quantity);

}  // namespace tillsight::exchange
