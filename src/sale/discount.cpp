#include "sale/discount.hpp"

#include <algorithm>

namespace tillsight {
namespace {

constexpr std::int64_t kWholeBp = 10'000;

__extension__ typedef __int128 Wide;

/// a × b / c rounded down, without overflow of the product. \pre 0 ≤ a, 0 ≤ b ≤ c, 0 < c
struct Share {
  std::int64_t whole;
  std::int64_t remainder;
};
Share share(std::int64_t a, std::int64_t b, std::int64_t c) {
  const auto product = static_cast<Wide>(a) * b;
  return {static_cast<std::int64_t>(product / c), static_cast<std::int64_t>(product % c)};
}

void take_off(InvoiceLine& line, std::int64_t units, const DiscountTerms& terms) {
  if (units == 0) return;
  line.discount = Money::minor(units);
  line.discount_reason = terms.reason;
  line.discount_by = terms.approver;
  price_line(line);
}

}  // namespace

Money discount_on(Money gross, const DiscountTerms& terms) {
  if (terms.percent_bp == 0) return std::min(gross, terms.amount);
  const Share part = share(gross.minor_units(), terms.percent_bp, kWholeBp);
  return Money::minor(part.whole + (2 * part.remainder >= kWholeBp ? 1 : 0));
}

void spread_discount(const DiscountTerms& terms, std::vector<InvoiceLine>& lines) {
  struct Part {
    InvoiceLine* line;
    Share share;
  };
  std::vector<Part> parts;
  Money gross;
  for (InvoiceLine& line : lines) {
    if (line.discount != Money()) continue;
    parts.push_back({&line, {}});
    gross += line.gross;
  }
  if (gross == Money()) return;
  const std::int64_t total = discount_on(gross, terms).minor_units();
  std::int64_t rest = total;
  for (Part& part : parts) {
    part.share = share(part.line->gross.minor_units(), total, gross.minor_units());
    rest -= part.share.whole;
  }
  std::ranges::stable_sort(
      parts, [](const Part& a, const Part& b) { return a.share.remainder > b.share.remainder; });
  for (const Part& part : parts) {
    const bool one_more = rest > 0;
    rest -= one_more ? 1 : 0;
    take_off(*part.line, part.share.whole + (one_more ? 1 : 0), terms);
  }
}

}  // namespace tillsight
