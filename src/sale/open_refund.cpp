#include "tillsight/sale/open_refund.hpp"

#include <algorithm>

#include "tillsight/domain/limits.hpp"

namespace tillsight {

OpenRefund::OpenRefund(std::shared_ptr<const SoldInvoice> sold)
    : sold_(std::move(sold)), of_(sold_->number) {
  for (std::size_t i = 0; i < sold_->invoice.lines.size(); ++i) {
    const int left = sold_->invoice.lines[i].quantity - sold_->refunded.at(i);
    if (left == 0) continue;
    lines_.push_back({LineId(next_line_++), refund_line(*sold_, static_cast<int>(i) + 1, left)});
  }
  TILLSIGHT_CHECK(!lines_.empty(), "something of the invoice has not come back");
}

OpenRefund::OpenRefund(std::optional<InvoiceNumber> claimed, std::string approver)
    : of_(std::move(claimed)), approver_(std::move(approver)) {}

bool OpenRefund::anything_left(const SoldInvoice& sold) {
  for (std::size_t i = 0; i < sold.invoice.lines.size(); ++i) {
    if (sold.refunded.at(i) < sold.invoice.lines[i].quantity) return true;
  }
  return false;
}

Status OpenRefund::add(const Product& product, int quantity, Entry entry,
                       const std::string& catalogue) {
  TILLSIGHT_CHECK(unlinked(), "what comes back of a known invoice is known");
  const auto same = std::ranges::find(
      lines_, product.sku, [](const Line& line) -> const Sku& { return line.goods.sku; });
  if (same != lines_.end()) return set_quantity(same->id, same->goods.quantity + quantity);
  if (lines_.size() >= limits::kLinesPerSale) {
    return error(Code::kResourceExhausted, "a refund has at most {} lines; finish this one first",
                 limits::kLinesPerSale);
  }
  Line line{LineId(next_line_++), {}};
  line.goods.sku = product.sku;
  line.goods.item = product.name;
  line.goods.aisle = product.aisle;
  line.goods.quantity = quantity;
  line.goods.list_price = product.unit_price;
  line.goods.tax_rate = product.tax;
  line.goods.catalogue = catalogue;
  line.goods.entry = entry;
  price_line(line.goods);
  lines_.push_back(std::move(line));
  return {};
}

Status OpenRefund::remove(LineId id) {
  if (find(id) == nullptr) return no_line(id);
  std::erase_if(lines_, [&](const Line& line) { return line.id == id; });
  return {};
}

Status OpenRefund::set_quantity(LineId id, int quantity) {
  Line* const line = find(id);
  if (line == nullptr) return no_line(id);
  const int number = line->goods.of_line;
  int most = limits::kQuantityMax;
  if (!unlinked()) {
    const auto index = static_cast<std::size_t>(number - 1);
    most = sold_->invoice.lines[index].quantity - sold_->refunded.at(index);
  }
  if (quantity < 1 || quantity > most) {
    return error(Code::kInvalidArgument,
                 "quantity {} is not 1 to {}, what was sold of {} and has not come back", quantity,
                 most, line->goods.item)
        .with_id("refund.more");
  }
  if (unlinked()) {
    line->goods.quantity = quantity;
    price_line(line->goods);
  } else {
    line->goods = refund_line(*sold_, number, quantity);
  }
  return {};
}

void OpenRefund::write_to(Invoice& invoice) const {
  invoice.kind = SaleKind::kRefund;
  invoice.refund_of = of_;
  invoice.unlinked = unlinked();
  invoice.approver = approver_;
  invoice.customer.reset();
  invoice.removed.clear();
  invoice.lines.clear();
  for (const Line& line : lines_) invoice.lines.push_back(line.goods);
  total_up(invoice);
}

OpenRefund::Line* OpenRefund::find(LineId id) {
  const auto found = std::ranges::find(lines_, id, &Line::id);
  return found == lines_.end() ? nullptr : &*found;
}

Status OpenRefund::no_line(LineId id) const {
  return error(Code::kNotFound, "line {} is not in this refund; use a number that is on the screen",
               id.value());
}

}  // namespace tillsight
