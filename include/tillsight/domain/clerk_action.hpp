/// \file
/// What a clerk can do to a sale, whoever carries it in: keypad, page, scanner, socket or a script.
///
/// As JSON Lines, one object a line: `{"do":"add","sku":"banana","quantity":2}`. The list of
/// actions with an example each is docs/clerk-actions.md.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/cashier.hpp"
#include "tillsight/domain/ids.hpp"
#include "tillsight/domain/invoice.hpp"

namespace tillsight {

using LineId = Strong<std::int64_t, struct LineIdTag>;  ///< of a line in the open sale, from 1

struct SoldInvoice;  // domain/refund.hpp

namespace action {
/// A product by SKU or barcode; it may claim an object that the camera sees.
struct Add {
  std::string code;
  int quantity = 1;
  Entry entry = Entry::kKeypad;
};
struct Remove {
  LineId line;
  std::string reason{};  ///< kept with the sale; may be empty
};
struct SetQuantity {
  LineId line;
  int quantity = 1;
};
/// Says what a line really is: answers "which?" and "sure?", or corrects the camera.
struct Choose {
  LineId line;
  Sku sku;
};
struct SetCustomer {
  std::string first_name;
  std::string last_name;
  std::string phone;
};
struct ClearCustomer {};
/// Pays the whole sale with one tender type. An amount above the total is answered with change.
struct Pay {
  std::string tender = "cash";
  std::string amount;  ///< as typed ("500"); empty: exactly the total
};
/// After payment: what is still on the counter belongs to the next customer.
struct Next {};
struct Void {
  std::string reason;
};
struct Hold {};  ///< puts the open sale aside
struct Resume {
  int slot = 1;
};  ///< takes a held sale back, 1 is the oldest
/// Who is at the till, where nobody has to sign in.
struct SetCashier {
  std::string name;
};
struct SignIn {
  std::string cashier;  ///< empty: the PIN tells
  Approval approval;
};
struct SignOut {};
/// Takes something off a line, or off every line that has no discount of its own. Needs a
/// supervisor. Neither percent nor amount: takes the discount back.
struct Discount {
  LineId line{};        ///< 0: the whole sale
  std::string percent;  ///< as typed, "12.5"
  std::string amount;   ///< as typed, "20.00"
  std::string reason;
  Approval approval{};
};
/// Puts a sold invoice's lines on the screen: take out what does not come back, then pay. A number
/// that neither this till nor head office knows, or none, needs a supervisor; its lines are keyed
/// in.
struct Refund {
  std::string invoice_no;  ///< as printed; empty: the receipt is lost
  Approval approval{};
  std::shared_ptr<const SoldInvoice> sold{};  ///< filled in; shared: actions are copied
  bool asked_in_vain = false;                 ///< filled in: head office does not know it either
};
struct OpenDay {
  std::string opening_float;  ///< cash in the drawer, as typed; empty: none
};
/// Cash into the drawer, or out of it, that is no sale.
struct Cash {
  bool in = false;
  std::string amount;
  std::string reason;
};
struct XReport {};  ///< the day so far, on the screen
/// Ends the day with a Z.
struct CloseDay {
  std::map<std::string, std::string> counted;  ///< tender → what was counted, as typed
};
/// Sales that are none: they reach no books. Needs a supervisor, and an empty sale.
struct Training {
  bool on = true;
  Approval approval{};
};
/// Prints an invoice again, marked as a copy.
struct Reprint {
  std::string invoice_no;                     ///< empty: the last one
  std::shared_ptr<const SoldInvoice> sold{};  ///< filled in, as of Refund
};
/// What was asked is not done, and the clerk is told so: a wrong PIN, an unknown name.
struct Reject {
  std::string code;  ///< a stable id, "pin.wrong"
  std::string text;
};
}  // namespace action

using ClerkAction =
    std::variant<action::Add, action::Remove, action::SetQuantity, action::Choose,
                 action::SetCustomer, action::ClearCustomer, action::Pay, action::Next,
                 action::Void, action::Hold, action::Resume, action::SetCashier, action::SignIn,
                 action::SignOut, action::Discount, action::Refund, action::OpenDay, action::Cash,
                 action::XReport, action::CloseDay, action::Training, action::Reprint,
                 action::Reject>;

/// The word that stands for it in JSON: "add"; of Reject, "reject".
std::string_view name(const ClerkAction& action);

/// \return the approval of an action that carries one, or null.
Approval* approval_of(ClerkAction& action);
const Approval* approval_of(const ClerkAction& action);

/// Every action but Reject, which is an answer.
/// \return kInvalidArgument naming the field that is missing, unknown or of the wrong type.
Result<ClerkAction> parse_clerk_action(std::string_view json_line);

}  // namespace tillsight
