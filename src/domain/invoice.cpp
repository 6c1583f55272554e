#include "tillsight/domain/invoice.hpp"

#include <algorithm>

#include "tillsight/domain/limits.hpp"

namespace tillsight {

std::string_view name(Entry entry) {
  switch (entry) {
    case Entry::kCamera: return "camera";
    case Entry::kKeypad: return "keypad";
    case Entry::kScanner: return "scanner";
  }
  check_failed("entry is known", "a line carries an entry outside its enumeration");
}

std::string_view name(SaleKind kind) {
  switch (kind) {
    case SaleKind::kSale: return "sale";
    case SaleKind::kVoid: return "void";
    case SaleKind::kRefund: return "refund";
  }
  check_failed("kind is known", "an invoice carries a kind outside its enumeration");
}

void price_line(InvoiceLine& line) {
  line.gross = line.list_price * line.quantity - line.discount;
  line.tax = tax_included(line.gross, line.tax_rate);
  line.net = line.gross - line.tax;
}

Moment moment(const Clock& clock, const TimeZone& zone) {
  const UtcTime now = clock.utc_now();
  return Moment{now,
                zone.to_local(now),
                zone.name(),
                clock.trusted(),
                clock.boot_id(),
                std::chrono::duration_cast<std::chrono::milliseconds>(
                    clock.monotonic_now().time_since_epoch())};
}

void total_up(Invoice& invoice) {
  invoice.net = invoice.tax = invoice.gross = Money();
  for (const InvoiceLine& line : invoice.lines) {
    invoice.net += line.net;
    invoice.tax += line.tax;
    invoice.gross += line.gross;
  }
}

std::vector<std::string> aisles_visited(const Invoice& invoice) {
  std::vector<std::string> aisles;
  for (const InvoiceLine& line : invoice.lines) {
    if (std::ranges::find(aisles, line.aisle) == aisles.end()) aisles.push_back(line.aisle);
  }
  return aisles;
}

namespace {

Status check_line(const InvoiceLine& line, std::size_t number) {
  const auto wrong = [&](std::string_view why) {
    return error(Code::kInvalidArgument, "line {} ({}): {}", number, line.sku.value(), why);
  };
  if (line.quantity < 1 || line.quantity > limits::kQuantityMax) {
    return wrong(format("quantity {} is not 1 to {}", line.quantity, limits::kQuantityMax));
  }
  if (line.list_price < Money() || line.discount < Money() || line.gross < Money()) {
    return wrong("an amount is negative");
  }
  InvoiceLine priced = line;
  price_line(priced);
  if (priced.gross != line.gross) return wrong("gross is not price × quantity − discount");
  if (priced.tax != line.tax || priced.net != line.net) {
    return wrong("net and tax are not those of the gross amount");
  }
  return {};
}

Status check_refund(const Invoice& invoice) {
  const auto wrong = [](std::string_view why) {
    return Error(Code::kInvalidArgument, std::string(why));
  };
  if (invoice.kind != SaleKind::kRefund) {
    const bool refunds = invoice.refund_of || invoice.unlinked || !invoice.approver.empty();
    return refunds ? Status(wrong("only a refund refunds an invoice")) : Status();
  }
  if (!invoice.unlinked && !invoice.refund_of) return wrong("the refund does not say of what");
  if (invoice.unlinked && invoice.approver.empty()) return wrong("nobody vouched for the refund");
  for (const InvoiceLine& line : invoice.lines) {
    if (invoice.unlinked == (line.of_line != 0)) {
      return wrong("a refund's lines name the lines of its invoice, and an unlinked one's none");
    }
  }
  return {};
}

}  // namespace

Status check(const Invoice& invoice) {
  const auto wrong = [](std::string_view why) {
    return Error(Code::kInvalidArgument, std::string(why));
  };
  if (invoice.lines.empty() && invoice.kind != SaleKind::kVoid) {
    return wrong(format("{} has no line", name(invoice.kind)));
  }
  TILLSIGHT_TRY(check_refund(invoice));
  if (invoice.lines.size() > limits::kLinesPerSale) {
    return wrong(format("sale has {} lines; at most {} are allowed", invoice.lines.size(),
                        limits::kLinesPerSale));
  }
  TILLSIGHT_TRY(Currency::parse(invoice.currency));
  for (std::size_t i = 0; i < invoice.lines.size(); ++i) {
    TILLSIGHT_TRY(check_line(invoice.lines[i], i + 1));
  }
  Invoice summed = invoice;
  total_up(summed);
  if (summed.net != invoice.net || summed.tax != invoice.tax || summed.gross != invoice.gross) {
    return wrong("totals are not the sums of the lines");
  }
  if (invoice.kind == SaleKind::kVoid) {
    return invoice.tenders.empty() ? Status() : Status(wrong("a void takes no tender"));
  }
  Money paid;
  for (const Tender& tender : invoice.tenders) {
    if (tender.change < Money()) return wrong("a tender's change is negative");
    if (tender.change > Money::minor(limits::kMoneyMinorUnits)) {
      return wrong("nobody hands over so much; check the amount");
    }
    if (tender.change != Money() && invoice.kind == SaleKind::kRefund) {
      return wrong("a refund gives no change");
    }
    paid += tender.amount;
  }
  if (paid != invoice.gross + invoice.rounding) {
    return wrong("the tenders do not add up to the total");
  }
  return {};
}

}  // namespace tillsight
