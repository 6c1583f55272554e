#include "tillsight/domain/customer.hpp"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>

#include "tillsight/domain/text.hpp"

namespace tillsight {

Result<std::string> normalise_phone(std::string_view phone, std::string_view region) {
  using i18n::phonenumbers::PhoneNumber;
  using i18n::phonenumbers::PhoneNumberUtil;
  const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  // The library reads letters as the digits they share a key with: a slip would be somebody else.
  const bool letters = std::ranges::any_of(phone, [](char sign) {
    return (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z');
  });
  const bool parsed = !letters && util.Parse(std::string(phone), std::string(region), &number) ==
                                      PhoneNumberUtil::NO_PARSING_ERROR;
  // "Possible", not "valid": number plans grow faster than a till is updated.
  if (!parsed || !util.IsPossibleNumber(number)) {
    return error(Code::kInvalidArgument,
                 "that is no phone number in {}; type the national digits, or + and the country "
                 "code",
                 region);
  }
  std::string e164;
  util.Format(number, PhoneNumberUtil::E164, &e164);
  return e164;
}

Result<Customer> make_customer(std::string_view first_name, std::string_view last_name,
                               std::string_view phone, std::string_view region) {
  Customer customer;
  TILLSIGHT_ASSIGN(customer.first_name, normalise_name(first_name, "first name"));
  TILLSIGHT_ASSIGN(customer.last_name, normalise_name(last_name, "last name"));
  TILLSIGHT_ASSIGN(customer.phone, normalise_phone(phone, region));
  return customer;
}

Digest commitment(const Customer& customer, std::string_view salt_hex) {
  std::string bytes(salt_hex);
  for (const std::string& field : {customer.first_name, customer.last_name, customer.phone}) {
    bytes += '\0';
    bytes += field;
  }
  return sha256(bytes);
}

}  // namespace tillsight
