#include "tillsight/domain/money.hpp"

#include <algorithm>
#include <charconv>

namespace tillsight {
namespace {

constexpr std::string_view kNoDecimals[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
                                            "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::string_view kThreeDecimals[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};

/// Reads "12.5" as 125 with `decimals` = 1, as 1250 with 2; nothing else than digits and one dot.
bool read_decimal(std::string_view text, int decimals, std::int64_t& out) {
  const std::size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  std::string digits(whole);
  std::string_view fraction;
  if (dot != std::string_view::npos) {
    fraction = text.substr(dot + 1);
    if (fraction.empty()) return false;
    digits += fraction;
  }
  const auto missing = decimals - static_cast<std::ptrdiff_t>(fraction.size());
  if (whole.empty() || missing < 0) return false;
  digits.append(static_cast<std::size_t>(missing), '0');
  if (digits.front() == '-' || digits.front() == '+') return false;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return failure == std::errc() && end == digits.data() + digits.size();
}

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

}  // namespace

Money operator+(Money a, Money b) {
  std::int64_t sum = 0;
  TILLSIGHT_CHECK(!__builtin_add_overflow(a.units_, b.units_, &sum), "money overflows");
  return Money(sum);
}

Money operator-(Money a, Money b) {
  std::int64_t difference = 0;
  TILLSIGHT_CHECK(!__builtin_sub_overflow(a.units_, b.units_, &difference), "money overflows");
  return Money(difference);
}

Money operator*(Money price, int quantity) {
  std::int64_t product = 0;
  TILLSIGHT_CHECK(!__builtin_mul_overflow(price.units_, quantity, &product), "money overflows");
  return Money(product);
}

Result<Currency> Currency::parse(std::string_view code) {
  const bool shaped =
      code.size() == 3 && std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!shaped) {
    return error(Code::kInvalidArgument,
                 "currency '{}' is not an ISO 4217 code such as INR, EUR or USD", code);
  }
  int decimals = 2;
  if (std::ranges::find(kNoDecimals, code) != std::end(kNoDecimals)) decimals = 0;
  if (std::ranges::find(kThreeDecimals, code) != std::end(kThreeDecimals)) decimals = 3;
  return Currency(std::string(code), decimals);
}

std::string to_string(Money amount, const Currency& currency) {
  const std::int64_t units = amount.minor_units();
  const std::int64_t scale = power_of_ten(currency.decimals());
  const std::string_view sign = units < 0 ? "-" : "";
  const std::int64_t whole = units / scale;
  const std::int64_t fraction = units % scale;
  const std::int64_t whole_size = whole < 0 ? -whole : whole;
  if (currency.decimals() == 0) return format("{}{}", sign, whole_size);
  return format("{}{}.{:0{}}", sign, whole_size, fraction < 0 ? -fraction : fraction,
                currency.decimals());
}

Result<Money> parse_money(std::string_view text, const Currency& currency) {
  const bool negative = text.starts_with('-');
  std::int64_t units = 0;
  if (!read_decimal(negative ? text.substr(1) : text, currency.decimals(), units)) {
    return error(Code::kInvalidArgument, "'{}' is not an amount in {}; write it as {}", text,
                 currency.code(), to_string(Money::minor(24999), currency));
  }
  return Money::minor(negative ? -units : units);
}

Result<TaxRate> parse_tax_rate(std::string_view percent) {
  std::int64_t basis_points = 0;
  if (!read_decimal(percent, 2, basis_points) || basis_points > 10'000) {
    return error(Code::kInvalidArgument,
                 "tax rate '{}' is not a percentage from 0 to 100, such as 18 or 12.5", percent);
  }
  return TaxRate(static_cast<std::int32_t>(basis_points));
}

Money tax_included(Money gross, TaxRate rate) {
  // gross × r / (1 + r), half-up on the absolute value. Whole divisors are taken out first, so that
  // the product with the rate stays far inside 64 bits.
  const bool negative = gross.minor_units() < 0;
  const std::int64_t size = negative ? -gross.minor_units() : gross.minor_units();
  const std::int64_t divisor = 10'000 + rate.value();
  const std::int64_t rest = size % divisor * rate.value();
  const std::int64_t tax = size / divisor * rate.value() + (2 * rest + divisor) / (2 * divisor);
  return Money::minor(negative ? -tax : tax);
}

}  // namespace tillsight
