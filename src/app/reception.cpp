#include "app/reception.hpp"

#include <memory>

#include "tillsight/core/log.hpp"

namespace tillsight::app {
namespace {

const std::string* invoice_no_of(const ClerkAction& action) {
  if (const auto* const refund = std::get_if<action::Refund>(&action)) return &refund->invoice_no;
  const auto* const reprint = std::get_if<action::Reprint>(&action);
  return reprint == nullptr ? nullptr : &reprint->invoice_no;
}

bool has_pin(const ClerkAction& action) {
  const Approval* const approval = approval_of(action);
  return approval != nullptr && !approval->pin.empty();
}

}  // namespace

bool Reception::completes(const ClerkAction& action) {
  return CustomerLookup::completes(action) || invoice_no_of(action) != nullptr || has_pin(action);
}

ClerkAction Reception::complete(ClerkAction action) {
  if (has_pin(action)) {
    if (const Status proven = prove(action); !proven.ok()) {
      return action::Reject{proven.error().id(), proven.error().message()};
    }
  }
  if (invoice_no_of(action) != nullptr) return with_sold(std::move(action));
  return customers_.complete(std::move(action));
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

ClerkAction Reception::with_sold(ClerkAction action) {
  const std::string& text = *invoice_no_of(action);
  const bool is_refund = std::holds_alternative<action::Refund>(action);
  if (text.empty() && is_refund) return action;
  Result<SoldInvoice> sold = error(Code::kNotFound, "no such invoice");
  if (text.empty()) {
    sold = journal_.last_sale();
  } else if (const auto number = parse_invoice_number(text); number.ok()) {
    sold = journal_.sale(*number);
  }
  if (!sold.ok() && sold.error().code() != Code::kNotFound) {
    log::error("station: {}", sold.error().message());
    return action::Reject{"journal.failed",
                          "the journal cannot be read: " + sold.error().message()};
  }
  if (!sold.ok()) return action;  // the counter says what can be done
  auto shared = std::make_shared<const SoldInvoice>(*std::move(sold));
  if (is_refund) {
    std::get<action::Refund>(action).sold = std::move(shared);
  } else {
    std::get<action::Reprint>(action).sold = std::move(shared);
  }
  return action;
}

}  // namespace tillsight::app
