#include "tillsight/domain/clerk_action.hpp"

#include <array>

#include "domain/json_reader.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

LineId read_line_id(JsonReader& reader) {
  return LineId(reader.integer("line", 1));
}

ClerkAction read_add(JsonReader& reader) {
  action::Add add;
  add.code = reader.text("sku", 64);
  add.quantity = reader.optional_integer("quantity", 1, 1, limits::kQuantityMax);
  const std::string entry = reader.optional_text("entered");
  if (entry == name(Entry::kScanner)) {
    add.entry = Entry::kScanner;
  } else if (!entry.empty() && entry != name(Entry::kKeypad)) {
    reader.reject("entered", "is not keypad or scanner");
  }
  return add;
}

ClerkAction read_set_quantity(JsonReader& reader) {
  return action::SetQuantity{read_line_id(reader),
                             reader.small_integer("quantity", 1, limits::kQuantityMax)};
}

ClerkAction read_choose(JsonReader& reader) {
  return action::Choose{read_line_id(reader), reader.take("sku", parse_sku(reader.text("sku")))};
}

ClerkAction read_customer(JsonReader& reader) {
  if (!reader.has("phone")) return action::ClearCustomer{};
  return action::SetCustomer{reader.optional_text("first_name", limits::kNameBytes),
                             reader.optional_text("last_name", limits::kNameBytes),
                             reader.text("phone", 64)};
}

ClerkAction read_pay(JsonReader& reader) {
  action::Pay pay;
  if (reader.has("tender")) pay.tender = reader.text("tender", 32);
  pay.amount = reader.optional_text("amount", 32);
  return pay;
}

ClerkAction read_remove(JsonReader& reader) {
  return action::Remove{read_line_id(reader), reader.optional_text("reason", limits::kNameBytes)};
}

Approval read_pin(JsonReader& reader) {
  return {reader.optional_text("pin", 64), "", Role::kClerk};
}

ClerkAction read_sign_in(JsonReader& reader) {
  action::SignIn sign_in{reader.optional_text("cashier", limits::kNameBytes), {}};
  sign_in.approval.pin = reader.text("pin", 64);
  return sign_in;
}

ClerkAction read_discount(JsonReader& reader) {
  action::Discount discount;
  if (reader.has("line")) discount.line = read_line_id(reader);
  discount.percent = reader.optional_text("percent", 32);
  discount.amount = reader.optional_text("amount", 32);
  if (!discount.percent.empty() && !discount.amount.empty()) {
    reader.reject("amount", "stands beside 'percent'; use one of them");
  }
  discount.reason = reader.optional_text("reason", limits::kNameBytes);
  discount.approval = read_pin(reader);
  return discount;
}

ClerkAction read_refund(JsonReader& reader) {
  return action::Refund{reader.optional_text("invoice_no", 64), read_pin(reader), nullptr};
}

ClerkAction read_cash(JsonReader& reader) {
  const std::string way = reader.text("way", 8);
  if (way != "in" && way != "out") reader.reject("way", "is not in or out");
  return action::Cash{way == "in", reader.text("amount", 32),
                      reader.text("reason", limits::kNameBytes)};
}

ClerkAction read_close_day(JsonReader& reader) {
  return action::CloseDay{reader.optional_texts("counted", 16, 32)};
}

ClerkAction read_training(JsonReader& reader) {
  return action::Training{reader.boolean("on"), read_pin(reader)};
}

struct Verb {
  std::string_view word;
  ClerkAction (*read)(JsonReader&);
};

constexpr std::array kVerbs = {
    Verb{"add", read_add},
    Verb{"remove", read_remove},
    Verb{"quantity", read_set_quantity},
    Verb{"choose", read_choose},
    Verb{"customer", read_customer},
    Verb{"pay", read_pay},
    Verb{"next", [](JsonReader&) { return ClerkAction(action::Next{}); }},
    Verb{"void",
         [](JsonReader& r) {
           return ClerkAction(action::Void{r.optional_text("reason", limits::kNameBytes)});
         }},
    Verb{"hold", [](JsonReader&) { return ClerkAction(action::Hold{}); }},
    Verb{"resume",
         [](JsonReader& r) {
           return ClerkAction(action::Resume{r.optional_integer("slot", 1, 1, 99)});
         }},
    Verb{"cashier",
         [](JsonReader& r) {
           return ClerkAction(action::SetCashier{r.text("name", limits::kNameBytes)});
         }},
    Verb{"sign_in", read_sign_in},
    Verb{"sign_out", [](JsonReader&) { return ClerkAction(action::SignOut{}); }},
    Verb{"discount", read_discount},
    Verb{"refund", read_refund},
    Verb{"open_day",
         [](JsonReader& r) { return ClerkAction(action::OpenDay{r.optional_text("float", 32)}); }},
    Verb{"cash", read_cash},
    Verb{"x_report", [](JsonReader&) { return ClerkAction(action::XReport{}); }},
    Verb{"close_day", read_close_day},
    Verb{"training", read_training},
    Verb{"reprint",
         [](JsonReader& r) {
           return ClerkAction(action::Reprint{r.optional_text("invoice_no", 64), nullptr});
         }},
};

std::string known_words() {
  std::string words;
  for (const Verb& verb : kVerbs) words += format("{}{}", words.empty() ? "" : ", ", verb.word);
  return words;
}

template <typename Found, typename Action>
Found* find_approval(Action& action) {
  return std::visit(
      [](auto& a) -> Found* {
        if constexpr (requires { a.approval; }) {
          return &a.approval;
        } else {
          return nullptr;
        }
      },
      action);
}

}  // namespace

std::string_view name(const ClerkAction& action) {
  // In the order of the variant.
  constexpr std::array<std::string_view, std::variant_size_v<ClerkAction>> kWords = {
      "add",      "remove", "quantity", "choose",    "customer", "customer", "pay",      "next",
      "void",     "hold",   "resume",   "cashier",   "sign_in",  "sign_out", "discount", "refund",
      "open_day", "cash",   "x_report", "close_day", "training", "reprint",  "reject"};
  return kWords.at(action.index());
}

Approval* approval_of(ClerkAction& action) {
  return find_approval<Approval>(action);
}

const Approval* approval_of(const ClerkAction& action) {
  return find_approval<const Approval>(action);
}

Result<ClerkAction> parse_clerk_action(std::string_view json_line) {
  TILLSIGHT_ASSIGN(const JsonText object, parse_object(json_line, "action"));
  JsonReader reader(object, "action");
  const std::string word = reader.text("do", 32);
  TILLSIGHT_TRY(reader.finish());
  for (const Verb& verb : kVerbs) {
    if (verb.word != word) continue;
    ClerkAction action = verb.read(reader);
    TILLSIGHT_TRY(reader.finish());
    return action;
  }
  return error(Code::kInvalidArgument, "action: '{}' is not one of {}", word, known_words());
}

}  // namespace tillsight
