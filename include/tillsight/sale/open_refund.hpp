/// \file
/// A refund in the making: what comes back, and what is given back for it.
///
/// Of a known invoice it begins with everything that has not come back yet; the clerk takes out
/// what stays with the customer. Of an unknown one the lines are keyed in.
///
/// **Threads** thread-compatible.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/catalogue.hpp"
#include "tillsight/domain/clerk_action.hpp"
#include "tillsight/domain/refund.hpp"

namespace tillsight {

class OpenRefund {
 public:
  struct Line {
    LineId id;
    InvoiceLine goods;
  };

  /// \pre something of `sold` has not come back yet: see anything_left().
  explicit OpenRefund(std::shared_ptr<const SoldInvoice> sold);
  /// \param claimed the number on the receipt, if it has one.
  OpenRefund(std::optional<InvoiceNumber> claimed, std::string approver);

  static bool anything_left(const SoldInvoice& sold);

  /// \pre unlinked() \return kResourceExhausted for too many.
  Status add(const Product& product, int quantity, Entry entry, const std::string& catalogue);
  Status remove(LineId line);
  /// \return kInvalidArgument for more than was sold and has not come back.
  Status set_quantity(LineId line, int quantity);

  const std::vector<Line>& lines() const { return lines_; }
  bool unlinked() const { return sold_ == nullptr; }
  const std::optional<InvoiceNumber>& of() const { return of_; }
  const std::shared_ptr<const SoldInvoice>& sold() const { return sold_; }
  /// Fills in what the refund says besides amounts.
  void write_to(Invoice& invoice) const;

 private:
  Line* find(LineId line);
  Status no_line(LineId line) const;

  // shared: the action that brought it may be copied; nobody changes it.
  std::shared_ptr<const SoldInvoice> sold_;
  std::optional<InvoiceNumber> of_;
  std::string approver_;
  std::vector<Line> lines_;
  std::int64_t next_line_ = 1;
};

}  // namespace tillsight
