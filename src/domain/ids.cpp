#include "tillsight/domain/ids.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "tillsight/crypto/hash.hpp"

namespace tillsight {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}

template <typename Id>
Result<Id> parse_short_id(std::string_view text, std::string_view what) {
  const bool valid = !text.empty() && text.size() <= 16 &&
                     std::ranges::all_of(text, [](char c) { return is_digit(c) || is_capital(c); });
  if (valid) return Id(std::string(text));
  return error(Code::kInvalidArgument,
               "{} '{}' is not 1 to 16 capital letters and digits, such as S01", what, text);
}

/// The expanded digits of Luhn's rule: a letter counts as the two digits of its value 10..35.
int luhn_check_digit(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (is_digit(c)) digits += c;
    if (is_capital(c)) digits += std::to_string(c - 'A' + 10);
  }
  int sum = 0;
  bool doubled = true;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, doubled = !doubled) {
    const int value = (*digit - '0') * (doubled ? 2 : 1);
    sum += value / 10 + value % 10;
  }
  return (10 - sum % 10) % 10;
}

std::string without_check_digit(const InvoiceNumber& number) {
  return format("{}-{}-{:06}", number.till.value(), number.generation, number.count);
}

}  // namespace

Result<StoreId> parse_store_id(std::string_view text) {
  return parse_short_id<StoreId>(text, "store id");
}

Result<TillId> parse_till_id(std::string_view text) {
  return parse_short_id<TillId>(text, "till id");
}

Result<Sku> parse_sku(std::string_view text) {
  const bool valid = !text.empty() && text.size() <= 40 && std::ranges::all_of(text, [](char c) {
    return is_digit(c) || is_capital(c) || is_small(c) || c == '.' || c == '_' || c == '-';
  });
  if (valid) return Sku(std::string(text));
  return error(Code::kInvalidArgument,
               "SKU '{}' is not 1 to 40 letters, digits, dots, dashes or underscores", text);
}

Result<Incarnation> parse_incarnation(std::string_view text) {
  const bool valid = text.size() == 32 && std::ranges::all_of(text, [](char c) {
                       return is_digit(c) || (c >= 'a' && c <= 'f');
                     });
  if (valid) return Incarnation(std::string(text));
  return error(Code::kInvalidArgument, "incarnation '{}' is not 32 hexadecimal digits", text);
}

Incarnation new_incarnation(Random& random) {
  return Incarnation(random_hex(random, 16));
}

std::string to_string(const EventIdentity& identity) {
  return format("{}/{}/{}/{}", identity.store.value(), identity.till.value(),
                identity.incarnation.value(), identity.sequence.value());
}

std::string to_string(const InvoiceNumber& number) {
  const std::string body = without_check_digit(number);
  return format("{}-{}", body, luhn_check_digit(body));
}

Result<InvoiceNumber> parse_invoice_number(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return error(Code::kInvalidArgument, "invoice number '{}' {}", text, why);
  };
  std::array<std::string_view, 4> parts;
  std::string_view rest = text;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t dash = rest.find('-');
    if (dash == std::string_view::npos) return wrong("does not read like T03-1-000042-7");
    parts[i] = rest.substr(0, dash);
    rest.remove_prefix(dash + 1);
  }
  parts[3] = rest;
  InvoiceNumber number;
  const auto read = [](std::string_view part, auto& out) {
    const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), out);
    return failure == std::errc() && end == part.data() + part.size() && out >= 0;
  };
  int check_digit = 0;
  if (!read(parts[1], number.generation) || !read(parts[2], number.count) ||
      !read(parts[3], check_digit)) {
    return wrong("does not read like T03-1-000042-7");
  }
  TILLSIGHT_ASSIGN(number.till, parse_till_id(parts[0]));
  if (to_string(number) != text) return wrong("has a typing mistake: its check digit differs");
  return number;
}

}  // namespace tillsight
