/// \file
/// Sales for tests: small, lawful, and as random as a seed.
#pragma once

#include <vector>

#include "tillsight/core/fake_clock.hpp"
#include "tillsight/domain/clock_correction.hpp"
#include "tillsight/domain/event.hpp"

namespace tillsight::testing {

inline InvoiceLine a_line(std::string_view sku, std::int64_t price_minor, int quantity = 1,
                          int tax_bp = 1800) {
  InvoiceLine line;
  line.sku = Sku(std::string(sku));
  line.item = std::string(sku);
  line.aisle = "Grocery";
  line.quantity = quantity;
  line.list_price = Money::minor(price_minor);
  line.tax_rate = TaxRate(tax_bp);
  line.catalogue = "0123456789abcdef";
  line.confidence = 0.9F;
  price_line(line);
  return line;
}

inline Customer asha() {
  return {"Asha", "Rao", "+919876543210"};
}

/// Paid exactly, in cash, at the clock's time in India.
inline Invoice a_sale(std::vector<InvoiceLine> lines, const Clock& clock,
                      std::optional<Customer> customer = std::nullopt) {
  Invoice invoice;
  invoice.lines = std::move(lines);
  invoice.at = moment(clock, *TimeZone::find("Asia/Kolkata"));
  invoice.business_date = invoice.at.local.date;
  invoice.currency = "INR";
  invoice.customer = std::move(customer);
  total_up(invoice);
  invoice.tenders = {{"cash", invoice.gross}};
  return invoice;
}

inline Invoice a_sale() {
  const FakeClock clock;
  return a_sale({a_line("banana", 300, 6, 0), a_line("laptop", 5632499)}, clock, asha());
}

/// A till's events as its journal would chain them: sequence 1, 2, 3, … each sealed on the last.
class EventChain {
 public:
  explicit EventChain(std::string_view till = "T01", std::uint64_t seed = 1)
      : random_(seed), incarnation_(new_incarnation(random_)), till_(std::string(till)) {}

  Event next(const Invoice& invoice) {
    Chain chain{{StoreId("S01"), till_, incarnation_, Sequence(++sequence_)}, {}, previous_};
    if (invoice.kind == SaleKind::kSale) chain.invoice_no = InvoiceNumber{till_, 1, ++invoices_};
    Event event = seal(invoice, chain, random_);
    previous_ = hash(event);
    return event;
  }
  Event next() { return next(a_sale()); }
  Event next(const ClockCorrection& correction) {
    Event event = seal(
        correction, {{StoreId("S01"), till_, incarnation_, Sequence(++sequence_)}, {}, previous_});
    previous_ = hash(event);
    return event;
  }

  /// An entry of the day's books.
  template <typename Entry>
  Event next_entry(const Entry& entry) {
    Event event = seal(
        entry, Chain{{StoreId("S01"), till_, incarnation_, Sequence(++sequence_)}, {}, previous_});
    previous_ = hash(event);
    return event;
  }

  const Incarnation& incarnation() const { return incarnation_; }

 private:
  SeededRandom random_;
  Incarnation incarnation_;
  TillId till_;
  std::int64_t sequence_ = 0;
  std::int64_t invoices_ = 0;
  Digest previous_{};
};

}  // namespace tillsight::testing
