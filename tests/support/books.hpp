/// \file
/// The day's books for tests: refunds, cash and days at a clock's time in India.
#pragma once

#include "tests/support/sales.hpp"
#include "tillsight/domain/day.hpp"
#include "tillsight/domain/refund.hpp"

namespace tillsight::testing {

inline BookEntry an_entry(const Clock& clock) {
  BookEntry entry;
  entry.cashier = "Meera";
  entry.at = moment(clock, *TimeZone::find("Asia/Kolkata"));
  entry.business_date = entry.at.local.date;
  entry.currency = "INR";
  return entry;
}

inline DayOpening an_opening(std::int64_t units, const Clock& clock) {
  return {an_entry(clock), Money::minor(units)};
}

inline CashMovement a_movement(bool in, std::int64_t units, const Clock& clock) {
  return {an_entry(clock), in, Money::minor(units), "milk"};
}

inline DayClosing a_closing(std::int64_t counted, const Clock& clock) {
  return {an_entry(clock), {{"cash", Money::minor(counted)}}};
}

/// `quantity` pieces of line `number` come back, in cash.
inline Invoice a_refund(const SoldInvoice& sold, int number, int quantity, const Clock& clock) {
  Invoice refund = a_sale({refund_line(sold, number, quantity)}, clock);
  refund.kind = SaleKind::kRefund;
  refund.refund_of = sold.number;
  return refund;
}

inline Invoice an_unlinked_refund(const Clock& clock) {
  Invoice refund = a_sale({a_line("banana", 300, 2, 0)}, clock);
  refund.kind = SaleKind::kRefund;
  refund.unlinked = true;
  refund.approver = "Farah";
  return refund;
}

}  // namespace tillsight::testing
