/// \file
/// hub.db ─► segments: the invoices after a cursor, sorted into one builder a month, kind and
/// currency.
///
/// **Threads** thread-bound, as the connection.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "columns/dictionary.hpp"
#include "columns/segment_builder.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::columns {

/// What a segment's invoices have in common.
struct Partition {
  int month = 0;  ///< since year 0
  std::int64_t kind = 0;
  std::int64_t currency = 0;
  friend auto operator<=>(const Partition&, const Partition&) = default;
};
Partition partition_of(const Segment& segment);

/// A read of hub.db.
struct Slice {
  std::map<Partition, SegmentBuilder> builders;
  std::int64_t cursor = 0;  ///< of the last invoice, or where it began
  std::int64_t invoices = 0;
  std::int64_t lines = 0;
};

struct HubState {
  std::string epoch;
  std::int64_t newest = 0;  ///< cursor
};
Result<HubState> read_state(sql::Connection& db);

/// \param lines_max ends after the invoice that reaches it.
/// \param dictionaries get what is new to them.
/// \return kDataLoss naming the invoice that hub.db cannot have (a date that is none).
Result<Slice> read_slice(sql::Connection& db, std::int64_t after, std::int64_t lines_max,
                         OpenDictionaries& dictionaries);

/// Follows the customers that were erased since change number `changes`, which is moved on. A
/// customer is found by one of their invoices: hub.db does not tell what the old pseudonym was.
/// \param segments all that are in the files.
/// \param any becomes true if a text changed.
Status follow_changes(sql::Connection& db, const Segments& segments, OpenDictionaries& dictionaries,
                      std::int64_t& changes, bool& any);

}  // namespace tillsight::columns
