/// \file
/// A file of invoices into head office's database: `tillsight import`.
///
///     file ─► records ─► lines ─► whole invoices ─► batches ─► HubStore::import
///                 └────────┴─────────────┴──────────────┴────► FILE.rejects.csv
///
/// Every row of the file is stored, was there already, or is rejected with its line and a reason:
/// the counts add up. An invoice goes in whole or not at all. What is there already stays as it is,
/// so an import that was interrupted, at whatever moment, is simply run again.
///
/// **Threads** thread-bound: the thread of the store. Memory does not grow with the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/exchange/mapping.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::exchange {

/// Rows of CSV, or JSON objects. \inv rows = stored + already + rejected
struct ImportSummary {
  std::int64_t rows = 0;
  std::int64_t stored = 0;
  std::int64_t already = 0;
  std::int64_t rejected = 0;
  std::int64_t invoices = 0;  ///< stored
  bool stopped = false;       ///< before the end; rows of which nothing was decided are not counted
};

/// Told from 0 to 1 how far it is; \return whether to go on.
using GoOn = std::function<bool(double done)>;

struct ImportCall {
  std::filesystem::path file;
  std::filesystem::path rejects;  ///< written if there are any; one of an earlier import is removed
};

/// \return an error of the file as a whole (kNotFound, kInvalidArgument), or of the database.
Result<ImportSummary> import_file(const ImportCall& call, const Mapping& mapping,
                                  hub::HubStore& store, const Clock& clock, const GoOn& go_on);

}  // namespace tillsight::exchange
