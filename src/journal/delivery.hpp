/// \file
/// What the hub has, written into a journal's outbox: the same for the present journal and for
/// older ones.
#pragma once

#include <string_view>

#include "tillsight/domain/wire.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::journal {

struct Acknowledged {
  bool erased = false;  ///< a person was deleted: the log still holds it
  bool more = false;    ///< than fits a slice: call again
};
/// One transaction, of a bounded number of events: a sale does not wait long, and a disk with
/// little room takes it. What the hub has leaves the outbox, and its person is deleted; what it
/// holds is not offered again.
Result<Acknowledged> write_acknowledged(sql::Connection& db, const Ack& ack);

/// One transaction. Unless it is the present one, everything is offered again.
Status write_hub_epoch(sql::Connection& db, std::string_view hub_epoch);

}  // namespace tillsight::journal
