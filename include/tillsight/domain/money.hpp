/// \file
/// Money as integer minor units, one currency per store.
///
/// **Rounding** Prices include tax. The tax in a gross amount is `gross × rate / (1 + rate)`,
/// rounded half-up per line; a total is the sum of its lines' gross amounts and is never rounded.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"
#include "tillsight/core/strong.hpp"

namespace tillsight {

/// **Units** minor units (paise, cents). Overflow is a bug and ends the process.
class Money {
 public:
  constexpr Money() = default;
  static constexpr Money minor(std::int64_t units) { return Money(units); }

  constexpr std::int64_t minor_units() const { return units_; }
  friend constexpr auto operator<=>(Money, Money) = default;
  friend Money operator+(Money a, Money b);
  friend Money operator-(Money a, Money b);
  friend Money operator*(Money price, int quantity);
  Money& operator+=(Money other) { return *this = *this + other; }

 private:
  explicit constexpr Money(std::int64_t units) : units_(units) {}
  std::int64_t units_ = 0;
};

/// ISO 4217 code and its number of decimals.
class Currency {
 public:
  /// \return kInvalidArgument unless `code` is three capital letters.
  static Result<Currency> parse(std::string_view code);

  const std::string& code() const { return code_; }
  int decimals() const { return decimals_; }

 private:
  Currency(std::string code, int decimals) : code_(std::move(code)), decimals_(decimals) {}
  std::string code_;
  int decimals_;
};

/// "249.99", "-3.00"; no grouping, so that it can be read back.
std::string to_string(Money amount, const Currency& currency);
/// Exact: "2", "2.5" and "2.50" are 2.50; more decimals than the currency has are refused.
Result<Money> parse_money(std::string_view text, const Currency& currency);

/// Tax rate in basis points: 18 % = 1800.
using TaxRate = Strong<std::int32_t, struct TaxRateTag>;
/// "18", "5", "0", "12.5" per cent, 0 to 100.
Result<TaxRate> parse_tax_rate(std::string_view percent);

/// \return the tax contained in `gross`, rounded half-up (away from zero for refunds).
Money tax_included(Money gross, TaxRate rate);

}  // namespace tillsight
