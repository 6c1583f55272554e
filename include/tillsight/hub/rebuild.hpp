/// \file
/// Everything that head office derived from events, derived once more, and compared.
///
/// What was sealed is read anew and replaces invoices, lines, tenders, cash and Z; invoices that no
/// till sealed are their own truth and stay. Then every table of sums is added up by one query, so
/// by other code than that which kept it.
///
/// **Threads** thread-safe; takes the folder's lock, so no hub may run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/hub/backup.hpp"

namespace tillsight::hub {

/// One table, or what events are told in.
struct Rebuilt {
  std::string what;
  std::int64_t rows = 0;       ///< as they are now
  std::int64_t different = 0;  ///< of them, and of those that are gone: 0 proves the others right
};

/// Each event and each table is replaced in one transaction: it may be interrupted and run again.
/// \return kFailedPrecondition if a hub runs there, kInvalidArgument for sealed bytes that this
/// version cannot read.
Result<std::vector<Rebuilt>> rebuild(const std::filesystem::path& hub_folder,
                                     const Progress& progress);

}  // namespace tillsight::hub
