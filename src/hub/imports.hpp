/// \file
/// The rows of hub.db that an imported invoice becomes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "hub/persons.hpp"
#include "hub/sums.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/hub/imported.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

/// \return what became of an invoice that came before; none: its number is new.
Result<std::optional<ImportOutcome>> find_import(sql::Connection& db,
                                                 const ImportedInvoice& imported);

/// One transaction's worth of imports. **Ownership** Borrows the connection.
class ImportRows {
 public:
  /// \param now ISO 8601: received_at.
  ImportRows(sql::Connection& db, std::string now) : db_(db), now_(std::move(now)), sums_(db) {}

  /// \pre a transaction is open on `db`
  Result<ImportOutcome> add(const ImportedInvoice& imported,
                            const std::optional<PersonRef>& person);
  /// \pre called once, after the last add()
  Status save() { return sums_.save(); }

 private:
  struct Place {
    std::int64_t journal_row = 0;
    std::int64_t last_sequence = 0;
  };
  Result<Place*> place_of(const ImportSource& source);

  sql::Connection& db_;
  const std::string now_;
  SalesSums sums_;
  std::map<ImportSource, Place> places_;
};

}  // namespace tillsight::hub
