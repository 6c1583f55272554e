#include "exchange/documents.hpp"

#include <algorithm>
#include <map>

#include "tillsight/domain/money.hpp"

namespace tillsight::exchange {
namespace {

constexpr int kLinesAtOnce = 5'000;

class Named {
 public:
  Named(const std::vector<std::string>& columns, const Row& row) : columns_(columns), row_(row) {}
  std::string text(std::string_view name) const {
    const auto* const text = std::get_if<std::string>(&at(name));
    return text == nullptr ? "" : *text;
  }
  std::int64_t number(std::string_view name) const {
    const auto* const number = std::get_if<std::int64_t>(&at(name));
    return number == nullptr ? 0 : *number;
  }

 private:
  const Value& at(std::string_view name) const {
    static const Value kNone;
    const auto found = std::ranges::find(columns_, name);
    if (found == columns_.end()) return kNone;
    return row_[static_cast<std::size_t>(found - columns_.begin())];
  }
  const std::vector<std::string>& columns_;
  const Row& row_;
};

/// What one invoice has of an item.
struct Sold {
  std::int64_t quantity = 0;
  Money gross;
};
struct Contents {
  std::map<std::string, Sold> items;
  std::vector<std::string> aisles;  ///< in the order in which they were met
};

std::string pairs(const Contents& contents, const std::function<std::string(const Sold&)>& value) {
  std::string json;
  for (const auto& [item, sold] : contents.items) {
    json += format("{}{}:{}", json.empty() ? "" : ",", json_text(item), value(sold));
  }
  return "{" + json + "}";
}

std::string list(const std::vector<std::string>& texts) {
  std::string json;
  for (const std::string& text : texts) json += (json.empty() ? "" : ",") + json_text(text);
  return "[" + json + "]";
}

void append_person(std::string& json, const Named& invoice) {
  if (invoice.text("phone").empty()) return;
  json += format(",\"FirstName\":{},\"LastName\":{},\"PhoneNumber\":{}",
                 json_text(invoice.text("first_name")), json_text(invoice.text("last_name")),
                 json_text(invoice.text("phone")));
}

}  // namespace

Result<Documents> Documents::open(const std::filesystem::path& folder, const Selection& selection) {
  Selection of_lines = selection;
  of_lines.set = "lines";
  of_lines.persons = false;
  TILLSIGHT_ASSIGN(SetReader lines, SetReader::open(folder, std::move(of_lines)));
  return Documents(std::move(lines));
}

Result<const Row*> Documents::peek() {
  if (at_ == page_.size() && !ended_) {
    TILLSIGHT_ASSIGN(page_, lines_.next(kLinesAtOnce));
    at_ = 0;
    ended_ = page_.size() < static_cast<std::size_t>(kLinesAtOnce);
  }
  return at_ < page_.size() ? &page_[at_] : nullptr;
}

Result<std::string> Documents::document(const std::vector<std::string>& columns, const Row& row) {
  const Named invoice(columns, row);
  Contents contents;
  while (true) {
    TILLSIGHT_ASSIGN(const Row* const next, peek());
    if (next == nullptr) break;
    const Named line(lines_.columns(), *next);
    if (line.number("cursor") > invoice.number("cursor")) break;
    ++at_;
    if (line.number("cursor") < invoice.number("cursor")) continue;
    Sold& sold = contents.items[line.text("sku")];
    sold.quantity += line.number("quantity");
    sold.gross += Money::minor(line.number("gross"));
    const std::string aisle = line.text("aisle");
    if (!aisle.empty() && std::ranges::find(contents.aisles, aisle) == contents.aisles.end()) {
      contents.aisles.push_back(aisle);
    }
  }
  if (invoice.text("kind") == "void") return std::string();
  TILLSIGHT_ASSIGN(const Currency currency, Currency::parse(invoice.text("currency")));
  std::string json = format("{{\"InvoiceNo\":{},\"Date\":{},\"Time\":{},\"DayOfWeek\":{}",
                            json_text(invoice.text("invoice_no")), json_text(invoice.text("date")),
                            json_text(invoice.text("time")), json_text(invoice.text("weekday")));
  append_person(json, invoice);
  json += format(",\"Items\":{},\"SubTotal\":{},\"Aisle_visited\":{},\"Total\":{}",
                 pairs(contents, [](const Sold& sold) { return std::to_string(sold.quantity); }),
                 pairs(contents, [&](const Sold& sold) { return to_string(sold.gross, currency); }),
                 list(contents.aisles), to_string(Money::minor(invoice.number("gross")), currency));
  json += format(",\"Kind\":{},\"Store\":{},\"Till\":{}}}\n", json_text(invoice.text("kind")),
                 json_text(invoice.text("store")), json_text(invoice.text("till")));
  return json;
}

}  // namespace tillsight::exchange
