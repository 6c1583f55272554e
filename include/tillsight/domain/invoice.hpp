/// \file
/// What was sold, as the counter hands it to the journal: everything but the numbers that only the
/// journal can give (sequence, invoice number, previous hash).
///
/// **Law** For every line `gross = list_price × quantity − discount` and `net + tax = gross`; the
/// totals are the sums of the lines; the tenders add up to `gross + rounding`. A refund says what
/// it refunds, or who vouched that it does not. check() tells.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/domain/customer.hpp"
#include "tillsight/domain/ids.hpp"
#include "tillsight/domain/money.hpp"

namespace tillsight {

/// How a line came into the basket.
enum class Entry { kCamera, kKeypad, kScanner };
std::string_view name(Entry entry);  ///< "camera", "keypad", "scanner"

struct InvoiceLine {
  Sku sku;
  std::string item;  ///< the product's name at the time
  std::string aisle;
  int quantity = 1;  ///< 1 to 999
  Money list_price;  ///< of one piece, tax included
  Money discount;    ///< of the whole line
  TaxRate tax_rate;
  Money net;
  Money tax;
  Money gross;
  std::string catalogue;  ///< version of the price list
  Entry entry = Entry::kCamera;
  float confidence = 0;  ///< the detector's score; 0 when no camera was involved
  std::string seen;      ///< the camera's label, if the clerk corrected it; else empty
  std::string discount_reason{};
  std::string discount_by{};  ///< the supervisor who vouched for the discount
  int of_line = 0;            ///< of a refund: the line of the invoice, from 1; 0: unlinked
};

/// A line that the clerk took out again.
struct Removal {
  Sku sku;             ///< empty: it asked what it was
  std::string seen{};  ///< the camera's label; empty: it saw none
  int quantity = 1;
  std::string reason{};
  friend bool operator==(const Removal&, const Removal&) = default;
};

/// Computes net, tax and gross from price, quantity, discount and rate.
void price_line(InvoiceLine& line);

struct Tender {
  std::string type;  ///< "cash", "card", "upi", …: lower-case letters, digits, '-'
  Money amount;      ///< what stays in the till for it
  Money change{};    ///< given back; the customer handed over amount + change
};

/// When it happened: the instant, what the wall showed in the store, and how far to trust it.
struct Moment {
  UtcTime utc;
  LocalTime local;
  std::string time_zone;
  bool clock_trusted = false;
  std::string boot_id;
  std::chrono::milliseconds monotonic{0};
};
Moment moment(const Clock& clock, const TimeZone& zone);

enum class SaleKind {
  kSale,  ///< paid; gets an invoice number
  kVoid,  ///< an open sale that the clerk gave up; numbered as an event only
  /// Goods came back; the amounts are positive and what is given back for them. Numbered as an
  /// event only.
  kRefund,
};
std::string_view name(SaleKind kind);  ///< "sale", "void", "refund"

struct Invoice {
  SaleKind kind = SaleKind::kSale;
  std::string cashier;                        ///< empty: nobody was logged in
  std::chrono::year_month_day business_date;  ///< the day that was open
  Moment at;
  std::string currency;  ///< ISO 4217
  std::vector<InvoiceLine> lines;
  Money net;
  Money tax;
  Money gross;
  Money rounding;               ///< cash rounding, when a currency needs it
  std::vector<Tender> tenders;  ///< empty for a void
  std::optional<Customer> customer;
  std::string reason;  ///< of a void; else empty
  std::vector<Removal> removed{};
  std::optional<InvoiceNumber> refund_of{};  ///< of a refund: what was sold; none: not known
  bool unlinked = false;                     ///< of a refund: this till did not know the invoice
  std::string approver{};                    ///< of an unlinked refund: the supervisor
};

/// Sums the lines into net, tax and gross.
void total_up(Invoice& invoice);

/// The aisles of the lines, each once, in order of first appearance. "Visited" is derived: a camera
/// over the counter cannot see where the customer walked.
std::vector<std::string> aisles_visited(const Invoice& invoice);

/// \return kInvalidArgument naming the law or the limit that the invoice breaks.
Status check(const Invoice& invoice);

}  // namespace tillsight
