#include <map>

#include "sale/paper.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/sale/receipt.hpp"

namespace tillsight {
namespace {

void print_counts(Paper& paper, const DaySums& sums, const Currency& currency) {
  const auto text = [&](std::int64_t units) { return to_string(Money::minor(units), currency); };
  paper.both(format("Sales {}", sums.sales), text(sums.sold.gross));
  paper.both(format("Refunds {}", sums.refunds), text(-sums.refunded.gross));
  paper.both(format("Void {}", sums.voids), text(sums.void_total));
  paper.both(format("Discounts {}", sums.discounts), text(sums.discount_total));
  paper.both("Lines corrected", format("{}", sums.corrections));
  if (!sums.first_invoice.empty()) {
    paper.both("First", sums.first_invoice);
    paper.both("Last", sums.last_invoice);
  }
}

void print_takings(Paper& paper, const DaySums& sums, const Currency& currency) {
  const auto text = [&](std::int64_t units) { return to_string(Money::minor(units), currency); };
  paper.rule('-');
  for (const auto& [tax_bp, taken] : sums.takings_by_tax_bp) {
    paper.both(format("Tax {} on {}", percent_text(TaxRate(tax_bp)), text(taken.net)),
               text(taken.tax));
  }
  paper.rule('-');
  for (const auto& [type, taken] : sums.takings_by_tender) paper.both(type, text(taken));
  paper.both("TAKINGS", text(sums.sold.gross - sums.refunded.gross + sums.rounding));
}

void print_cash(Paper& paper, const DaySums& sums, const std::map<std::string, Money>& counted,
                const Currency& currency) {
  const auto text = [&](std::int64_t units) { return to_string(Money::minor(units), currency); };
  paper.rule('-');
  paper.both("Float", text(sums.opening_float));
  paper.both("Cash in", text(sums.cash_in));
  paper.both("Cash out", text(-sums.cash_out));
  paper.both("Cash expected", text(sums.expected_cash()));
  for (const auto& [type, amount] : counted) {
    const auto taken = sums.takings_by_tender.find(type);
    const std::int64_t here = taken == sums.takings_by_tender.end() ? 0 : taken->second;
    const std::int64_t expected = type == kCashTender ? sums.expected_cash() : here;
    paper.both("Counted " + type, to_string(amount, currency));
    paper.both("  difference", text(amount.minor_units() - expected));
  }
}

}  // namespace

std::string day_report(const DaySums& sums, std::int64_t number,
                       const std::map<std::string, Money>& counted, const Currency& currency,
                       const ReceiptSettings& settings) {
  TILLSIGHT_CHECK(check(settings).ok(), "receipt settings are checked at start");
  Paper paper(settings.columns);
  for (const std::string& text : settings.header) paper.centred(text);
  paper.rule('=');
  paper.centred(number == 0 ? "X report" : format("Z report {}", number));
  paper.both("Events", format("{} to {}", sums.first, sums.last));
  paper.rule('-');
  print_counts(paper, sums, currency);
  print_takings(paper, sums, currency);
  print_cash(paper, sums, counted, currency);
  paper.rule('=');
  return paper.take();
}

}  // namespace tillsight
