#include "tillsight/sale/receipt.hpp"

#include <iostream>
#include <memory>

#include "cli/command.hpp"
#include "tillsight/app/settings.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/journal/reader.hpp"
#include "tillsight/station/escpos.hpp"
#include "tillsight/station/receipt_page.hpp"

namespace tillsight::cli {
namespace {

struct Options {
  std::string number;
  std::string config = "config/till.toml";
  std::string format = "text";
  std::string out;
};

Result<std::string> receipt_text(const app::TillSettings& settings, const std::string& number) {
  TILLSIGHT_ASSIGN(const InvoiceNumber wanted, parse_invoice_number(number));
  TILLSIGHT_ASSIGN(JournalReader journal, JournalReader::open(settings.journal));
  TILLSIGHT_ASSIGN(const SoldInvoice sold, journal.sale(wanted));
  TILLSIGHT_ASSIGN(const Currency currency, Currency::parse(sold.invoice.currency));
  EventIdentity identity = journal.identity();
  identity.sequence = sold.sequence;
  const Opened opened{sold.invoice, Chain{identity, sold.number, {}}};
  ReceiptSettings paper;
  paper.header = settings.store.receipt_header;
  paper.columns = settings.paper.columns;
  return receipt(opened, currency, paper, ReceiptMark::kCopy);
}

Result<std::string> in_format(const std::string& format, const std::string& text,
                              const PagePaper& paper) {
  if (format == "pdf") return receipt_pdf(text, paper);
  if (format == "png") return receipt_png(text, paper);
  if (format == "escpos") return escpos(text, paper);
  return text;
}

Status print_receipt(const Options& options) {
  TILLSIGHT_ASSIGN(const app::TillSettings settings, app::load_till_settings(options.config));
  TILLSIGHT_ASSIGN(const std::string text, receipt_text(settings, options.number));
  TILLSIGHT_ASSIGN(const std::string bytes, in_format(options.format, text, settings.paper));
  if (!options.out.empty()) return write_file_atomically(options.out, bytes);
  std::cout.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return {};
}

}  // namespace

void add_receipt(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("receipt", "a receipt again, marked as a copy");
  command->footer(
      "From the till's journal, while the till runs or not. The customer is not on it.\n\n"
      "Example:\n"
      "  tillsight receipt T01-1-000042-3 --config /etc/tillsight/till.toml --format pdf \\\n"
      "    --out receipt.pdf");
  const auto options = std::make_shared<Options>();
  command->add_option("INVOICE_NO", options->number, "as printed")->required();
  command->add_option("--config", options->config, "the till's settings")->capture_default_str();
  command->add_option("--format", options->format, "text, pdf, png or escpos (a printer's bytes)")
      ->check(CLI::IsMember({"text", "pdf", "png", "escpos"}))
      ->capture_default_str();
  command->add_option("--out", options->out, "a file, instead of standard output");
  command->callback([&run, options] { run = [options] { return print_receipt(*options); }; });
}

}  // namespace tillsight::cli
