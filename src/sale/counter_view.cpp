// What the clerk and the invoice see of the basket; what actions do to it is counter.cpp.
#include <algorithm>

#include "tillsight/sale/counter.hpp"

namespace tillsight {
namespace {

std::string_view hint(Question question) {
  switch (question) {
    case Question::kNone: return "";
    case Question::kUnsure: return "Is it this? Choose what it is, or remove it.";
    case Question::kWhich: return "Which one is it? Choose, or remove it.";
    case Question::kReturned:
      return "Is it back, or one more? Choose it to count one more; remove this line if it is "
             "back.";
    case Question::kMore:
      return "One more than you set? Choose it to count it; remove this line to keep your number.";
    case Question::kChanged: return "It looks like something else now. Choose what it is.";
  }
  check_failed("question is known", "a line asks something outside its enumeration");
}

}  // namespace

InvoiceLine Counter::priced(const BasketLine& line, const Product& product) const {
  InvoiceLine priced;
  priced.sku = product.sku;
  priced.item = product.name;
  priced.aisle = product.aisle;
  priced.quantity = line.quantity();
  priced.list_price = product.unit_price;
  priced.tax_rate = product.tax;
  priced.catalogue = catalogue_.version();
  priced.entry = line.entry();
  priced.confidence = std::min(1.0F, line.score());
  priced.seen = line.seen;
  price_line(priced);
  return priced;
}

/// The lines that do not ask, in the order of the screen.
std::vector<InvoiceLine> Counter::priced(const BasketContent& content) const {
  std::vector<InvoiceLine> lines;
  for (const BasketLine& line : content.lines) {
    if (line.asks()) continue;
    const Product* const product = catalogue_.by_sku(line.sku);
    TILLSIGHT_CHECK(product != nullptr, "a line's product is in the catalogue");
    lines.push_back(priced(line, *product));
  }
  return lines;
}

SaleView::Line Counter::view_line(const BasketLine& line) const {
  SaleView::Line view;
  view.id = line.id;
  view.quantity = line.quantity();
  view.left = line.count(PieceState::kLeft);
  view.question = line.question;
  view.hint = hint(line.question);
  view.state = line.asks() ? "ask" : line.decided() ? "confirmed" : "sure";
  for (const Sku& sku : line.choices) {
    const Product* const product = catalogue_.by_sku(sku);
    TILLSIGHT_CHECK(product != nullptr, "a choice is in the catalogue");
    view.choices.push_back({sku, product->name, product->unit_price});
  }
  if (line.asks()) {
    view.name = view.choices.front().name;
    return view;
  }
  const Product* const product = catalogue_.by_sku(line.sku);
  TILLSIGHT_CHECK(product != nullptr, "a line's product is in the catalogue");
  const InvoiceLine sold = priced(line, *product);
  view.sku = sold.sku;
  view.name = sold.item;
  view.unit_price = sold.list_price;
  view.gross = sold.gross;
  return view;
}

SaleView::Held Counter::view_held(const HeldSale& sale) const {
  SaleView::Held held;
  if (sale.customer) held.customer = sale.customer->first_name;
  held.lines = static_cast<int>(sale.content.lines.size());
  for (const InvoiceLine& line : priced(sale.content)) held.gross += line.gross;
  return held;
}

SaleView Counter::view() const {
  SaleView view;
  view.revision = revision_;
  view.stage = pending_ ? Stage::kPaying : basket_.closed() ? Stage::kPaid : Stage::kOpen;
  view.cashier = cashier_;
  view.customer_known = customer_.has_value();
  if (customer_) view.customer = customer_->first_name;
  for (const BasketLine& line : basket_.lines()) {
    view.lines.push_back(view_line(line));
    view.asks += line.asks() ? 1 : 0;
  }
  Invoice totals;
  totals.lines = priced(BasketContent{basket_.lines(), 1});
  total_up(totals);
  view.aisles = aisles_visited(totals);
  view.net = totals.net;
  view.tax = totals.tax;
  view.gross = totals.gross;
  view.elsewhere = basket_.elsewhere();
  for (const HeldSale& sale : held_) view.held.push_back(view_held(sale));
  view.paid = paid_;
  view.disk = disk_;
  view.message = message_;
  view.refused = refused_;
  view.code = code_;
  return view;
}

}  // namespace tillsight
