#include "app/reception.hpp"

#include <algorithm>
#include <memory>

#include "tillsight/core/log.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;

/// Whose sale is to be found.
bool needs_sale(const ClerkAction& action) {
  return std::holds_alternative<action::Refund>(action) ||
         std::holds_alternative<action::Reprint>(action);
}

bool has_pin(const ClerkAction& action) {
  const Approval* const approval = approval_of(action);
  return approval != nullptr && !approval->pin.empty();
}

/// \return what the clerk is told if the journal itself failed; else none: not here is no failure.
std::optional<action::Reject> failure(const Result<SoldInvoice>& sold) {
  if (sold.ok() || sold.error().code() == Code::kNotFound) return std::nullopt;
  log::error("station: {}", sold.error().message());
  return action::Reject{"journal.failed", "the journal cannot be read: " + sold.error().message()};
}

}  // namespace

bool Reception::completes(const ClerkAction& action) {
  return CustomerLookup::completes(action) || needs_sale(action) || has_pin(action);
}

std::optional<ClerkAction> Reception::complete(ClerkAction action) {
  TILLSIGHT_CHECK(!asked_refund_, "one action is completed at a time");
  if (has_pin(action)) {
    if (const Status proven = prove(action); !proven.ok()) {
      return action::Reject{proven.error().id(), proven.error().message()};
    }
  }
  if (auto* const refund = std::get_if<action::Refund>(&action)) {
    return begin_refund(std::move(*refund));
  }
  if (auto* const reprint = std::get_if<action::Reprint>(&action)) {
    return with_sold(std::move(*reprint));
  }
  action = customers_.complete(std::move(action));
  if (auto looked = customers_.take_looked()) {
    asked_name_ = AskedName{new_question_id(random_), std::move(looked->phone), looked->is_known};
    questions_.push_back({asked_name_->id, question::AboutCustomer{asked_name_->phone}});
  }
  return action;
}

Status Reception::prove(ClerkAction& action) {
  Approval& approval = *approval_of(action);
  const auto* const sign_in = std::get_if<action::SignIn>(&action);
  const auto member = desk_.check(approval.pin, sign_in == nullptr ? "" : sign_in->cashier);
  approval.pin.clear();
  if (!member.ok()) return member.error();
  approval.cashier = member->name;
  approval.role = member->role;
  return {};
}

ClerkAction Reception::with_sold(action::Reprint reprint) {
  Result<SoldInvoice> sold = error(Code::kNotFound, "no such invoice");
  if (reprint.invoice_no.empty()) {
    sold = journal_.last_sale();
  } else if (const auto number = parse_invoice_number(reprint.invoice_no); number.ok()) {
    sold = journal_.sale(*number);
  }
  if (auto failed = failure(sold)) return *std::move(failed);
  if (sold.ok()) reprint.sold = std::make_shared<const SoldInvoice>(*std::move(sold));
  return reprint;
}

std::optional<ClerkAction> Reception::begin_refund(action::Refund refund) {
  const auto number = parse_invoice_number(refund.invoice_no);
  if (!number.ok()) return refund;  // the counter says what can be done
  auto sold = journal_.sale(*number);
  if (auto failed = failure(sold)) return *std::move(failed);
  if (sold.ok()) refund.sold = std::make_shared<const SoldInvoice>(*std::move(sold));
  if (std::exchange(asked_in_vain_, "") == refund.invoice_no) {
    refund.asked_in_vain = unknown_there_;
    return refund;
  }
  asked_refund_ = AskedRefund{new_question_id(random_), std::move(refund), *number,
                              clock_.monotonic_now() + kPatience};
  questions_.push_back(
      {asked_refund_->id, question::AboutInvoice{*number, journal_.identity().incarnation}});
  return std::nullopt;
}

std::optional<TillQuestion> Reception::take_question() {
  if (questions_.empty()) return std::nullopt;
  std::optional<TillQuestion> first(std::move(questions_.front()));
  questions_.pop_front();
  return first;
}

std::optional<ClerkAction> Reception::hear(const Answer& answer) {
  if (asked_name_ && answer.id == asked_name_->id) {
    const AskedName asked = *std::exchange(asked_name_, std::nullopt);
    if (answer.kind != AnswerKind::kCustomer) return std::nullopt;
    if (!answer.name.may_want.empty()) wants_ = Wants{asked.phone, answer.name.may_want};
    // The till's own name for somebody is not overruled.
    if (!asked.is_known) {
      name_ = Customer{answer.name.first_name, answer.name.last_name, asked.phone};
    }
    return std::nullopt;
  }
  if (!asked_refund_ || answer.id != asked_refund_->id) return std::nullopt;
  return finish_refund(&answer);
}

std::optional<ClerkAction> Reception::lose_patience() {
  if (!asked_refund_ || clock_.monotonic_now() < asked_refund_->until) return std::nullopt;
  return finish_refund(nullptr);
}

milliseconds Reception::patience() const {
  if (!asked_refund_) return milliseconds::max();
  const auto left = asked_refund_->until - clock_.monotonic_now();
  return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(left));
}

/// \param answer null: none has come.
ClerkAction Reception::finish_refund(const Answer* answer) {
  AskedRefund asked = *std::exchange(asked_refund_, std::nullopt);
  action::Refund& refund = asked.refund;
  if (answer != nullptr && answer->kind == AnswerKind::kInvoice) {
    auto sold = merged(asked, answer->sale);
    if (sold.ok()) {
      refund.sold = std::make_shared<const SoldInvoice>(*std::move(sold));
      return refund;
    }
    log::warning("station: head office's answer about {} is of no use: {}", to_string(asked.number),
                 sold.error().message());
  }
  if (refund.sold) return refund;  // this till's own word
  unknown_there_ = answer != nullptr && answer->kind == AnswerKind::kUnknown;
  asked_in_vain_ = refund.invoice_no;
  refund.asked_in_vain = unknown_there_;
  return refund;
}

/// The sale with what came back of it here and anywhere else.
Result<SoldInvoice> Reception::merged(const AskedRefund& asked, const answer::Sale& sale) {
  if (asked.refund.sold) {
    SoldInvoice own = *asked.refund.sold;
    own.refunded = came_back(sale, own.invoice, own.refunded);
    return own;
  }
  TILLSIGHT_ASSIGN(const std::vector<int> here, journal_.came_back(asked.number));
  return sold_invoice(sale, journal_.identity().store, asked.number, here);
}

}  // namespace tillsight::app
