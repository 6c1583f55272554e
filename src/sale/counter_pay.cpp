// What leaves the open sale for the books: paid, void, or given back.
#include <algorithm>
#include <limits>
#include <utility>

#include "sale/business_day.hpp"
#include "sale/refuse.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/domain/limits.hpp"
#include "tillsight/domain/text.hpp"
#include "tillsight/sale/counter.hpp"

namespace tillsight {
namespace {

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
  if (*amount > total && pay.tender != kCashTender) {
    return error(Code::kInvalidArgument, "pay: {} gives no change; pay exactly {}", pay.tender,
                 total_text)
        .with_id("pay.no_change");
  }
  return amount;
}

Status Counter::perform(const action::Pay& pay) {
  if (refund_) return pay_refund(pay);
  TILLSIGHT_TRY(payable());
  Invoice invoice = make_invoice(SaleKind::kSale);
  TILLSIGHT_ASSIGN(const Money given, tendered(pay, invoice.gross));
  invoice.tenders = {{pay.tender, invoice.gross, given - invoice.gross}};
  TILLSIGHT_TRY(check(invoice));
  TILLSIGHT_TRY(check_size(invoice));
  pending_paid_ = {"", pay.tender, invoice.gross, invoice.tenders[0].change};
  learnt_ = learnt_from(basket_.lines());
  if (training_) return pay_in_training(std::move(invoice));
  const BusinessDay day = business_day(day_, invoice.at);
  post(std::move(invoice), day);
  return {};
}

Status Counter::pay_in_training(Invoice invoice) {
  training_sale_ = std::move(invoice);
  learnt_.clear();
  paid_ = pending_paid_;
  basket_.close();
  end_sale();
  message_ = "training: nothing was sold";
  return {};
}

/// What comes back is paid out with one tender, to the unit.
Status Counter::pay_refund(const action::Pay& pay) {
  TILLSIGHT_TRY(writable("pay"));
  if (refund_->lines().empty()) {
    return refuse("pay.empty", "pay: nothing comes back; add something first, or void");
  }
  Invoice invoice = make_invoice(SaleKind::kRefund);
  TILLSIGHT_ASSIGN(const Money given, tendered(pay, invoice.gross));
  if (given != invoice.gross) {
    return error(Code::kInvalidArgument, "pay: a refund gives back exactly {}",
                 to_string(invoice.gross, settings_.currency))
        .with_id("refund.exact");
  }
  invoice.tenders = {{pay.tender, invoice.gross}};
  TILLSIGHT_TRY(check(invoice));
  TILLSIGHT_TRY(check_size(invoice));
  pending_paid_ = {"", pay.tender, invoice.gross, Money(), true};
  const BusinessDay day = business_day(day_, invoice.at);
  post(std::move(invoice), day);
  return {};
}

Status Counter::perform(const action::Void& voided) {
  if (refund_) {
    refund_.reset();
    basket_.open();
    message_ = "nothing was given back";
    return {};
  }
  TILLSIGHT_TRY(only_open("void"));
  TILLSIGHT_ASSIGN(const std::string reason, normalise_name(voided.reason, "reason"));
  Invoice invoice = make_invoice(SaleKind::kVoid);
  invoice.reason = reason;
  if (training_ || (invoice.lines.empty() && invoice.removed.empty())) {
    // Nothing was ever priced, so there is nothing to account for.
    basket_.take_out();
    end_sale();
    return {};
  }
  TILLSIGHT_TRY(writable("void"));
  TILLSIGHT_TRY(check(invoice));
  TILLSIGHT_TRY(check_size(invoice));
  const BusinessDay day = business_day(day_, invoice.at);
  post(std::move(invoice), day);
  return {};
}

Status Counter::perform(const action::Refund& refund) {
  TILLSIGHT_TRY(nothing_open("refund"));
  if (refund.sold) {
    if (refund.sold->invoice.currency != settings_.currency.code()) {
      return refuse("refund.currency", "refund: {} was paid in {}, and this till pays out {}",
                    to_string(refund.sold->number), refund.sold->invoice.currency,
                    settings_.currency.code());
    }
    if (!OpenRefund::anything_left(*refund.sold)) {
      return refuse("refund.done", "refund: all of {} has come back already",
                    to_string(refund.sold->number));
    }
    refund_.emplace(refund.sold);
  } else {
    std::optional<InvoiceNumber> claimed;
    if (!refund.invoice_no.empty()) {
      auto number = parse_invoice_number(refund.invoice_no);
      if (!number.ok()) return number.error().with_context("refund").with_id("refund.number");
      claimed = *std::move(number);
    }
    TILLSIGHT_ASSIGN(
        std::string by,
        voucher(refund.asked_in_vain ? "refund: neither this till nor head office knows the invoice"
                                     : "refund: this till does not know the invoice",
                refund.approval));
    refund_.emplace(std::move(claimed), std::move(by));
  }
  // Goods that already lie there are those that come back.
  basket_.close();
  return {};
}

/// Nobody's sale any more.
void Counter::end_sale() {
  customer_.reset();
  notes_ = {};
  refund_.reset();
  wanted_.clear();
  figures_.gone();
}

void Counter::post(Posting posting, std::optional<BusinessDay> day_after) {
  pending_ = std::move(posting);
  pending_day_ = std::move(day_after);
}

Invoice Counter::make_invoice(SaleKind kind) const {
  Invoice invoice;
  invoice.kind = kind;
  invoice.cashier = cashier_;
  invoice.at = moment(clock_, zone_);
  invoice.business_date = business_day(day_, invoice.at).date;
  invoice.currency = settings_.currency.code();
  if (kind == SaleKind::kRefund) {
    refund_->write_to(invoice);
    return invoice;
  }
  invoice.lines = priced({basket_.lines(), 1}, notes_);
  invoice.customer = customer_;
  invoice.removed = notes_.removed;
  total_up(invoice);
  return invoice;
}

void Counter::committed(const Event& event) {
  TILLSIGHT_CHECK(pending_.has_value(), "only what is pending is committed");
  if (const Invoice* const invoice = pending_invoice()) {
    settle_invoice(*invoice, event);
  } else if (const auto* const closing = std::get_if<DayClosing>(&*pending_)) {
    const auto z = open_z(event);
    TILLSIGHT_CHECK(z.ok(), "the journal stored a Z that does not open");
    report_ = SaleView::Report{z->number, z->sums, closing->counted};
    message_ = format("the day is closed: Z {}", z->number);
  } else if (std::holds_alternative<DayOpening>(*pending_)) {
    message_ = "the day is open";
  } else {
    message_ = "written down";
  }
  day_ = pending_day_;
  refused_ = false;
  settle_pending();
}

void Counter::settle_invoice(const Invoice& invoice, const Event& event) {
  if (invoice.kind == SaleKind::kVoid) {
    basket_.take_out();
    message_ = "the sale is void";
    return end_sale();
  }
  const auto opened = tillsight::open(event);
  TILLSIGHT_CHECK(opened.ok(), "the journal stored an event that does not open");
  paid_ = std::move(pending_paid_);
  if (opened->chain.invoice_no) paid_->invoice_no = to_string(*opened->chain.invoice_no);
  if (invoice.kind == SaleKind::kSale) {
    choices_.add(learnt_);
    figures_.paid(basket_.lines(), clock_.monotonic_now());
  }
  basket_.close();
  message_ = "paid";
  if (paid_->change > Money()) {
    message_ = format("paid; change {}", to_string(paid_->change, settings_.currency));
  }
  if (paid_->refund) message_ = format("give back {}", to_string(paid_->gross, settings_.currency));
  end_sale();
}

void Counter::reported(const DaySums& sums) {
  TILLSIGHT_CHECK(pending_ && std::holds_alternative<ReportWish>(*pending_),
                  "only a report that was asked for is shown");
  report_ = SaleView::Report{0, sums, {}};
  refused_ = false;
  settle_pending();
}

void Counter::failed(const Error& error) {
  TILLSIGHT_CHECK(pending_.has_value(), "only what is pending fails");
  const Invoice* const invoice = pending_invoice();
  if (invoice == nullptr) {
    message_ = format("not written down: {}", error.message());
  } else {
    const std::string_view what = invoice->kind == SaleKind::kVoid ? "void" : "paid";
    message_ = format("not {}: {}; the sale is open as before", what, error.message());
  }
  code_ = "journal.failed";
  refused_ = true;
  settle_pending();
}

void Counter::settle_pending() {
  pending_.reset();
  learnt_.clear();
  ++revision_;
  if (waiting_) see(*std::exchange(waiting_, std::nullopt));
}

}  // namespace tillsight
