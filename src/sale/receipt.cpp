#include "tillsight/sale/receipt.hpp"

#include <algorithm>
#include <map>

#include "sale/paper.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/core/time_zone.hpp"

namespace tillsight {
namespace {

constexpr int kColumnsLeast = 32;
constexpr int kColumnsMost = 48;
constexpr std::size_t kPhoneDigitsShown = 3;

void print_number(Paper& paper, const Opened& opened, ReceiptMark mark) {
  if (mark == ReceiptMark::kCopy) paper.centred("*** COPY ***");
  if (mark == ReceiptMark::kTraining) {
    paper.centred("*** TRAINING ***");
    return paper.centred("nothing was sold");
  }
  if (opened.invoice.kind != SaleKind::kRefund) {
    TILLSIGHT_CHECK(opened.chain.invoice_no.has_value(), "a paid sale has an invoice number");
    return paper.both("Invoice", to_string(*opened.chain.invoice_no));
  }
  const auto& of = opened.invoice.refund_of;
  paper.both("REFUND", format("{}/{}", opened.chain.identity.till.value(),
                              opened.chain.identity.sequence.value()));
  paper.both(opened.invoice.unlinked ? "Invoice, not known here" : "Invoice",
             of ? to_string(*of) : "-");
  if (!opened.invoice.approver.empty()) paper.left("Approved by " + opened.invoice.approver);
}

void print_head(Paper& paper, const Opened& opened, const ReceiptSettings& settings,
                ReceiptMark mark) {
  for (const std::string& text : settings.header) paper.centred(text);
  paper.rule('=');
  const Invoice& invoice = opened.invoice;
  print_number(paper, opened, mark);
  paper.both(
      format("{} {}", to_string(invoice.at.local.date), weekday_name(invoice.at.local.weekday)),
      time_of_day_text(invoice.at.local.time_of_day));
  if (!invoice.cashier.empty()) paper.left("Cashier " + invoice.cashier);
  paper.rule('-');
}

void print_line(Paper& paper, const InvoiceLine& line, const Currency& currency) {
  paper.left(line.item);
  paper.both(format("  {} x {}", line.quantity, to_string(line.list_price, currency)),
             to_string(line.gross + line.discount, currency));
  if (line.discount == Money()) return;
  paper.both("  discount", to_string(Money() - line.discount, currency));
  paper.both("  subtotal", to_string(line.gross, currency));
}

void print_totals(Paper& paper, const Invoice& invoice, const Currency& currency) {
  paper.rule('-');
  paper.both("TOTAL " + invoice.currency, to_string(invoice.gross + invoice.rounding, currency));
  if (invoice.rounding != Money()) {
    paper.both("  of it rounding", to_string(invoice.rounding, currency));
  }
  for (const Tender& tender : invoice.tenders) {
    if (invoice.kind == SaleKind::kRefund) {
      paper.both("Given back by " + tender.type, to_string(tender.amount, currency));
      continue;
    }
    paper.both("Paid by " + tender.type, to_string(tender.amount + tender.change, currency));
    if (tender.change > Money()) paper.both("Change", to_string(tender.change, currency));
  }
}

void print_tax(Paper& paper, const Invoice& invoice, const Currency& currency) {
  struct Sum {
    Money net;
    Money tax;
  };
  std::map<TaxRate, Sum> by_rate;
  for (const InvoiceLine& line : invoice.lines) {
    by_rate[line.tax_rate].net += line.net;
    by_rate[line.tax_rate].tax += line.tax;
  }
  paper.rule('-');
  for (const auto& [rate, sum] : by_rate) {
    paper.both(format("Tax {} on {}", percent_text(rate), to_string(sum.net, currency)),
               to_string(sum.tax, currency));
  }
  paper.both("Tax included", to_string(invoice.tax, currency));
}

}  // namespace

Status check(const ReceiptSettings& settings) {
  if (settings.columns >= kColumnsLeast && settings.columns <= kColumnsMost) return {};
  return error(Code::kInvalidArgument, "receipt: columns = {} is out of range; use {} to {}",
               settings.columns, kColumnsLeast, kColumnsMost);
}

std::string masked_phone(const std::string& phone) {
  const std::size_t hidden = phone.size() - std::min(phone.size(), kPhoneDigitsShown);
  return std::string(hidden, '*') + phone.substr(hidden);
}

std::string receipt(const Opened& opened, const Currency& currency, const ReceiptSettings& settings,
                    ReceiptMark mark) {
  TILLSIGHT_CHECK(check(settings).ok(), "receipt settings are checked at start");
  const Invoice& invoice = opened.invoice;
  Paper paper(settings.columns);
  print_head(paper, opened, settings, mark);
  for (const InvoiceLine& line : invoice.lines) print_line(paper, line, currency);
  print_totals(paper, invoice, currency);
  print_tax(paper, invoice, currency);
  paper.rule('-');
  if (invoice.kind == SaleKind::kSale) {
    paper.list("Aisles visited:", aisles_visited(invoice));
  }
  if (invoice.customer) {
    paper.both("Customer " + invoice.customer->first_name, masked_phone(invoice.customer->phone));
  }
  paper.rule('=');
  for (const std::string& text : settings.footer) paper.centred(text);
  return paper.take();
}

}  // namespace tillsight
