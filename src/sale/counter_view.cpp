// What the clerk and the invoice see of the basket; what actions do to it is counter.cpp.
#include <algorithm>

#include "sale/discount.hpp"
#include "tillsight/sale/counter.hpp"

namespace tillsight {
namespace {

constexpr std::size_t kOthersShown = 3;
constexpr std::size_t kWantedShown = 5;

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

InvoiceLine Counter::priced(const BasketLine& line, const Product& product,
                            const SaleNotes& notes) const {
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
  const auto off = notes.discounts.find(line.id);
  if (off == notes.discounts.end()) return priced;
  priced.discount = discount_on(priced.gross, off->second);
  priced.discount_reason = off->second.reason;
  priced.discount_by = off->second.approver;
  price_line(priced);
  return priced;
}

/// The lines that do not ask, in the order of the screen.
std::vector<InvoiceLine> Counter::priced(const BasketContent& content,
                                         const SaleNotes& notes) const {
  std::vector<InvoiceLine> lines;
  for (const BasketLine& line : content.lines) {
    if (line.asks()) continue;
    const Product* const product = catalogue_.by_sku(line.sku);
    TILLSIGHT_CHECK(product != nullptr, "a line's product is in the catalogue");
    lines.push_back(priced(line, *product, notes));
  }
  if (notes.discount) spread_discount(*notes.discount, lines);
  return lines;
}

/// What a line may be, what was chosen most first: of one that asks, everything; of one that the
/// camera saw, the three likeliest others.
std::vector<Sku> Counter::choices_of(const BasketLine& line) const {
  const std::string label = camera_label(line);
  if (line.asks()) return choices_.ranked(label, line.choices, catalogue_);
  std::vector<Sku> others;
  if (label.empty()) return others;
  for (const Product* const product : catalogue_.by_label(label)) others.push_back(product->sku);
  others = choices_.ranked(label, std::move(others), catalogue_);
  std::erase(others, line.sku);
  if (others.size() > kOthersShown) others.resize(kOthersShown);
  return others;
}

/// \param sold the line as it would be sold; null while it asks.
SaleView::Line Counter::view_line(const BasketLine& line, const InvoiceLine* sold) const {
  SaleView::Line view;
  view.id = line.id;
  view.quantity = line.quantity();
  view.left = line.count(PieceState::kLeft);
  view.question = line.question;
  view.hint = hint(line.question);
  view.state = line.asks() ? "ask" : line.decided() ? "confirmed" : "sure";
  for (const Sku& sku : choices_of(line)) {
    const Product* const product = catalogue_.by_sku(sku);
    TILLSIGHT_CHECK(product != nullptr, "a choice is in the catalogue");
    view.choices.push_back({sku, product->name, product->unit_price});
  }
  if (line.asks()) {
    view.name = view.choices.front().name;
    return view;
  }
  TILLSIGHT_CHECK(sold != nullptr, "a line that does not ask is priced");
  view.sku = sold->sku;
  view.name = sold->item;
  view.unit_price = sold->list_price;
  view.gross = sold->gross;
  view.discount = sold->discount;
  return view;
}

SaleView::Held Counter::view_held(const HeldSale& sale) const {
  SaleView::Held held;
  if (sale.customer) held.customer = sale.customer->first_name;
  held.lines = static_cast<int>(sale.content.lines.size());
  for (const InvoiceLine& line : priced(sale.content, sale.notes)) held.gross += line.gross;
  return held;
}

void Counter::view_sale(SaleView& view) const {
  Invoice totals;
  totals.lines = priced({basket_.lines(), 1}, notes_);
  auto sold = totals.lines.begin();
  for (const BasketLine& line : basket_.lines()) {
    view.lines.push_back(view_line(line, line.asks() ? nullptr : &*sold++));
    view.asks += line.asks() ? 1 : 0;
    view.discount += view.lines.back().discount;
  }
  total_up(totals);
  view.aisles = aisles_visited(totals);
  view.net = totals.net;
  view.tax = totals.tax;
  view.gross = totals.gross;
}

void Counter::view_refund(SaleView& view) const {
  view.refund.emplace();
  view.refund->unlinked = refund_->unlinked();
  if (refund_->of()) view.refund->of = to_string(*refund_->of());
  for (const OpenRefund::Line& line : refund_->lines()) {
    SaleView::Line& shown = view.lines.emplace_back();
    shown.id = line.id;
    shown.sku = line.goods.sku;
    shown.name = line.goods.item;
    shown.quantity = line.goods.quantity;
    shown.unit_price = line.goods.list_price;
    shown.gross = line.goods.gross;
    shown.discount = line.goods.discount;
    shown.state = "confirmed";
    view.discount += line.goods.discount;
  }
  Invoice totals;
  refund_->write_to(totals);
  view.aisles = aisles_visited(totals);
  view.net = totals.net;
  view.tax = totals.tax;
  view.gross = totals.gross;
}

/// The first few that are not in the basket yet.
std::vector<SaleView::Choice> Counter::view_wanted() const {
  std::vector<SaleView::Choice> wanted;
  for (const Sku& sku : wanted_) {
    const Product* const product = catalogue_.by_sku(sku);
    const bool is_here =
        std::ranges::find(basket_.lines(), sku, &BasketLine::sku) != basket_.lines().end();
    if (product == nullptr || is_here) continue;
    wanted.push_back({sku, product->name, product->unit_price});
    if (wanted.size() == kWantedShown) break;
  }
  return wanted;
}

SaleView Counter::view() const {
  SaleView view;
  view.revision = revision_;
  // While goods come back the basket is closed, and the clerk may still change what is shown.
  const bool paid = basket_.closed() && !refund_;
  view.stage = pending_ ? Stage::kPaying : paid ? Stage::kPaid : Stage::kOpen;
  view.cashier = cashier_;
  view.role = role_;
  view.sign_in = roster_.asked && cashier_.empty();
  view.training = training_;
  if (day_) view.day = SaleView::Day{to_string(day_->date), day_->opened};
  view.report = report_;
  view.customer_known = customer_.has_value();
  if (customer_) view.customer = customer_->first_name;
  if (refund_) {
    view_refund(view);
  } else {
    view_sale(view);
  }
  view.elsewhere = basket_.elsewhere();
  for (const HeldSale& sale : held_) view.held.push_back(view_held(sale));
  view.paid = paid_;
  if (customer_) view.wanted = view_wanted();
  view.disk = disk_;
  view.message = message_;
  view.refused = refused_;
  view.code = code_;
  return view;
}

}  // namespace tillsight
