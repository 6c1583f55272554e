/// \file
/// A database's schema as the list of steps that made it, so that every older file can be brought
/// forward and a newer one is left alone.
///
/// **Example** tests/sql/migration_test.cpp
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "tillsight/core/result.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::sql {

struct Schema {
  std::string_view name;        ///< for messages: "till journal"
  std::int32_t application_id;  ///< marks the file as ours; any number but 0, never changed
  /// Step n brings version n − 1 to n. Steps are only ever added: released files have run them.
  std::span<const std::string_view> steps;
  /// Every view, made anew whenever a step has run: a change of views is a step, if an empty one.
  std::string_view views = {};
};

/// Runs the steps that `connection`'s file lacks, each in a transaction of its own.
/// \return kFailedPrecondition when the file is another program's, or newer than this program.
Status migrate(Connection& connection, const Schema& schema);

/// For read-only connections. \return kFailedPrecondition unless the file has exactly this schema.
Status expect_schema(Connection& connection, const Schema& schema);

}  // namespace tillsight::sql
