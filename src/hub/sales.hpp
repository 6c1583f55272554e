/// \file
/// The rows of hub.db that one event becomes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hub/persons.hpp"
#include "hub/sums.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

enum class Kept { kNew, kDuplicate, kConflict };

/// \pre a transaction is open on `db`, and `sums` are of this transaction.
/// \param journal_row journal.id. \param digest the event's hash. \param now received_at.
Result<Kept> keep_event(sql::Connection& db, SalesSums& sums, std::int64_t journal_row,
                        const Delivered& delivered, const Digest& digest,
                        const std::optional<PersonRef>& person, const std::string& now);

/// The rows of the tables that one event of a till is told in, but for the sums.
/// \pre a transaction is open on `db`, and they are not there.
Status insert_columns(sql::Connection& db, std::int64_t event_row, const Event& event,
                      const std::optional<Opened>& opened, const std::optional<PersonRef>& person);

/// The invoice, lines and tenders of an event that no till sealed.
/// \pre a transaction is open on `db`.
Status insert_imported(sql::Connection& db, SalesSums& sums, std::int64_t event_row,
                       const ImportedInvoice& imported, const std::optional<PersonRef>& person);

/// \return whether exactly this event is stored.
Result<bool> holds_event(sql::Connection& db, std::int64_t journal_row, const Event& event);

/// The customer's invoices name another pseudonym and no person.
/// \return how many invoices that were.
Result<std::int64_t> rename_customer(sql::Connection& db, std::string_view pseudonym,
                                     std::string_view to);

}  // namespace tillsight::hub
