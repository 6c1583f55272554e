/// \file
/// What a clerk can do to a sale, whoever carries it in: keypad, page, scanner, socket or a script.
///
/// As JSON Lines, one object a line: `{"do":"add","sku":"banana","quantity":2}`. The list of
/// actions with an example each is docs/clerk-actions.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/ids.hpp"
#include "tillsight/domain/invoice.hpp"

namespace tillsight {

using LineId = Strong<std::int64_t, struct LineIdTag>;  ///< of a line in the open sale, from 1

namespace action {
/// A product by SKU or barcode; it may claim an object that the camera sees.
struct Add {
  std::string code;
  int quantity = 1;
  Entry entry = Entry::kKeypad;
};
struct Remove {
  LineId line;
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
struct SetCashier {
  std::string name;
};
}  // namespace action

using ClerkAction =
    std::variant<action::Add, action::Remove, action::SetQuantity, action::Choose,
                 action::SetCustomer, action::ClearCustomer, action::Pay, action::Next,
                 action::Void, action::Hold, action::Resume, action::SetCashier>;

/// \return kInvalidArgument naming the field that is missing, unknown or of the wrong type.
Result<ClerkAction> parse_clerk_action(std::string_view json_line);

}  // namespace tillsight
