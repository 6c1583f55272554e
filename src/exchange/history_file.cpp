#include "exchange/history_file.hpp"

#include <array>
#include <utility>

#include "tillsight/core/csv.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::exchange {
namespace {

using Field = std::pair<Column, std::string>;

/// What all lines of an invoice share.
std::vector<Field> shared_fields(const hub::ImportedInvoice& imported) {
  const Invoice& invoice = imported.invoice;
  const Customer nobody;
  const Customer& customer = invoice.customer ? *invoice.customer : nobody;
  return {{Column::kInvoiceNo, imported.number},
          {Column::kStore, imported.source.store.value()},
          {Column::kTill, imported.source.till.value()},
          {Column::kOrigin, std::string(hub::name(imported.source.origin))},
          {Column::kKind, std::string(name(invoice.kind))},
          {Column::kDate, to_string(invoice.at.local.date)},
          {Column::kTime, time_of_day_text(invoice.at.local.time_of_day)},
          {Column::kTimeZone, invoice.at.time_zone},
          {Column::kCurrency, invoice.currency},
          {Column::kCashier, invoice.cashier},
          {Column::kFirstName, customer.first_name},
          {Column::kLastName, customer.last_name},
          {Column::kPhone, customer.phone},
          {Column::kTender, invoice.tenders.front().type}};
}

std::string percent(TaxRate rate) {
  const int bp = rate.value();
  return bp % 100 == 0 ? format("{}", bp / 100) : format("{}.{:02}", bp / 100, bp % 100);
}

std::vector<Field> line_fields(const InvoiceLine& line, const Currency& currency) {
  return {{Column::kSku, line.sku.value()},
          {Column::kItem, line.item},
          {Column::kAisle, line.aisle},
          {Column::kQuantity, format("{}", line.quantity)},
          {Column::kUnitPrice, to_string(line.list_price, currency)},
          {Column::kTaxPercent, percent(line.tax_rate)}};
}

std::string json_text(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      json += format("\\u{:04x}", static_cast<int>(c));
    } else {
      json += c;
    }
  }
  return json += '"';
}

/// The fields that say something; a number of pieces is a number.
std::string json_fields(const std::vector<Field>& fields) {
  std::string json;
  for (const auto& [column, value] : fields) {
    if (value.empty()) continue;
    const bool number = column == Column::kQuantity;
    json += format("{}\"{}\":{}", json.empty() ? "" : ",", name(column),
                   number ? value : json_text(value));
  }
  return json;
}

std::string csv_fields(const std::vector<Field>& fields) {
  std::string row;
  for (const auto& [column, value] : fields) {
    row += format("{}{}", column == fields.front().first ? "" : ",", csv_field(value));
  }
  return row;
}

std::string csv_header() {
  hub::ImportedInvoice any;
  any.invoice.tenders.emplace_back();
  auto fields = shared_fields(any);
  const auto of_line = line_fields({}, *Currency::parse("INR"));
  fields.insert(fields.end(), of_line.begin(), of_line.end());
  std::string header;
  for (const Field& field : fields) {
    header += format("{}{}", header.empty() ? "" : ",", name(field.first));
  }
  return header;
}

}  // namespace

Result<HistoryFile> HistoryFile::create(const std::filesystem::path& file, Form form,
                                        const Currency& currency) {
  std::error_code none;
  if (std::filesystem::exists(file, none)) {
    return error(Code::kAlreadyExists, "{}: is there already; name another file, or delete it",
                 file.string());
  }
  HistoryFile made(file, file.string() + ".partial", form, currency);
  made.out_.open(made.partial_, std::ios::binary | std::ios::trunc);
  if (!made.out_) {
    return error(Code::kFailedPrecondition, "{}: cannot be written; does its folder exist?",
                 made.partial_.string());
  }
  if (form == Form::kCsv) made.out_ << csv_header() << '\n';
  return made;
}

HistoryFile::~HistoryFile() {
  if (!out_.is_open()) return;
  out_.close();
  std::error_code none;
  std::filesystem::remove(partial_, none);
}

void HistoryFile::add(const hub::ImportedInvoice& invoice) {
  form_ == Form::kCsv ? add_csv(invoice) : add_json(invoice);
}

void HistoryFile::add_json(const hub::ImportedInvoice& invoice) {
  out_ << '{' << json_fields(shared_fields(invoice)) << ",\"lines\":[";
  const char* between = "{";
  for (const InvoiceLine& line : invoice.invoice.lines) {
    out_ << between << json_fields(line_fields(line, currency_)) << '}';
    between = ",{";
  }
  out_ << "]}\n";
}

void HistoryFile::add_csv(const hub::ImportedInvoice& invoice) {
  const std::string shared = csv_fields(shared_fields(invoice));
  for (const InvoiceLine& line : invoice.invoice.lines) {
    out_ << shared << ',' << csv_fields(line_fields(line, currency_)) << '\n';
  }
}

Status HistoryFile::finish() {
  out_.flush();
  if (!out_) {
    return error(Code::kResourceExhausted, "{}: cannot be written to its end; is the disk full?",
                 partial_.string());
  }
  out_.close();
  std::error_code failure;
  std::filesystem::rename(partial_, file_, failure);
  if (!failure) return sync_to_disk(file_);
  return error(Code::kUnavailable, "{}: cannot be renamed: {}", partial_.string(),
               failure.message());
}

}  // namespace tillsight::exchange
