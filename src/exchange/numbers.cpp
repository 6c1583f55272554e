#include "exchange/numbers.hpp"

#include "tillsight/domain/limits.hpp"

namespace tillsight::exchange {
namespace {

constexpr int kDecimals = 6;
constexpr Millionths kOne = 1'000'000;
constexpr Millionths kMost = 1'000'000'000'000 * kOne;
constexpr int kQuantityMost = 1'000'000;

Error no_number(std::string_view text) {
  return error(Code::kInvalidArgument, "'{}' is no number", text);
}

/// \pre divisor > 0
std::int64_t divide_half_away(std::int64_t value, std::int64_t divisor) {
  const std::int64_t half = value < 0 ? -(divisor / 2) : divisor / 2;
  return (value + half) / divisor;
}

}  // namespace

Result<Millionths> parse_number(std::string_view text, NumberForm form) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  Millionths value = 0;
  int decimals = -1;  // none yet
  int digits = 0;
  bool round_up = false;
  for (const char c : rest) {
    if (c >= '0' && c <= '9') {
      ++digits;
      if (decimals >= kDecimals) {
        round_up |= decimals++ == kDecimals && c >= '5';
        continue;
      }
      value = value * 10 + (c - '0');
      decimals += decimals >= 0;
      if (value > kMost) return no_number(text);
    } else if (c == form.decimal && decimals < 0) {
      decimals = 0;
    } else if (c != form.thousands || decimals >= 0 || digits == 0) {
      return no_number(text);
    }
  }
  if (digits == 0) return no_number(text);
  for (int missing = std::max(decimals, 0); missing < kDecimals; ++missing) {
    value *= 10;
    if (value > kMost) return no_number(text);
  }
  value += round_up;
  return negative ? -value : value;
}

Result<int> parse_quantity(std::string_view text, NumberForm form) {
  TILLSIGHT_ASSIGN(const Millionths value, parse_number(text, form));
  const std::int64_t whole = value / kOne;
  if (value % kOne != 0 || whole == 0 || whole < -kQuantityMost || whole > kQuantityMost) {
    return error(Code::kInvalidArgument, "'{}' is no whole number of pieces up to {}, other than 0",
                 text, kQuantityMost);
  }
  return static_cast<int>(whole);
}

Result<Money> to_money(Millionths amount, int quantity, const Currency& currency) {
  std::int64_t product = 0;
  if (!__builtin_mul_overflow(amount, std::int64_t{quantity}, &product)) {
    std::int64_t divisor = kOne;
    for (int i = 0; i < currency.decimals(); ++i) divisor /= 10;
    const std::int64_t units = divide_half_away(product, divisor);
    const std::int64_t size = units < 0 ? -units : units;
    if (size <= limits::kMoneyMinorUnits) return Money::minor(units);
  }
  return error(Code::kInvalidArgument, "comes to more than {} {}",
               to_string(Money::minor(limits::kMoneyMinorUnits), currency), currency.code());
}

Money divided(Money amount, int quantity) {
  const std::int64_t units = amount.minor_units();
  return Money::minor(quantity < 0 ? divide_half_away(-units, -std::int64_t{quantity})
                                   : divide_half_away(units, quantity));
}

}  // namespace tillsight::exchange
