// What actions do; what the clerk sees of it is counter_view.cpp.
#include "tillsight/sale/counter.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "sale/business_day.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/domain/limits.hpp"
#include "tillsight/domain/text.hpp"

namespace tillsight {
namespace {

constexpr std::string_view kCash = "cash";

Error refuse(std::string_view id, std::string_view why) {
  return Error(Code::kFailedPrecondition, std::string(why)).with_id(id);
}

Status not_here(const ClerkAction& action) {
  return error(Code::kFailedPrecondition, "{}: this till does not do that yet", name(action))
      .with_id("action.not_here");
}

/// Of a refusal that has no id of its own.
std::string id_of(const ClerkAction& action, Code code) {
  const auto why = [&] {
    switch (code) {
      case Code::kNotFound: return "unknown";
      case Code::kInvalidArgument: return "wrong";
      case Code::kResourceExhausted: return "full";
      case Code::kUnavailable: return "busy";
      default: return "not_now";
    }
  };
  return format("{}.{}", name(action), why());
}

/// The longest that the journal's numbers can be; how long an event gets is known before payment.
Chain longest_chain(SaleKind kind) {
  const std::string id(16, 'W');
  Chain chain{{StoreId(id), TillId(id), Incarnation(std::string(32, 'f')),
               Sequence(std::numeric_limits<std::int64_t>::max())},
              {},
              {}};
  if (kind == SaleKind::kSale) chain.invoice_no = {TillId(id), 9999, 999'999'999'999};
  return chain;
}

Status check_size(const Invoice& invoice) {
  SeededRandom salt(1);
  const std::size_t bytes =
      to_cloud_events({seal(invoice, longest_chain(invoice.kind), salt)}).size();
  if (bytes <= limits::kPayloadBytes) return {};
  return error(Code::kResourceExhausted,
               "the sale is too long to be sent ({} of at most {} bytes); take some lines out and "
               "sell them as a second sale",
               bytes, limits::kPayloadBytes);
}

}  // namespace

Counter::Counter(const Catalogue& catalogue, CounterSettings settings, const Clock& clock,
                 const TimeZone& zone)
    : catalogue_(catalogue),
      settings_(std::move(settings)),
      clock_(clock),
      zone_(zone),
      basket_(catalogue, settings_.basket) {}

void Counter::see(const Snapshot& snapshot) {
  if (pending_) {
    waiting_ = snapshot;
  } else if (basket_.see(snapshot)) {
    ++revision_;
  }
}

void Counter::see_disk(std::string state, std::string refusal) {
  if (state == "ok") state.clear();
  if (state == disk_ && refusal == disk_refusal_) return;
  disk_ = std::move(state);
  disk_refusal_ = std::move(refusal);
  ++revision_;
}

Status Counter::act(const ClerkAction& action) {
  message_.clear();
  code_.clear();
  Status status = pending_ ? Status(error(Code::kUnavailable,
                                          "the sale is being written; wait a moment, then press "
                                          "again"))
                           : std::visit([&](const auto& a) { return perform(a); }, action);
  refused_ = !status.ok();
  if (refused_) {
    message_ = status.error().message();
    const std::string& id = status.error().id();
    code_ = id.empty() ? id_of(action, status.error().code()) : id;
  }
  ++revision_;
  return status;
}

Status Counter::only_open(std::string_view what) const {
  if (!basket_.closed()) return {};
  return error(Code::kFailedPrecondition, "{}: this sale is paid; press next for a new one", what)
      .with_id("sale.paid");
}

Status Counter::writable(std::string_view what) const {
  if (disk_refusal_.empty()) return {};
  return error(Code::kResourceExhausted, "{}: {}", what, disk_refusal_).with_id("disk.full");
}

Status Counter::perform(const action::Add& add) {
  const Product* product = catalogue_.by_barcode(add.code);
  if (product == nullptr) product = catalogue_.by_sku(Sku(add.code));
  if (product == nullptr) {
    return error(Code::kNotFound, "'{}' is no SKU and no barcode of the price list; check the code",
                 add.code);
  }
  if (add.quantity < 1 || add.quantity > limits::kQuantityMax) {
    return error(Code::kInvalidArgument, "quantity {} is not 1 to {}", add.quantity,
                 limits::kQuantityMax);
  }
  if (basket_.closed()) basket_.open();
  return basket_.add(*product, add.quantity, add.entry, clock_.monotonic_now());
}

Status Counter::perform(const action::Remove& remove) {
  TILLSIGHT_TRY(only_open("remove"));
  return basket_.remove(remove.line);
}

Status Counter::perform(const action::SetQuantity& set) {
  TILLSIGHT_TRY(only_open("quantity"));
  if (set.quantity < 1 || set.quantity > limits::kQuantityMax) {
    return error(Code::kInvalidArgument,
                 "quantity {} is not 1 to {}; to take a line out, remove it", set.quantity,
                 limits::kQuantityMax);
  }
  return basket_.set_quantity(set.line, set.quantity);
}

Status Counter::perform(const action::Choose& choose) {
  TILLSIGHT_TRY(only_open("choose"));
  const Product* product = catalogue_.by_sku(choose.sku);
  if (product == nullptr) product = catalogue_.by_barcode(choose.sku.value());
  if (product == nullptr) {
    return error(Code::kNotFound,
                 "'{}' is no SKU and no barcode of the price list; choose one that is",
                 choose.sku.value());
  }
  return basket_.choose(choose.line, *product);
}

Status Counter::perform(const action::SetCustomer& set) {
  TILLSIGHT_ASSIGN(customer_,
                   make_customer(set.first_name, set.last_name, set.phone, settings_.region));
  if (basket_.closed()) basket_.open();
  return {};
}

Status Counter::perform(const action::ClearCustomer&) {
  customer_.reset();
  return {};
}

Status Counter::payable() const {
  TILLSIGHT_TRY(only_open("pay"));
  TILLSIGHT_TRY(writable("pay"));
  int asks = 0;
  for (const BasketLine& line : basket_.lines()) asks += line.asks() ? 1 : 0;
  if (asks > 0) {
    return error(Code::kFailedPrecondition,
                 "pay: {} line(s) still ask; choose what they are, or remove them", asks)
        .with_id("pay.asks");
  }
  if (basket_.lines().empty())
    return refuse("pay.empty", "pay: the sale is empty; add something first");
  if (basket_.lines().size() <= limits::kLinesPerSale) return {};
  return error(Code::kResourceExhausted,
               "pay: the sale has {} lines, at most {} are allowed; remove some and sell them as a "
               "second sale",
               basket_.lines().size(), limits::kLinesPerSale);
}

/// \return what the customer hands over.
Result<Money> Counter::tendered(const action::Pay& pay, Money total) const {
  const auto& tenders = settings_.tenders;
  if (std::ranges::find(tenders, pay.tender) == tenders.end()) {
    return error(Code::kInvalidArgument, "pay: '{}' is no tender of this till; use one of {}",
                 pay.tender, fmt::join(tenders, ", "))
        .with_id("pay.tender");
  }
  if (pay.amount.empty()) return total;
  auto amount = parse_money(pay.amount, settings_.currency);
  if (!amount.ok()) return amount.error().with_context("pay");
  const std::string total_text = to_string(total, settings_.currency);
  if (*amount < total) {
    return error(Code::kInvalidArgument, "pay: {} is below the total of {}; {} is missing",
                 pay.amount, total_text, to_string(total - *amount, settings_.currency))
        .with_id("pay.below");
  }
  if (*amount > total && pay.tender != kCash) {
    return error(Code::kInvalidArgument, "pay: {} gives no change; pay exactly {}", pay.tender,
                 total_text)
        .with_id("pay.no_change");
  }
  return amount;
}

Status Counter::perform(const action::Pay& pay) {
  TILLSIGHT_TRY(payable());
  Invoice invoice = make_invoice(SaleKind::kSale);
  TILLSIGHT_ASSIGN(const Money given, tendered(pay, invoice.gross));
  invoice.tenders = {{pay.tender, invoice.gross, given - invoice.gross}};
  TILLSIGHT_TRY(check(invoice));
  TILLSIGHT_TRY(check_size(invoice));
  pending_paid_ = {"", pay.tender, invoice.gross, invoice.tenders[0].change};
  put_pending(std::move(invoice));
  return {};
}

Status Counter::perform(const action::Next&) {
  if (!basket_.lines().empty()) {
    return refuse("sale.open", "next: this sale is not finished; pay, hold or void it first");
  }
  basket_.next();
  return {};
}

Status Counter::perform(const action::Void& voided) {
  TILLSIGHT_TRY(only_open("void"));
  TILLSIGHT_ASSIGN(const std::string reason, normalise_name(voided.reason, "reason"));
  Invoice invoice = make_invoice(SaleKind::kVoid);
  invoice.reason = reason;
  if (invoice.lines.empty()) {
    // Nothing was ever priced, so there is nothing to account for.
    basket_.take_out();
    customer_.reset();
    return {};
  }
  TILLSIGHT_TRY(writable("void"));
  TILLSIGHT_TRY(check(invoice));
  TILLSIGHT_TRY(check_size(invoice));
  put_pending(std::move(invoice));
  return {};
}

Status Counter::perform(const action::Hold&) {
  TILLSIGHT_TRY(only_open("hold"));
  if (basket_.lines().empty())
    return refuse("hold.empty", "hold: the sale is empty; there is nothing to hold");
  if (held_.size() >= kHeldMost) {
    return error(Code::kResourceExhausted,
                 "hold: {} sales are on hold already; resume and finish one first", kHeldMost);
  }
  held_.push_back({basket_.take_out(), std::exchange(customer_, std::nullopt)});
  message_ = format("on hold in slot {}", held_.size());
  return {};
}

Status Counter::perform(const action::Resume& resume) {
  if (!basket_.lines().empty()) {
    return refuse("sale.open", "resume: another sale is open; pay, hold or void it first");
  }
  if (resume.slot < 1 || static_cast<std::size_t>(resume.slot) > held_.size()) {
    return error(Code::kNotFound, "resume: slot {} is empty; {} sale(s) are on hold", resume.slot,
                 held_.size());
  }
  const auto slot = held_.begin() + (resume.slot - 1);
  customer_ = std::move(slot->customer);
  basket_.put_back(std::move(slot->content));
  held_.erase(slot);
  return {};
}

Status Counter::perform(const action::SetCashier& set) {
  TILLSIGHT_ASSIGN(cashier_, normalise_name(set.name, "cashier"));
  return {};
}

Status Counter::perform(const action::Reject& reject) {
  return Error(Code::kFailedPrecondition, reject.text).with_id(reject.code);
}
Status Counter::perform(const action::SignIn& wish) {
  return not_here(wish);
}

Status Counter::perform(const action::SignOut& wish) {
  return not_here(wish);
}

Status Counter::perform(const action::Discount& wish) {
  return not_here(wish);
}

Status Counter::perform(const action::Refund& wish) {
  return not_here(wish);
}

Status Counter::perform(const action::OpenDay& wish) {
  return not_here(wish);
}

Status Counter::perform(const action::Cash& wish) {
  return not_here(wish);
}

Status Counter::perform(const action::XReport& wish) {
  return not_here(wish);
}

Status Counter::perform(const action::CloseDay& wish) {
  return not_here(wish);
}

Status Counter::perform(const action::Training& wish) {
  return not_here(wish);
}

Status Counter::perform(const action::Reprint& wish) {
  return not_here(wish);
}

void Counter::put_pending(Invoice invoice) {
  pending_day_ = business_day(day_, invoice.at);
  pending_ = std::move(invoice);
}

Invoice Counter::make_invoice(SaleKind kind) const {
  Invoice invoice;
  invoice.kind = kind;
  invoice.cashier = cashier_;
  invoice.at = moment(clock_, zone_);
  invoice.business_date = business_day(day_, invoice.at).date;
  invoice.currency = settings_.currency.code();
  invoice.lines = priced({basket_.lines(), 1});
  invoice.customer = customer_;
  total_up(invoice);
  return invoice;
}

void Counter::committed(const Event& event) {
  TILLSIGHT_CHECK(pending_.has_value(), "only a pending sale is committed");
  if (pending_->kind == SaleKind::kSale) {
    const auto opened = tillsight::open(event);
    TILLSIGHT_CHECK(opened.ok(), "the journal stored an event that does not open");
    paid_ = std::move(pending_paid_);
    if (opened->chain.invoice_no) paid_->invoice_no = to_string(*opened->chain.invoice_no);
    basket_.close();
    message_ = paid_->change > Money()
                   ? format("paid; change {}", to_string(paid_->change, settings_.currency))
                   : "paid";
  } else {
    basket_.take_out();
    message_ = "the sale is void";
  }
  customer_.reset();
  day_ = pending_day_;
  refused_ = false;
  settle_pending();
}

void Counter::failed(const Error& error) {
  TILLSIGHT_CHECK(pending_.has_value(), "only a pending sale fails");
  message_ = format("not {}: {}; the sale is open as before",
                    pending_->kind == SaleKind::kSale ? "paid" : "void", error.message());
  refused_ = true;
  settle_pending();
}

void Counter::settle_pending() {
  pending_.reset();
  ++revision_;
  if (waiting_) see(*std::exchange(waiting_, std::nullopt));
}

CounterState Counter::state() const {
  return {basket_.state(), customer_, cashier_, held_, paid_, day_};
}

std::string Counter::state_json() const {
  return to_json(state());
}

std::string Counter::state_after_commit() const {
  TILLSIGHT_CHECK(pending_.has_value(), "a state after commit needs a pending sale");
  Basket after = basket_;
  CounterState result = state();
  if (pending_->kind == SaleKind::kSale) {
    after.close();
    result.paid = pending_paid_;
  } else {
    after.take_out();
  }
  result.basket = after.state();
  result.customer.reset();
  result.day = pending_day_;
  return to_json(result);
}

/// Takes lines out whose product the price list has no more. \return their SKUs.
std::vector<std::string> Counter::drop_unknown(BasketContent& content) const {
  std::vector<std::string> gone;
  const auto unknown = [&](const Sku& sku) { return catalogue_.by_sku(sku) == nullptr; };
  std::erase_if(content.lines, [&](BasketLine& line) {
    std::erase_if(line.choices, unknown);
    const bool out = line.asks() ? line.choices.empty() : unknown(line.sku);
    if (out && !line.asks()) gone.push_back(line.sku.value());
    return out;
  });
  return gone;
}

Status Counter::restore(std::string_view json) {
  TILLSIGHT_CHECK(!pending_, "a counter is restored before it is used");
  TILLSIGHT_ASSIGN(CounterState saved, parse_counter_state(json));
  std::vector<std::string> gone = drop_unknown(saved.basket.content);
  for (HeldSale& sale : saved.held)
    std::ranges::move(drop_unknown(sale.content), std::back_inserter(gone));
  basket_.restore(std::move(saved.basket));
  customer_ = std::move(saved.customer);
  cashier_ = std::move(saved.cashier);
  held_ = std::move(saved.held);
  paid_ = std::move(saved.paid);
  day_ = std::move(saved.day);
  refused_ = !gone.empty();
  message_ = gone.empty() ? ""
                          : format("after the restart, {} left out: no more in the price list",
                                   fmt::join(gone, ", "));
  ++revision_;
  return {};
}

}  // namespace tillsight
