#include "hub/audit_columns.hpp"

#include <map>

namespace tillsight::hub {
namespace {

/// What reports add up, in one comparable text for the columns and one for what was sealed.
std::string sealed_text(const Opened& opened) {
  const Invoice& invoice = opened.invoice;
  std::string text = format("{} {} {} {} {} net {} tax {} gross {} rounding {}", name(invoice.kind),
                            opened.chain.invoice_no ? to_string(*opened.chain.invoice_no) : "-",
                            to_string(invoice.business_date), to_string(invoice.at.local.date),
                            invoice.currency, invoice.net.minor_units(), invoice.tax.minor_units(),
                            invoice.gross.minor_units(), invoice.rounding.minor_units());
  struct Rate {
    std::int64_t lines = 0, quantity = 0, net = 0, tax = 0, gross = 0;
  };
  std::map<int, Rate> rates;
  for (const InvoiceLine& line : invoice.lines) {
    Rate& rate = rates[line.tax_rate.value()];
    ++rate.lines;
    rate.quantity += line.quantity;
    rate.net += line.net.minor_units();
    rate.tax += line.tax.minor_units();
    rate.gross += line.gross.minor_units();
  }
  for (const auto& [tax_bp, rate] : rates) {
    text += format("; {} lines at {} bp: {} pieces, {} + {} = {}", rate.lines, tax_bp,
                   rate.quantity, rate.net, rate.tax, rate.gross);
  }
  std::int64_t paid = 0;
  for (const Tender& tender : invoice.tenders) paid += tender.amount.minor_units();
  return text + format("; {} tenders of {}", invoice.tenders.size(), paid);
}

Result<std::string> column_text(sql::Connection& db, std::int64_t event_row) {
  TILLSIGHT_ASSIGN(auto invoice,
                   db.prepare("SELECT kind, coalesce(invoice_no, '-'), business_date, date, "
                              "currency, net, tax, gross, rounding FROM invoice WHERE event_id = "
                              "?"));
  TILLSIGHT_ASSIGN(const bool found, invoice.bind(event_row).step());
  if (!found) return std::string();
  std::string text =
      format("{} {} {} {} {} net {} tax {} gross {} rounding {}", invoice.text(0), invoice.text(1),
             invoice.text(2), invoice.text(3), invoice.text(4), invoice.integer(5),
             invoice.integer(6), invoice.integer(7), invoice.integer(8));
  TILLSIGHT_ASSIGN(auto rates, db.prepare("SELECT count(*), tax_bp, sum(quantity), sum(net), "
                                          "sum(tax), sum(gross) FROM line WHERE event_id = ? "
                                          "GROUP BY tax_bp ORDER BY tax_bp"));
  rates.bind(event_row);
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rates.step());
    if (!row) break;
    text +=
        format("; {} lines at {} bp: {} pieces, {} + {} = {}", rates.integer(0), rates.integer(1),
               rates.integer(2), rates.integer(3), rates.integer(4), rates.integer(5));
  }
  TILLSIGHT_ASSIGN(auto tenders, db.prepare("SELECT count(*), coalesce(sum(amount), 0) FROM tender "
                                            "WHERE event_id = ?"));
  TILLSIGHT_TRY(tenders.bind(event_row).step());
  return text + format("; {} tenders of {}", tenders.integer(0), tenders.integer(1));
}

}  // namespace

Result<std::string> wrong_columns(sql::Connection& db, std::int64_t event_row,
                                  const std::optional<Opened>& opened) {
  TILLSIGHT_ASSIGN(const std::string columns, column_text(db, event_row));
  const std::string sealed = opened ? sealed_text(*opened) : "";
  if (columns == sealed) return std::string();
  return format("its columns say '{}', but '{}' was sealed", columns, sealed);
}

}  // namespace tillsight::hub
