/// \file
/// Sets of rows into files: `tillsight export`.
///
/// A folder appears under its name only when everything is in it. Memory does not grow with what is
/// exported, and no snapshot stays open, so a hub may store meanwhile.
///
/// **Threads** thread-compatible. **Errors** those of SetReader; kAlreadyExists if the folder is
/// there; kResourceExhausted, kFailedPrecondition of the disk; kCancelled if `go_on` said so.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"
#include "tillsight/exchange/export.hpp"
#include "tillsight/exchange/import.hpp"

namespace tillsight::exchange {

enum class ExportForm {
  kCsv,
  kJsonLines,
  /// Of invoices alone: the documents of the project that Tillsight descends from, which
  /// `mongoimport` takes, and `tillsight import` with config/mappings/original.toml. Voids are not
  /// among them.
  kMongoJsonLines,
};

struct ExportCall {
  Selection selection;
  ExportForm form = ExportForm::kCsv;
  std::filesystem::path folder{};  ///< empty: everything goes to `write`
  bool by_date = false;            ///< a folder "date=2026-11-23" for each, as the next
  bool by_store = false;           ///< "store=S01"
};

struct ExportSummary {
  std::int64_t rows = 0;
  std::int64_t files = 0;
  std::string cursor;  ///< `--after` it, the next export has what is new
};

using WriteText = std::function<Status(std::string_view)>;

Result<ExportSummary> export_set(const std::filesystem::path& hub_folder, const ExportCall& call,
                                 const WriteText& write, const GoOn& go_on);

}  // namespace tillsight::exchange
