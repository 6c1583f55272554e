#include "tillsight/domain/day.hpp"

namespace tillsight {
namespace {

constexpr bool kTaken = true;

void add_takings(DaySums& sums, const Invoice& invoice, bool taken) {
  const std::int64_t sign = taken ? 1 : -1;
  for (const InvoiceLine& line : invoice.lines) {
    sums.takings_by_tax_bp[line.tax_rate.value()] +=
        Amounts{sign * line.net.minor_units(), sign * line.tax.minor_units(),
                sign * line.gross.minor_units()};
  }
  for (const Tender& tender : invoice.tenders) {
    sums.takings_by_tender[tender.type] += sign * tender.amount.minor_units();
  }
  sums.rounding += sign * invoice.rounding.minor_units();
}

void add_sale(DaySums& sums, const Invoice& invoice) {
  ++sums.sales;
  sums.corrections += static_cast<std::int64_t>(invoice.removed.size());
  for (const InvoiceLine& line : invoice.lines) {
    sums.discount_total += line.discount.minor_units();
    sums.discounts += line.discount == Money() ? 0 : 1;
    sums.corrections += line.seen.empty() ? 0 : 1;
  }
  add_takings(sums, invoice, kTaken);
}

void add_invoice(DaySums& sums, const Opened& opened) {
  const Invoice& invoice = opened.invoice;
  const Amounts amounts{invoice.net.minor_units(), invoice.tax.minor_units(),
                        invoice.gross.minor_units()};
  switch (invoice.kind) {
    case SaleKind::kSale:
      sums.sold += amounts;
      add_sale(sums, invoice);
      if (!opened.chain.invoice_no) return;
      sums.last_invoice = to_string(*opened.chain.invoice_no);
      if (sums.first_invoice.empty()) sums.first_invoice = sums.last_invoice;
      return;
    case SaleKind::kRefund:
      ++sums.refunds;
      sums.refunded += amounts;
      add_takings(sums, invoice, !kTaken);
      return;
    case SaleKind::kVoid:
      ++sums.voids;
      sums.void_total += amounts.gross;
      return;
  }
  check_failed("kind is known", "an invoice carries a kind outside its enumeration");
}

}  // namespace

Status add_event(DaySums& sums, const Event& event, const std::optional<Opened>& opened) {
  sums.last = event.identity.sequence.value();
  if (opened) add_invoice(sums, *opened);
  if (event.type == kDayOpenType) {
    TILLSIGHT_ASSIGN(const DayOpening opening, open_day_opening(event));
    sums.opening_float += opening.opening_float.minor_units();
  }
  if (event.type == kCashType) {
    TILLSIGHT_ASSIGN(const CashMovement movement, open_cash_movement(event));
    (movement.in ? sums.cash_in : sums.cash_out) += movement.amount.minor_units();
  }
  return {};
}

std::string difference(const DaySums& said, const DaySums& counted) {
  if (said == counted) return "";
  const auto of = [](const DaySums& sums) {
    return format(
        "events {} to {}, {} sales of {} (tax {}), {} refunds of {}, {} void, {} corrected, {} "
        "discounts of {}, cash expected {}",
        sums.first, sums.last, sums.sales, sums.sold.gross, sums.sold.tax, sums.refunds,
        sums.refunded.gross, sums.voids, sums.corrections, sums.discounts, sums.discount_total,
        sums.expected_cash());
  };
  return format("says {}; but the events are {}", of(said), of(counted));
}

}  // namespace tillsight
