/// \file
/// History that no till sealed: invoices of another system, or made up, beside the tills' own.
///
/// Reports count them; the audit does not claim them. An invoice is known by its source, store,
/// till and the number that the source gave it, so it is stored once however often it comes.
#pragma once

#include <compare>
#include <string>

#include "tillsight/crypto/hash.hpp"
#include "tillsight/domain/ids.hpp"
#include "tillsight/domain/invoice.hpp"

namespace tillsight::hub {

enum class Origin {
  kImported,   ///< sold, says another system
  kSynthetic,  ///< made up
};
std::string_view name(Origin origin);  ///< "imported", "synthetic"

struct ImportSource {
  std::string name;  ///< "online-retail": what counts these invoices
  StoreId store;
  TillId till;
  Origin origin = Origin::kImported;
  friend auto operator<=>(const ImportSource&, const ImportSource&) = default;
};

/// Amounts as in any invoice, but a line's quantity, and so its amounts, may be negative, and the
/// bounds of the wire do not hold: it never travels.
struct ImportedInvoice {
  ImportSource source;
  std::string number;
  Invoice invoice;  ///< a customer's `phone` is a phone, or "SOURCE:NUMBER" where there is none
  Digest digest{};  ///< of all that the source says of it
};

/// What became of one of them.
enum class ImportOutcome {
  kStored,
  kAlready,  ///< is here, with the same digest
  kOther,    ///< its number is here with another digest; nothing was changed
};

}  // namespace tillsight::hub
