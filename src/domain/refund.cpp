#include "tillsight/domain/refund.hpp"

namespace tillsight {
namespace {

/// Of a line's discount, what `pieces` of it carry.
Money discount_of(const InvoiceLine& line, int pieces) {
  return Money::minor(line.discount.minor_units() * pieces / line.quantity);
}

}  // namespace

InvoiceLine refund_line(const SoldInvoice& sold, int number, int quantity) {
  const auto index = static_cast<std::size_t>(number - 1);
  TILLSIGHT_CHECK(index < sold.invoice.lines.size(), "the line was sold");
  InvoiceLine line = sold.invoice.lines[index];
  const int before = sold.refunded.at(index);
  TILLSIGHT_CHECK(quantity >= 1 && quantity <= line.quantity - before,
                  "no more comes back than was sold");
  const Money discount = discount_of(line, before + quantity) - discount_of(line, before);
  line.of_line = number;
  line.discount = discount;
  line.quantity = quantity;
  price_line(line);
  return line;
}

}  // namespace tillsight
