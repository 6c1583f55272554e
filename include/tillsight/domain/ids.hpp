/// \file
/// Who and which: the names that identify a store, a till, an event and an invoice for ever.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/core/strong.hpp"

namespace tillsight {

using StoreId = Strong<std::string, struct StoreIdTag>;  ///< [A-Z0-9]{1,16}
using TillId = Strong<std::string, struct TillIdTag>;    ///< [A-Z0-9]{1,16}
using Sku = Strong<std::string, struct SkuTag>;          ///< [A-Za-z0-9._-]{1,40}

/// Numbers every event of a till's journal: 1, 2, 3, … without a gap.
using Sequence = Strong<std::int64_t, struct SequenceTag>;
/// 2^53 − 1, the largest integer that every JSON reader keeps; also far from overflow.
inline constexpr std::int64_t kSequenceMax = (std::int64_t{1} << 53) - 1;
/// 128 random bits as 32 hexadecimal digits; new whenever a journal is created anew, so that a
/// re-imaged box that starts at sequence 1 again is not taken for a repetition.
using Incarnation = Strong<std::string, struct IncarnationTag>;

/// \return kInvalidArgument with the rule that `text` breaks.
Result<StoreId> parse_store_id(std::string_view text);
Result<TillId> parse_till_id(std::string_view text);
Result<Sku> parse_sku(std::string_view text);
Result<Incarnation> parse_incarnation(std::string_view text);
Incarnation new_incarnation(Random& random);

/// Identifies one event for ever.
struct EventIdentity {
  StoreId store;
  TillId till;
  Incarnation incarnation;
  Sequence sequence;
  friend bool operator==(const EventIdentity&, const EventIdentity&) = default;
};
std::string to_string(const EventIdentity& identity);  ///< "S01/T03/9f…/42", for messages

/// The gap-free number on the receipt: till, generation of the box, count, check digit.
///
/// **Source** The check digit is Luhn's over the letters and digits before it (letters as 10..35,
/// as in an ISIN): every single wrong digit and nearly every swapped pair is noticed when typed.
struct InvoiceNumber {
  TillId till;
  int generation = 1;      ///< from provisioning; a replaced box continues under the next one
  std::int64_t count = 0;  ///< from 1
  friend bool operator==(const InvoiceNumber&, const InvoiceNumber&) = default;
};
std::string to_string(const InvoiceNumber& number);  ///< "T03-1-000042-7"
Result<InvoiceNumber> parse_invoice_number(std::string_view text);

}  // namespace tillsight
