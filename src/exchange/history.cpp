#include "tillsight/exchange/history.hpp"

#include <deque>

#include "exchange/calendar.hpp"
#include "exchange/history_file.hpp"
#include "exchange/shoppers.hpp"
#include "tillsight/core/time_zone.hpp"

namespace tillsight::exchange {
namespace {

using std::chrono::seconds;
using std::chrono::sys_days;

constexpr double kAnonymous = 0.08;
constexpr double kRefunds = 0.01;
constexpr std::size_t kRemembered = 200;  ///< sales of which one may come back
constexpr int kCashiers = 5;
constexpr int kTillsMax = 99;

Status check_settings(const HistorySettings& settings, const Catalogue& catalogue) {
  const auto wrong = [](std::string_view why) {
    return error(Code::kInvalidArgument, "history: {}", why);
  };
  if (catalogue.products().empty()) return wrong("the price list is empty; name one with --prices");
  if (!settings.from.ok() || !settings.to.ok() || settings.to < settings.from) {
    return wrong("--to is before --from; swap them");
  }
  if (settings.invoices < 1) return wrong("--invoices is at least 1");
  if (settings.customers < 1 || settings.customers > kSyntheticCustomersMax) {
    return wrong("--customers is 1 to 1000: so many phones belong to nobody");
  }
  if (settings.tills < 1 || settings.tills > kTillsMax) return wrong("--tills is 1 to 99");
  const auto store = parse_store_id(settings.store);
  return store.ok() ? Status() : Status(store.error());
}

class Generator {
 public:
  Generator(const HistorySettings& settings, const Catalogue& catalogue)
      : settings_(settings),
        catalogue_(catalogue),
        random_(settings.seed),
        shoppers_(catalogue, settings.customers, random_) {}

  Status run(HistoryFile& file, const GoOn& go_on);

 private:
  hub::ImportedInvoice invoice_at(const ShopDay& day, seconds time);
  hub::ImportedInvoice sell(const ShopDay& day, seconds time);
  void fill(Invoice& invoice, const std::vector<Picked>& basket) const;
  void take_back(Invoice& invoice);
  std::string_view tender(std::chrono::year year);

  const HistorySettings& settings_;
  const Catalogue& catalogue_;
  SeededRandom random_;
  Shoppers shoppers_;
  std::deque<Invoice> sold_;  ///< the newest
  std::int64_t count_ = 0;
};

/// Cards and phones take over from cash, year by year.
std::string_view Generator::tender(std::chrono::year year) {
  const double cash = std::max(0.2, 0.6 - 0.07 * (static_cast<int>(year) - 2018));
  const double at = random_.next_unit();
  if (at < cash) return "cash";
  return at < cash + 0.25 ? "card" : "upi";
}

void Generator::fill(Invoice& invoice, const std::vector<Picked>& basket) const {
  for (const Picked& picked : basket) {
    const Product& product = catalogue_.products()[picked.product];
    InvoiceLine line;
    line.sku = product.sku;
    line.item = product.name;
    line.aisle = product.aisle;
    line.quantity = picked.quantity;
    line.list_price = product.unit_price;
    line.tax_rate = product.tax;
    invoice.lines.push_back(std::move(line));
  }
}

/// One line of a sale of late comes back, whole.
void Generator::take_back(Invoice& invoice) {
  const Invoice& sale = sold_[any_of(random_, sold_.size())];
  invoice.kind = SaleKind::kRefund;
  invoice.customer = sale.customer;
  invoice.lines = {sale.lines[any_of(random_, sale.lines.size())]};
}

hub::ImportedInvoice Generator::invoice_at(const ShopDay& day, seconds time) {
  hub::ImportedInvoice made;
  const auto till = 1 + any_of(random_, static_cast<std::size_t>(settings_.tills));
  made.source = {"", StoreId(settings_.store), TillId(format("T{:02}", till)),
                 hub::Origin::kSynthetic};
  made.number = format("H-{:06}", ++count_);
  Invoice& invoice = made.invoice;
  invoice.at.local = {day.date, time, std::chrono::weekday(sys_days(day.date))};
  invoice.at.time_zone = settings_.time_zone;
  invoice.currency = settings_.currency;
  invoice.cashier = format("{}", 1 + any_of(random_, kCashiers));
  invoice.tenders.push_back({std::string(tender(day.date.year())), Money()});
  return made;
}

hub::ImportedInvoice Generator::sell(const ShopDay& day, seconds time) {
  hub::ImportedInvoice made = invoice_at(day, time);
  if (!sold_.empty() && happens(random_, kRefunds)) {
    take_back(made.invoice);
    return made;
  }
  const Shopper& shopper = shoppers_.draw(random_);
  fill(made.invoice, shoppers_.fill_basket(shopper, random_));
  if (!happens(random_, kAnonymous)) {
    made.invoice.customer = Customer{shopper.first_name, shopper.last_name, shopper.phone};
  }
  sold_.push_back(made.invoice);
  if (sold_.size() > kRemembered) sold_.pop_front();
  return made;
}

Status Generator::run(HistoryFile& file, const GoOn& go_on) {
  for (const ShopDay& day :
       spread(sys_days(settings_.from), sys_days(settings_.to), settings_.invoices, random_)) {
    for (const seconds time : times_of(day, random_)) file.add(sell(day, time));
    if (!go_on(static_cast<double>(count_) / static_cast<double>(settings_.invoices))) {
      return error(Code::kCancelled, "history: stopped; nothing was written");
    }
  }
  return file.finish();
}

}  // namespace

Status generate_history(const std::filesystem::path& file, Form form,
                        const HistorySettings& settings, const Catalogue& catalogue,
                        const GoOn& go_on) {
  TILLSIGHT_TRY(check_settings(settings, catalogue));
  TILLSIGHT_ASSIGN(const Currency currency, Currency::parse(settings.currency));
  TILLSIGHT_TRY(TimeZone::find(settings.time_zone));
  TILLSIGHT_ASSIGN(HistoryFile out, HistoryFile::create(file, form, currency));
  return Generator(settings, catalogue).run(out, go_on);
}

}  // namespace tillsight::exchange
