#include "exchange/translator.hpp"

#include <algorithm>

#include "exchange/cell_text.hpp"

namespace tillsight::exchange {
namespace {

/// Customers whose phones are remembered as parsed; then it starts over.
constexpr std::size_t kCustomersMax = 20'000;
constexpr std::size_t kNumberBytes = 60;
constexpr std::size_t kTenderBytes = 20;
constexpr char kBetween = '\x1f';
constexpr std::chrono::year kFirstYear{1970};

bool is_tender(std::string_view text) {
  return !text.empty() && text.size() <= kTenderBytes && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// Nobody's name or phone goes into a digest: whoever guesses a phone could check the guess.
Digest digest_of(const hub::ImportedInvoice& imported) {
  const Invoice& invoice = imported.invoice;
  std::string text =
      format("{}|{}|{}|{}|{}|{}|{}", name(invoice.kind), to_string(invoice.at.local.date),
             time_of_day_text(invoice.at.local.time_of_day), invoice.at.time_zone, invoice.currency,
             invoice.cashier, invoice.tenders.front().type);
  for (const InvoiceLine& line : invoice.lines) {
    text += format("\n{}|{}|{}|{}|{}|{}|{}|{}", line.sku.value(), line.item, line.aisle,
                   line.quantity, line.list_price.minor_units(), line.discount.minor_units(),
                   line.tax_rate.value(), line.gross.minor_units());
  }
  return sha256(text);
}

}  // namespace

Result<Translator> Translator::create(const Mapping& mapping, const Clock& clock) {
  std::optional<Catalogue> catalogue;
  if (!mapping.catalogue.empty()) {
    TILLSIGHT_ASSIGN(const Currency currency, Currency::parse(mapping.currency));
    TILLSIGHT_ASSIGN(catalogue, Catalogue::load(mapping.catalogue, currency));
  }
  return Translator(mapping, clock, std::move(catalogue));
}

/// What the cells say, or else what the mapping says for the whole file.
std::string_view Translator::said(const Cells& cells, Column column) const {
  if (!cells[column].empty()) return cells[column];
  switch (column) {
    case Column::kStore: return mapping_.store;
    case Column::kTill: return mapping_.till;
    case Column::kTimeZone: return mapping_.time_zone;
    case Column::kCurrency: return mapping_.currency;
    case Column::kTender: return mapping_.tender;
    default: return {};
  }
}

Error Translator::wrong(Column column, const Error& why) const {
  const std::string& named = mapping_[column];
  return error(Code::kInvalidArgument, "{} {}", named.empty() ? name(column) : named,
               why.message());
}

void Translator::key_of(const Cells& cells, std::string& key) const {
  key.clear();
  if (cells[Column::kInvoiceNo].empty()) return;
  for (const Column column : {Column::kStore, Column::kTill, Column::kOrigin, Column::kInvoiceNo}) {
    key += said(cells, column);
    key += kBetween;
  }
}

Result<hub::ImportSource> Translator::source_of(const Cells& cells) const {
  hub::ImportSource source;
  source.name = mapping_.source;
  auto store = parse_store_id(said(cells, Column::kStore));
  if (!store.ok()) return wrong(Column::kStore, store.error());
  source.store = std::move(store).value();
  auto till = parse_till_id(said(cells, Column::kTill));
  if (!till.ok()) return wrong(Column::kTill, till.error());
  source.till = std::move(till).value();
  const std::string_view origin = cells[Column::kOrigin];
  if (origin == "synthetic") {
    source.origin = hub::Origin::kSynthetic;
  } else if (!origin.empty() && origin != "imported") {
    return error(Code::kInvalidArgument, "{} '{}' is neither imported nor synthetic",
                 mapping_[Column::kOrigin], origin);
  }
  return source;
}

Result<bool> Translator::is_refund(const Cells& cells) const {
  const std::string_view kind = cells[Column::kKind];
  if (kind == "refund") return true;
  if (!kind.empty() && kind != "sale") {
    return error(Code::kInvalidArgument, "{} '{}' is neither sale nor refund",
                 mapping_[Column::kKind], kind);
  }
  const std::string& prefix = mapping_.refund_prefix;
  return !prefix.empty() && cells[Column::kInvoiceNo].starts_with(prefix);
}

Result<Moment> Translator::moment_of(const Cells& cells) {
  const std::string_view date = cells[Column::kDate];
  const std::string_view time = cells[Column::kTime];
  const std::string_view zone = said(cells, Column::kTimeZone);
  std::string text = format("{}{}{}{}{}", date, kBetween, time, kBetween, zone);
  if (moment_ && text == moment_text_) return *moment_;
  const auto wall = parse_wall_time(date, mapping_.date_formats, time, mapping_.time_formats);
  if (!wall.ok()) return wrong(Column::kDate, wall.error());
  if (!zone_ || zone_->name() != zone) {
    auto found = TimeZone::find(zone);
    if (!found.ok()) return wrong(Column::kTimeZone, found.error());
    zone_.emplace(std::move(found).value());
  }
  Moment moment;
  moment.utc = zone_->to_utc(wall->date, wall->time_of_day);
  moment.local = {wall->date, wall->time_of_day,
                  std::chrono::weekday(std::chrono::sys_days(wall->date))};
  moment.time_zone = zone_->name();
  moment.clock_trusted = true;
  if (wall->date.year() < kFirstYear || moment.utc > clock_.utc_now()) {
    return error(Code::kInvalidArgument, "{} '{}' is {}; are the formats of dates right?",
                 mapping_[Column::kDate], date,
                 wall->date.year() < kFirstYear ? "before 1970" : "in the future");
  }
  moment_text_ = std::move(text);
  moment_ = moment;
  return moment;
}

Result<std::optional<Customer>> Translator::customer_of(const Cells& cells) {
  const std::string_view phone = cells[Column::kPhone];
  std::string_view number = cells[Column::kCustomer];
  if (phone.empty() && number.empty()) return std::optional<Customer>();
  const std::string_view first = cells[Column::kFirstName];
  const std::string_view last = cells[Column::kLastName];
  const std::string text =
      format("{}{}{}{}{}{}{}", phone, kBetween, number, kBetween, first, kBetween, last);
  if (const auto known = customers_.find(text); known != customers_.end()) return known->second;
  Customer customer;
  if (!phone.empty()) {
    auto made = make_customer(first, last, phone, mapping_.region);
    if (!made.ok()) return wrong(Column::kPhone, made.error());
    customer = std::move(made).value();
  } else {
    const std::string& suffix = mapping_.customer_suffix;
    if (!suffix.empty() && number.ends_with(suffix)) number.remove_suffix(suffix.size());
    auto clean = clean_text(number);
    if (!clean.ok()) return wrong(Column::kCustomer, clean.error());
    customer.phone = format("{}:{}", mapping_.source, *clean);
    TILLSIGHT_ASSIGN(customer.first_name, clean_text(first));
    TILLSIGHT_ASSIGN(customer.last_name, clean_text(last));
  }
  if (customers_.size() >= kCustomersMax) customers_.clear();
  return customers_.emplace(text, std::move(customer)).first->second;
}

Result<hub::ImportedInvoice> Translator::invoice_of(const Cells& cells) {
  hub::ImportedInvoice imported;
  TILLSIGHT_ASSIGN(imported.source, source_of(cells));
  auto number = clean_text(cells[Column::kInvoiceNo]);
  if (!number.ok()) return wrong(Column::kInvoiceNo, number.error());
  if (number->empty() || number->size() > kNumberBytes) {
    return error(Code::kInvalidArgument, "{} is empty, or longer than {} bytes",
                 mapping_[Column::kInvoiceNo], kNumberBytes);
  }
  imported.number = std::move(number).value();
  Invoice& invoice = imported.invoice;
  TILLSIGHT_ASSIGN(const bool refund, is_refund(cells));
  invoice.kind = refund ? SaleKind::kRefund : SaleKind::kSale;
  TILLSIGHT_ASSIGN(invoice.at, moment_of(cells));
  invoice.business_date = invoice.at.local.date;
  const auto currency = Currency::parse(said(cells, Column::kCurrency));
  if (!currency.ok()) return wrong(Column::kCurrency, currency.error());
  invoice.currency = currency->code();
  TILLSIGHT_ASSIGN(invoice.cashier, clean_text(cells[Column::kCashier]));
  TILLSIGHT_ASSIGN(invoice.customer, customer_of(cells));
  const std::string_view tender = said(cells, Column::kTender);
  if (!is_tender(tender)) {
    return error(Code::kInvalidArgument, "{} '{}' is no kind of payment such as cash or gift-card",
                 name(Column::kTender), tender);
  }
  invoice.tenders.push_back({std::string(tender), Money()});
  return imported;
}

Status Translator::name_item(const Cells& cells, InvoiceLine& line) const {
  auto item = clean_text(cells[Column::kItem]);
  if (!item.ok()) return wrong(Column::kItem, item.error());
  auto sku = clean_text(cells[Column::kSku]);
  if (!sku.ok()) return wrong(Column::kSku, sku.error());
  auto aisle = clean_text(cells[Column::kAisle]);
  if (!aisle.ok()) return wrong(Column::kAisle, aisle.error());
  if (item->empty() && sku->empty()) {
    return error(Code::kInvalidArgument, "has neither {} nor {}", name(Column::kSku),
                 name(Column::kItem));
  }
  line.aisle = std::move(aisle).value();
  line.item = item->empty() ? *sku : *item;
  line.sku = Sku(sku->empty() ? slug(*item) : *sku);
  if (!catalogue_) return {};
  const Product* product = catalogue_->by_sku(line.sku);
  if (product == nullptr) product = catalogue_->by_sku(Sku(line.item));
  if (const auto labelled = catalogue_->by_label(line.item);
      product == nullptr && !labelled.empty()) {
    product = labelled.front();
  }
  if (product == nullptr) return {};
  if (sku->empty()) line.sku = product->sku;
  if (sku->empty()) line.item = product->name;
  if (line.aisle.empty()) line.aisle = product->aisle;
  return {};
}

Status Translator::price(const Cells& cells, const Invoice& invoice, InvoiceLine& line) const {
  const auto quantity = parse_quantity(cells[Column::kQuantity], numbers());
  if (!quantity.ok()) return wrong(Column::kQuantity, quantity.error());
  // A foreign cancellation counts backwards; our own refunds are positive, and were given back.
  const bool backwards = invoice.kind == SaleKind::kRefund && cells[Column::kKind].empty();
  line.quantity = backwards ? -*quantity : *quantity;
  TILLSIGHT_ASSIGN(const Currency currency, Currency::parse(invoice.currency));
  const bool by_price = !cells[Column::kUnitPrice].empty();
  const Column column = by_price ? Column::kUnitPrice : Column::kLineTotal;
  const auto amount = parse_number(cells[column], numbers());
  if (!amount.ok()) return wrong(column, amount.error());
  const int times = by_price ? line.quantity : (backwards ? -1 : 1);
  const auto gross = to_money(*amount, times, currency);
  if (!gross.ok()) return wrong(column, gross.error());
  Money discount;
  if (!cells[Column::kDiscount].empty()) {
    const auto taken = parse_number(cells[Column::kDiscount], numbers());
    if (!taken.ok()) return wrong(Column::kDiscount, taken.error());
    TILLSIGHT_ASSIGN(discount, to_money(*taken, 1, currency));
  }
  const Money paid = *gross - discount;
  if (by_price) {
    TILLSIGHT_ASSIGN(line.list_price, to_money(*amount, 1, currency));
  } else {
    line.list_price = divided(*gross, line.quantity);
  }
  // Prices finer than the currency are rounded once, in the line's sum.
  line.discount = line.list_price * line.quantity - paid;
  if (!cells[Column::kTaxPercent].empty()) {
    const auto rate = parse_tax_rate(cells[Column::kTaxPercent]);
    if (!rate.ok()) return wrong(Column::kTaxPercent, rate.error());
    line.tax_rate = *rate;
  }
  price_line(line);
  return {};
}

Status Translator::add_line(const Cells& cells, hub::ImportedInvoice& to) {
  TILLSIGHT_TRY(moment_of(cells));
  InvoiceLine line;
  line.entry = Entry::kKeypad;
  TILLSIGHT_TRY(name_item(cells, line));
  TILLSIGHT_TRY(price(cells, to.invoice, line));
  to.invoice.lines.push_back(std::move(line));
  return {};
}

Status Translator::finish(hub::ImportedInvoice& imported, std::string_view total) const {
  Invoice& invoice = imported.invoice;
  total_up(invoice);
  invoice.tenders.front().amount = invoice.gross;
  imported.digest = digest_of(imported);
  if (total.empty()) return {};
  TILLSIGHT_ASSIGN(const Currency currency, Currency::parse(invoice.currency));
  const auto number = parse_number(total, numbers());
  if (!number.ok()) return wrong(Column::kTotal, number.error());
  TILLSIGHT_ASSIGN(const Money said_total, to_money(*number, 1, currency));
  const bool backwards = invoice.kind == SaleKind::kRefund && Money() - said_total == invoice.gross;
  if (said_total == invoice.gross || backwards) return {};
  return error(Code::kInvalidArgument, "{} is {}, but its lines come to {}",
               mapping_[Column::kTotal], total, to_string(invoice.gross, currency));
}

}  // namespace tillsight::exchange
