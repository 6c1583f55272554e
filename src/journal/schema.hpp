/// \file
/// The tables of journal.db, and how an event lies in them.
///
///   event     what happened; `sealed` is the text that was hashed
///   outbox    which of them the hub has not stored; held: it keeps them in quarantine
///   counter   the counter's open and held sales, one row
///   customer  who came before
///   identity  whose journal this is, and which hub (epoch) the outbox speaks of, one row
///   pruned    the last event that was let go: what the oldest kept one is linked to, one row
///   day       the newest event on each day on which the clock was trusted
///   last_z    the number and sequence of the last Z, one row
///   refund    what came back of which line of which invoice
///   print     which receipts were printed, and how often
///   choice    what clerks chose when the camera said something
///   popular   how many pieces of what were sold
///
/// What names a person is encrypted: journal/personal.hpp.
#pragma once

#include <cstdint>
#include <filesystem>

#include "tillsight/domain/event.hpp"
#include "tillsight/sql/migration.hpp"
#include "tillsight/sql/statement.hpp"

namespace tillsight::journal {

extern const sql::Schema kSchema;

/// The columns that event_of() and link_of() read.
#define TILLSIGHT_EVENT_COLUMNS                                            \
  "event.sequence, event.type, event.time, event.sealed, event.personal, " \
  "event.notes, event.hash, event.invoice_count"

/// \param identity gives store, till and incarnation. `personal` is as it is stored.
Event event_of(const sql::Statement& row, const EventIdentity& identity);

/// \return store, till and incarnation of this file, sequence 0.
/// \return kNotFound if the journal has none yet.
Result<EventIdentity> read_identity(sql::Connection& db);

/// What links an event to the one before it.
struct Link {
  Digest hash{};                   ///< as stored beside the event
  std::int64_t invoice_count = 0;  ///< invoice numbers given up to and including this event
};

Link link_of(const sql::Statement& row);

/// Where the kept events begin: after `sequence`, linked to `link`.
struct Base {
  Sequence sequence;
  Link link;
};
Result<Base> read_base(sql::Connection& db);

/// \return kDataLoss if `event` is not what was sealed. Whoever reads an event checks this.
Status check_hash(const Event& event, const Link& link, const std::filesystem::path& file);

/// \param before the link of event sequence − 1; a zero one for the first.
/// \return kDataLoss if `event` is not exactly what was sealed after `before`.
Status check_link(const Event& event, const Link& link, const Link& before,
                  const std::filesystem::path& file);

}  // namespace tillsight::journal
