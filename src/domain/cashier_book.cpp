#include "tillsight/domain/cashier_book.hpp"

#include <algorithm>

#include "domain/json.hpp"
#include "domain/json_reader.hpp"
#include "tillsight/crypto/pin.hpp"
#include "tillsight/domain/limits.hpp"
#include "tillsight/domain/text.hpp"

namespace tillsight {
namespace {

constexpr int kVersion = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kCashiersMost = 1000;
constexpr std::size_t kPinMost = 12;

std::size_t pin_least(Role role) {
  return role == Role::kSupervisor ? 6 : 4;
}

Error nobody(std::string_view name) {
  return error(Code::kNotFound, "cashier '{}' is not there; 'tillsight cashier list' shows who is",
               name);
}

}  // namespace

Status check_pin(Role role, std::string_view pin) {
  const bool digits = std::ranges::all_of(pin, [](char c) { return c >= '0' && c <= '9'; });
  if (digits && pin.size() >= pin_least(role) && pin.size() <= kPinMost) return {};
  return error(Code::kInvalidArgument, "a {}'s PIN is {} to {} digits; choose another", name(role),
               pin_least(role), kPinMost);
}

CashierBook::CashierBook(Random& random) : salt_(random_hex(random, kSaltBytes)) {}

Result<CashierBook> CashierBook::parse(std::string_view text) {
  TILLSIGHT_ASSIGN(const JsonText json, parse_object(text, "cashiers"));
  JsonReader reader(json, "cashiers");
  reader.small_integer("version", kVersion, kVersion);
  CashierBook book;
  book.salt_ = reader.text("salt", 64);
  for (const JsonValue& entry : reader.array("cashiers", kCashiersMost)) {
    if (!entry.is_object()) {
      reader.reject("cashiers", "holds something that is not an object");
      break;
    }
    JsonReader one(entry, "cashier");
    Cashier& cashier = book.cashiers_.emplace_back();
    cashier.name = one.text("name", limits::kNameBytes);
    cashier.role = one.take("role", parse_role(one.text("role", 32)));
    cashier.disabled = one.boolean("disabled");
    cashier.pin = one.take("pin", digest_from_hex(one.text("pin", 64)));
    reader.adopt(one.finish());
  }
  TILLSIGHT_TRY(reader.finish());
  return book;
}

std::string CashierBook::to_json() const {
  Json json = {{"version", kVersion}, {"salt", salt_}, {"cashiers", Json::array()}};
  for (const Cashier& cashier : cashiers_) {
    json["cashiers"].push_back({{"name", cashier.name},
                                {"role", name(cashier.role)},
                                {"disabled", cashier.disabled},
                                {"pin", to_hex(cashier.pin)}});
  }
  return dump(json) + "\n";
}

CashierBook::Cashier* CashierBook::find(std::string_view name) {
  const auto found = std::ranges::find(cashiers_, name, &Cashier::name);
  return found == cashiers_.end() ? nullptr : &*found;
}

Result<Digest> CashierBook::fresh_pin(Role role, std::string_view pin) const {
  TILLSIGHT_TRY(check_pin(role, pin));
  const Digest hash = slow_hash(pin, salt_);
  for (const Cashier& cashier : cashiers_) {
    if (!cashier.disabled && equal_in_constant_time(cashier.pin, hash)) {
      return error(Code::kAlreadyExists, "this PIN is somebody's already; choose another");
    }
  }
  return hash;
}

Status CashierBook::add(std::string_view name, Role role, std::string_view pin) {
  TILLSIGHT_ASSIGN(const std::string normal, normalise_name(name, "name"));
  if (normal.empty()) return error(Code::kInvalidArgument, "a cashier has a name; give one");
  if (cashiers_.size() >= kCashiersMost) {
    return error(Code::kResourceExhausted, "at most {} cashiers fit the book", kCashiersMost);
  }
  Cashier* const known = find(normal);
  if (known != nullptr && !known->disabled) {
    return error(Code::kAlreadyExists,
                 "cashier '{}' is there already; 'tillsight cashier pin' changes the PIN", normal);
  }
  TILLSIGHT_ASSIGN(const Digest hash, fresh_pin(role, pin));
  if (known != nullptr) {
    *known = {normal, role, false, hash};
  } else {
    cashiers_.push_back({normal, role, false, hash});
  }
  return {};
}

Status CashierBook::set_pin(std::string_view name, std::string_view pin) {
  Cashier* const cashier = find(name);
  if (cashier == nullptr || cashier->disabled) return nobody(name);
  TILLSIGHT_ASSIGN(cashier->pin, fresh_pin(cashier->role, pin));
  return {};
}

Status CashierBook::disable(std::string_view name) {
  Cashier* const cashier = find(name);
  if (cashier == nullptr || cashier->disabled) return nobody(name);
  cashier->disabled = true;
  cashier->pin = {};
  return {};
}

const CashierBook::Cashier* CashierBook::who(std::string_view pin) const {
  const Digest hash = slow_hash(pin, salt_);
  const Cashier* found = nullptr;
  for (const Cashier& cashier : cashiers_) {
    if (!cashier.disabled && equal_in_constant_time(cashier.pin, hash)) found = &cashier;
  }
  return found;
}

Roster CashierBook::roster() const {
  Roster roster;
  roster.asked = true;
  for (const Cashier& cashier : cashiers_) {
    if (!cashier.disabled) roster.members.push_back({cashier.name, cashier.role});
  }
  return roster;
}

}  // namespace tillsight
