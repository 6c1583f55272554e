#include "tillsight/domain/sale_view.hpp"

#include "domain/json.hpp"

namespace tillsight {
namespace {

Json choices_json(const std::vector<SaleView::Choice>& choices, const Currency& currency) {
  Json json = Json::array();
  for (const SaleView::Choice& choice : choices) {
    json.push_back({{"sku", choice.sku.value()},
                    {"name", choice.name},
                    {"unit_price", to_string(choice.unit_price, currency)}});
  }
  return json;
}

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
    if (line.discount != Money()) json["discount"] = to_string(line.discount, currency);
  }
  if (line.left > 0) json["left_view"] = line.left;
  if (!line.choices.empty()) json["choices"] = choices_json(line.choices, currency);
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

Json report_json(const SaleView::Report& report, const Currency& currency) {
  const auto text = [&](std::int64_t units) { return to_string(Money::minor(units), currency); };
  const auto amounts = [&](const Amounts& sums) {
    return Json{{"net", text(sums.net)}, {"tax", text(sums.tax)}, {"gross", text(sums.gross)}};
  };
  const DaySums& sums = report.sums;
  Json json = {{"kind", report.z == 0 ? "x" : "z"}};
  if (report.z != 0) json["number"] = report.z;
  json["first"] = sums.first;
  json["last"] = sums.last;
  json["sales"] = sums.sales;
  json["refunds"] = sums.refunds;
  json["voids"] = sums.voids;
  json["corrections"] = sums.corrections;
  json["discounts"] = sums.discounts;
  json["discount_total"] = text(sums.discount_total);
  json["void_total"] = text(sums.void_total);
  json["sold"] = amounts(sums.sold);
  json["refunded"] = amounts(sums.refunded);
  json["takings_by_tax_bp"] = Json::object();
  for (const auto& [tax_bp, taken] : sums.takings_by_tax_bp) {
    json["takings_by_tax_bp"][std::to_string(tax_bp)] = amounts(taken);
  }
  json["takings_by_tender"] = Json::object();
  for (const auto& [type, taken] : sums.takings_by_tender) {
    json["takings_by_tender"][type] = text(taken);
  }
  json["first_invoice"] = sums.first_invoice;
  json["last_invoice"] = sums.last_invoice;
  json["float"] = text(sums.opening_float);
  json["cash_in"] = text(sums.cash_in);
  json["cash_out"] = text(sums.cash_out);
  json["expected_cash"] = text(sums.expected_cash());
  json["counted"] = Json::object();
  for (const auto& [type, counted] : report.counted) {
    json["counted"][type] = to_string(counted, currency);
  }
  return json;
}

/// Who is here, and what is going on besides an ordinary sale.
void write_state(Json& json, const SaleView& view, const Currency& currency) {
  json["cashier"] = view.cashier;
  if (view.role != Role::kClerk) json["role"] = name(view.role);
  if (view.sign_in) json["sign_in"] = true;
  if (view.training) json["training"] = true;
  if (view.refund) {
    json["refund"] = {{"of", view.refund->of}, {"unlinked", view.refund->unlinked}};
  }
  if (view.day) json["day"] = {{"date", view.day->date}, {"opened", view.day->opened}};
  if (view.report) json["report"] = report_json(*view.report, currency);
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
  if (!view.code.empty()) json["code"] = view.code;
  if (!view.disk.empty()) json["disk"] = view.disk;
  write_state(json, view, currency);
  json["customer"] = view.customer_known ? Json(view.customer) : Json(nullptr);
  json["lines"] = Json::array();
  for (const SaleView::Line& line : view.lines) json["lines"].push_back(line_json(line, currency));
  json["asks"] = view.asks;
  json["aisles"] = view.aisles;
  json["currency"] = currency.code();
  json["net"] = to_string(view.net, currency);
  json["tax"] = to_string(view.tax, currency);
  json["gross"] = to_string(view.gross, currency);
  if (view.discount != Money()) json["discount"] = to_string(view.discount, currency);
  json["elsewhere"] = view.elsewhere;
  json["held"] = held_json(view, currency);
  if (view.paid) {
    json["paid"] = {{"invoice_no", view.paid->invoice_no},
                    {"tender", view.paid->tender},
                    {"gross", to_string(view.paid->gross, currency)},
                    {"change", to_string(view.paid->change, currency)}};
    if (view.paid->refund) json["paid"]["refund"] = true;
  }
  if (!view.wanted.empty()) json["wanted"] = choices_json(view.wanted, currency);
  return dump(json);
}

}  // namespace tillsight
