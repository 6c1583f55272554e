/// \file
/// Who buys, if they want to be known: personal data, kept out of everything that is sealed.
#pragma once

#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"
#include "tillsight/crypto/hash.hpp"

namespace tillsight {

struct Customer {
  std::string first_name;  ///< normalised; may be empty
  std::string last_name;   ///< normalised; may be empty
  std::string phone;       ///< E.164, for example "+919876543210"
  friend bool operator==(const Customer&, const Customer&) = default;
};

/// \param phone national digits or E.164, with or without blanks.
/// \param region where national numbers belong (ISO 3166, "IN").
/// \return kInvalidArgument saying which field is wrong and how to write it.
Result<Customer> make_customer(std::string_view first_name, std::string_view last_name,
                               std::string_view phone, std::string_view region);

/// \return the phone as E.164. **Source** libphonenumber's metadata of the region.
Result<std::string> normalise_phone(std::string_view phone, std::string_view region);

/// What the sealed event holds instead of the person: SHA-256(salt ‖ first ‖ last ‖ phone), fields
/// separated by a zero byte. Without the salt, which is erased with the person, it says nothing.
Digest commitment(const Customer& customer, std::string_view salt_hex);

}  // namespace tillsight
