#include "tillsight/sale/receipt.hpp"

#include <algorithm>
#include <map>

#include "tillsight/core/check.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/domain/text.hpp"

namespace tillsight {
namespace {

constexpr int kColumnsLeast = 32;
constexpr int kColumnsMost = 48;
constexpr std::size_t kPhoneDigitsShown = 3;

std::string blanks(int count) {
  return std::string(static_cast<std::size_t>(std::max(0, count)), ' ');
}

/// Builds the paper line by line.
class Paper {
 public:
  explicit Paper(int columns) : columns_(columns) {}

  void centred(std::string_view text) {
    const std::string cut = cut_to_width(text, columns_);
    line(blanks((columns_ - display_width(cut)) / 2) + cut);
  }
  void left(std::string_view text) { line(cut_to_width(text, columns_)); }
  /// `right` is never cut: it is the amount.
  void both(std::string_view text, std::string_view right) {
    const int room = columns_ - display_width(right) - 1;
    const std::string cut = cut_to_width(text, room);
    line(cut + blanks(columns_ - display_width(cut) - display_width(right)) + std::string(right));
  }
  /// A list that wraps between its entries.
  void list(std::string_view title, const std::vector<std::string>& entries) {
    std::string row(title);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::string entry = " " + entries[i] + (i + 1 < entries.size() ? "," : "");
      if (display_width(row) + display_width(entry) > columns_ && i > 0) {
        left(row);
        row = " ";
      }
      row += entry;
    }
    left(row);
  }
  void rule(char with) { line(std::string(static_cast<std::size_t>(columns_), with)); }
  std::string take() { return std::move(text_); }

 private:
  void line(const std::string& text) {
    // Centring and cutting may leave blanks at the end, and printers feed them as letters.
    const std::size_t end = text.find_last_not_of(' ');
    text_ += text.substr(0, end == std::string::npos ? 0 : end + 1) + "\n";
  }

  int columns_;
  std::string text_;
};

/// "18 %", "12.5 %".
std::string percent(TaxRate rate) {
  const int whole = rate.value() / 100;
  const int hundredths = rate.value() % 100;
  if (hundredths == 0) return format("{} %", whole);
  if (hundredths % 10 == 0) return format("{}.{} %", whole, hundredths / 10);
  return format("{}.{:02} %", whole, hundredths);
}

void print_head(Paper& paper, const Opened& opened, const ReceiptSettings& settings) {
  for (const std::string& text : settings.header) paper.centred(text);
  paper.rule('=');
  const Invoice& invoice = opened.invoice;
  TILLSIGHT_CHECK(opened.chain.invoice_no.has_value(), "a paid sale has an invoice number");
  paper.both("Invoice", to_string(*opened.chain.invoice_no));
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
    paper.both(format("Tax {} on {}", percent(rate), to_string(sum.net, currency)),
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

std::string receipt(const Opened& opened, const Currency& currency,
                    const ReceiptSettings& settings) {
  TILLSIGHT_CHECK(check(settings).ok(), "receipt settings are checked at start");
  const Invoice& invoice = opened.invoice;
  Paper paper(settings.columns);
  print_head(paper, opened, settings);
  for (const InvoiceLine& line : invoice.lines) print_line(paper, line, currency);
  print_totals(paper, invoice, currency);
  print_tax(paper, invoice, currency);
  paper.rule('-');
  paper.list("Aisles visited:", aisles_visited(invoice));
  if (invoice.customer) {
    paper.both("Customer " + invoice.customer->first_name, masked_phone(invoice.customer->phone));
  }
  paper.rule('=');
  for (const std::string& text : settings.footer) paper.centred(text);
  return paper.take();
}

}  // namespace tillsight
