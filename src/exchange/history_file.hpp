/// \file
/// Invoices as our own CSV or JSON Lines, as docs/import.md has them.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/invoice.hpp"
#include "tillsight/exchange/mapping.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::exchange {

class HistoryFile {
 public:
  /// The file appears under its name with finish(); until then it is FILE.partial.
  static Result<HistoryFile> create(const std::filesystem::path& file, Form form,
                                    const Currency& currency);
  HistoryFile(HistoryFile&&) = default;
  ~HistoryFile();

  void add(const hub::ImportedInvoice& invoice);
  /// \return kResourceExhausted if the disk is full.
  Status finish();

 private:
  HistoryFile(std::filesystem::path file, std::filesystem::path partial, Form form,
              Currency currency)
      : file_(std::move(file)),
        partial_(std::move(partial)),
        form_(form),
        currency_(std::move(currency)) {}
  void add_json(const hub::ImportedInvoice& invoice);
  void add_csv(const hub::ImportedInvoice& invoice);

  std::filesystem::path file_;
  std::filesystem::path partial_;  ///< empty: moved from, or finished
  Form form_;
  Currency currency_;
  std::ofstream out_;
};

}  // namespace tillsight::exchange
