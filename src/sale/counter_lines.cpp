// What a clerk does to the open sale's lines.
#include <algorithm>
#include <utility>

#include "sale/discount.hpp"
#include "sale/refuse.hpp"
#include "tillsight/domain/limits.hpp"
#include "tillsight/domain/text.hpp"
#include "tillsight/sale/counter.hpp"

namespace tillsight {
namespace {

/// Their removal answers what was asked; it takes nothing out.
bool is_answer(Question question) {
  return question == Question::kReturned || question == Question::kMore;
}

}  // namespace

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
  if (refund_) {
    if (refund_->unlinked()) {
      return refund_->add(*product, add.quantity, add.entry, catalogue_.version());
    }
    return refuse("refund.linked", "add: what comes back of this invoice is on the screen");
  }
  if (basket_.closed()) basket_.open();
  return basket_.add(*product, add.quantity, add.entry, clock_.monotonic_now());
}

Status Counter::perform(const action::Remove& remove) {
  if (refund_) return refund_->remove(remove.line);
  TILLSIGHT_TRY(only_open("remove"));
  TILLSIGHT_ASSIGN(const std::string reason, normalise_name(remove.reason, "reason"));
  if (notes_.removed.size() >= limits::kRemovalsPerSale) {
    return error(Code::kResourceExhausted, "remove: {} lines were taken out already; void the sale",
                 limits::kRemovalsPerSale);
  }
  std::optional<Removal> removal;
  const auto line = std::ranges::find(basket_.lines(), remove.line, &BasketLine::id);
  if (line != basket_.lines().end() && !is_answer(line->question)) {
    removal = Removal{line->sku, camera_label(*line), line->quantity(), reason};
  }
  TILLSIGHT_TRY(basket_.remove(remove.line));
  if (removal) notes_.removed.push_back(*std::move(removal));
  figures_.corrected();
  return {};
}

Status Counter::perform(const action::SetQuantity& set) {
  if (refund_) return refund_->set_quantity(set.line, set.quantity);
  TILLSIGHT_TRY(only_open("quantity"));
  if (set.quantity < 1 || set.quantity > limits::kQuantityMax) {
    return error(Code::kInvalidArgument,
                 "quantity {} is not 1 to {}; to take a line out, remove it", set.quantity,
                 limits::kQuantityMax);
  }
  TILLSIGHT_TRY(basket_.set_quantity(set.line, set.quantity));
  figures_.corrected();
  return {};
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
  TILLSIGHT_TRY(basket_.choose(choose.line, *product));
  figures_.corrected();
  return {};
}

Status Counter::perform(const action::SetCustomer& set) {
  TILLSIGHT_ASSIGN(customer_,
                   make_customer(set.first_name, set.last_name, set.phone, settings_.region));
  wanted_.clear();
  if (basket_.closed()) basket_.open();
  return {};
}

Status Counter::perform(const action::ClearCustomer&) {
  customer_.reset();
  wanted_.clear();
  return {};
}

Result<DiscountTerms> Counter::discount_terms(const action::Discount& discount) const {
  DiscountTerms terms;
  TILLSIGHT_ASSIGN(terms.approver, voucher("discount", discount.approval));
  TILLSIGHT_ASSIGN(terms.reason, normalise_name(discount.reason, "reason"));
  if (terms.reason.empty()) {
    return error(Code::kInvalidArgument, "discount: say why").with_id("discount.reason");
  }
  if (!discount.percent.empty()) {
    const auto percent = parse_tax_rate(discount.percent);
    if (!percent.ok() || percent->value() == 0) {
      return error(Code::kInvalidArgument, "discount: '{}' is not a percentage up to 100",
                   discount.percent);
    }
    terms.percent_bp = percent->value();
    return terms;
  }
  auto amount = parse_money(discount.amount, settings_.currency);
  if (!amount.ok()) return amount.error().with_context("discount");
  if (*amount <= Money()) {
    return error(Code::kInvalidArgument, "discount: {} is not more than zero", discount.amount);
  }
  terms.amount = *amount;
  return terms;
}

Status Counter::perform(const action::Discount& discount) {
  TILLSIGHT_TRY(only_open("discount"));
  const bool whole = discount.line == LineId();
  const auto line = std::ranges::find(basket_.lines(), discount.line, &BasketLine::id);
  if (!whole && (line == basket_.lines().end() || line->asks())) {
    return error(Code::kNotFound, "discount: line {} is not in this sale, or still asks",
                 discount.line.value());
  }
  if (discount.percent.empty() && discount.amount.empty()) {
    if (whole) notes_.discount.reset();
    if (!whole) notes_.discounts.erase(discount.line);
    return {};
  }
  TILLSIGHT_ASSIGN(const DiscountTerms terms, discount_terms(discount));
  SaleNotes notes = notes_;
  if (whole) notes.discount.reset();
  if (!whole) notes.discounts.erase(discount.line);
  Money gross;  // of what it would be taken off
  const std::vector<InvoiceLine> lines = priced({basket_.lines(), 1}, notes);
  std::size_t index = 0;
  for (const BasketLine& sold : basket_.lines()) {
    if (sold.asks()) continue;
    const InvoiceLine& now = lines[index++];
    if (whole && notes.discounts.contains(sold.id)) continue;
    if (whole || sold.id == discount.line) gross += now.list_price * now.quantity;
  }
  if (gross == Money() || terms.amount > gross) {
    return error(Code::kInvalidArgument, "discount: there is only {} to take it off",
                 to_string(gross, settings_.currency))
        .with_id("discount.more");
  }
  if (whole) notes_.discount = terms;
  if (!whole) notes_.discounts[discount.line] = terms;
  return {};
}

Status Counter::perform(const action::Next&) {
  if (!basket_.lines().empty()) {
    return refuse("sale.open", "next: this sale is not finished; pay, hold or void it first");
  }
  basket_.next();
  return {};
}

Status Counter::perform(const action::Hold&) {
  TILLSIGHT_TRY(only_open("hold"));
  if (basket_.lines().empty()) {
    return refuse("hold.empty", "hold: the sale is empty; there is nothing to hold");
  }
  if (held_.size() >= kHeldMost) {
    return error(Code::kResourceExhausted,
                 "hold: {} sales are on hold already; resume and finish one first", kHeldMost);
  }
  held_.push_back({basket_.take_out(), std::exchange(customer_, std::nullopt),
                   std::exchange(notes_, SaleNotes())});
  wanted_.clear();
  figures_.gone();
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
  notes_ = std::move(slot->notes);
  basket_.put_back(std::move(slot->content));
  held_.erase(slot);
  return {};
}

}  // namespace tillsight
