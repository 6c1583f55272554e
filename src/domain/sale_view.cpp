#include "tillsight/domain/sale_view.hpp"

#include "domain/json.hpp"

namespace tillsight {
namespace {

Json line_json(const SaleView::Line& line, const Currency& currency) {
  Json json = {{"line", line.id.value()}, {"state", line.state}};
  if (line.sku.value().empty()) {
    json["question"] = name(line.question);
    json["hint"] = line.hint;
  } else {
    json["sku"] = line.sku.value();
  }
  json["name"] = line.name;
  json["quantity"] = line.quantity;
  if (!line.sku.value().empty()) {
    json["unit_price"] = to_string(line.unit_price, currency);
    json["gross"] = to_string(line.gross, currency);
  }
  if (line.left > 0) json["left_view"] = line.left;
  for (const SaleView::Choice& choice : line.choices) {
    json["choices"].push_back({{"sku", choice.sku.value()},
                               {"name", choice.name},
                               {"unit_price", to_string(choice.unit_price, currency)}});
  }
  return json;
}

Json held_json(const SaleView& view, const Currency& currency) {
  Json held = Json::array();
  for (const SaleView::Held& sale : view.held) {
    held.push_back({{"slot", held.size() + 1},
                    {"customer", sale.customer},
                    {"lines", sale.lines},
                    {"gross", to_string(sale.gross, currency)}});
  }
  return held;
}

}  // namespace

std::string_view name(Stage stage) {
  switch (stage) {
    case Stage::kOpen: return "open";
    case Stage::kPaying: return "paying";
    case Stage::kPaid: return "paid";
  }
  check_failed("stage is known", "a sale is in a stage outside its enumeration");
}

std::string to_json(const SaleView& view, const Currency& currency) {
  Json json = {{"event", "sale"}, {"revision", view.revision}, {"state", name(view.stage)}};
  if (!view.message.empty()) json[view.refused ? "refused" : "message"] = view.message;
  if (!view.disk.empty()) json["disk"] = view.disk;
  json["cashier"] = view.cashier;
  json["customer"] = view.customer_known ? Json(view.customer) : Json(nullptr);
  json["lines"] = Json::array();
  for (const SaleView::Line& line : view.lines) json["lines"].push_back(line_json(line, currency));
  json["asks"] = view.asks;
  json["aisles"] = view.aisles;
  json["currency"] = currency.code();
  json["net"] = to_string(view.net, currency);
  json["tax"] = to_string(view.tax, currency);
  json["gross"] = to_string(view.gross, currency);
  json["elsewhere"] = view.elsewhere;
  json["held"] = held_json(view, currency);
  if (view.paid) {
    json["paid"] = {{"invoice_no", view.paid->invoice_no},
                    {"tender", view.paid->tender},
                    {"gross", to_string(view.paid->gross, currency)},
                    {"change", to_string(view.paid->change, currency)}};
  }
  return dump(json);
}

}  // namespace tillsight
