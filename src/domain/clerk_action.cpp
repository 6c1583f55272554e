#include "tillsight/domain/clerk_action.hpp"

#include <array>

#include "domain/json.hpp"
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

struct Verb {
  std::string_view word;
  ClerkAction (*read)(JsonReader&);
};

constexpr std::array kVerbs = {
    Verb{"add", read_add},
    Verb{"remove", [](JsonReader& r) { return ClerkAction(action::Remove{read_line_id(r)}); }},
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
};

std::string known_words() {
  std::string words;
  for (const Verb& verb : kVerbs) words += format("{}{}", words.empty() ? "" : ", ", verb.word);
  return words;
}

}  // namespace

Result<ClerkAction> parse_clerk_action(std::string_view json_line) {
  TILLSIGHT_ASSIGN(const Json object, parse_object(json_line, "action"));
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
