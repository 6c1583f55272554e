/// \file
/// What a file's cells mean: the invoice that they are of, and the line that they say.
///
/// **Threads** thread-compatible. **Errors** kInvalidArgument with the file's own name of the
/// column and what is wrong with its content.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "exchange/numbers.hpp"
#include "exchange/records.hpp"
#include "tillsight/core/clock.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/domain/catalogue.hpp"
#include "tillsight/exchange/mapping.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::exchange {

class Translator {
 public:
  /// \param mapping must outlive this, as must `clock`.
  /// \return kNotFound, kInvalidArgument if its price list cannot be read.
  static Result<Translator> create(const Mapping& mapping, const Clock& clock);

  /// Writes what tells two invoices apart; empty: the cells do not tell their invoice.
  void key_of(const Cells& cells, std::string& key) const;

  /// All of the invoice but its lines and what follows from them.
  Result<hub::ImportedInvoice> invoice_of(const Cells& cells);
  /// Adds the line. What the cells repeat of the invoice must be readable, too.
  Status add_line(const Cells& cells, hub::ImportedInvoice& to);
  /// Sums the lines up. \param total what the file says they come to; empty: nothing.
  Status finish(hub::ImportedInvoice& imported, std::string_view total) const;

 private:
  Translator(const Mapping& mapping, const Clock& clock, std::optional<Catalogue> catalogue)
      : mapping_(mapping), clock_(clock), catalogue_(std::move(catalogue)) {}

  std::string_view said(const Cells& cells, Column column) const;
  Error wrong(Column column, const Error& why) const;
  NumberForm numbers() const { return {mapping_.decimal, mapping_.thousands}; }
  Result<Moment> moment_of(const Cells& cells);
  Result<std::optional<Customer>> customer_of(const Cells& cells);
  Result<hub::ImportSource> source_of(const Cells& cells) const;
  Result<bool> is_refund(const Cells& cells) const;
  Status price(const Cells& cells, const Invoice& invoice, InvoiceLine& line) const;
  Status name_item(const Cells& cells, InvoiceLine& line) const;

  const Mapping& mapping_;
  const Clock& clock_;
  std::optional<Catalogue> catalogue_;

  // The newest of each, by the texts that said it: they repeat from line to line.
  std::string moment_text_;
  std::optional<Moment> moment_;
  std::optional<TimeZone> zone_;
  std::unordered_map<std::string, std::optional<Customer>> customers_;
};

}  // namespace tillsight::exchange
