/// \file
/// Invoices as documents of the project that Tillsight descends from.
///
/// **Threads** thread-compatible.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tillsight/exchange/export.hpp"

namespace tillsight::exchange {

/// Reads the lines of invoices beside the invoices, in the same order.
class Documents {
 public:
  /// \param selection of the invoices.
  static Result<Documents> open(const std::filesystem::path& folder, const Selection& selection);

  /// \param columns of `invoice`; called for every invoice, in order.
  /// \return one line; empty: this one is no document.
  Result<std::string> document(const std::vector<std::string>& columns, const Row& invoice);

 private:
  explicit Documents(SetReader lines) : lines_(std::move(lines)) {}
  /// \return the next line, null if there is none.
  Result<const Row*> peek();

  SetReader lines_;
  std::vector<Row> page_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

}  // namespace tillsight::exchange
