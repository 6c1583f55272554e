#include "tillsight/domain/counter_state.hpp"

#include <algorithm>
#include <array>

#include "domain/json.hpp"
#include "domain/json_reader.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

constexpr int kVersion = 2;  // 1 knew no notes, no roles, no training
constexpr std::size_t kLinesMost = 2 * limits::kLinesPerSale;  // those that ask come on top
constexpr std::size_t kHeldMost = 100;
constexpr std::size_t kLabelsMost = 1000;
constexpr std::size_t kLabelBytes = limits::kNameBytes;

constexpr std::array kPieceStates = {PieceState::kSeen, PieceState::kAwaited, PieceState::kLeft,
                                     PieceState::kUnseen};
constexpr std::array kQuestions = {Question::kNone,     Question::kUnsure, Question::kWhich,
                                   Question::kReturned, Question::kMore,   Question::kChanged};
constexpr std::array kEntries = {Entry::kCamera, Entry::kKeypad, Entry::kScanner};

template <typename Values>
auto read_name(JsonReader& reader, std::string_view key, const Values& values) {
  const std::string text = reader.text(key, 32);
  for (const auto value : values) {
    if (name(value) == text) return value;
  }
  reader.reject(key, format("'{}' is not a word it may have", text));
  return values.front();
}

/// What is remembered of a piece: no identity, no times.
Piece remembered(Piece piece) {
  piece.object = ObjectId();
  piece.since = piece.awaited_until = MonotonicTime();
  return piece;
}

/// Equal neighbours stand once, with their number: a line of 999 is as short as a line of one.
Json pieces_json(const std::vector<Piece>& pieces) {
  Json json = Json::array();
  for (std::size_t i = 0; i < pieces.size();) {
    const Piece piece = remembered(pieces[i]);
    std::size_t same = 1;
    while (i + same < pieces.size() && remembered(pieces[i + same]) == piece) ++same;
    json.push_back({{"n", same},
                    {"state", name(piece.state)},
                    {"label", piece.label},
                    {"score", piece.score},
                    {"entered", name(piece.entry)},
                    {"kept", piece.kept},
                    {"decided", piece.decided}});
    i += same;
  }
  return json;
}

Json content_json(const BasketContent& content) {
  Json lines = Json::array();
  for (const BasketLine& line : content.lines) {
    Json json = {{"line", line.id.value()}};
    if (line.asks()) {
      json["question"] = name(line.question);
      json["choices"] = Json::array();
      for (const Sku& sku : line.choices) json["choices"].push_back(sku.value());
    } else {
      json["sku"] = line.sku.value();
    }
    json["seen"] = line.seen;
    json["quantity_set"] = line.quantity_set;
    json["pieces"] = pieces_json(line.pieces);
    lines.push_back(std::move(json));
  }
  return {{"next_line", content.next_line}, {"lines", std::move(lines)}};
}

Json customer_json(const std::optional<Customer>& customer) {
  if (!customer) return nullptr;
  return {{"first_name", customer->first_name},
          {"last_name", customer->last_name},
          {"phone", customer->phone}};
}

/// Calls `read(reader)` for the object at `key`; a mistake inside becomes the outer one's.
template <typename Read>
void read_object(JsonReader& outer, std::string_view key, Read read) {
  const auto found = outer.object(key);
  if (!found) return;
  JsonReader reader(*found, std::string(key));
  read(reader);
  outer.adopt(reader.finish());
}

/// The same for every object in a list.
template <typename Read>
void read_list(JsonReader& outer, std::string_view key, std::size_t most, Read read) {
  for (const JsonValue& entry : outer.array(key, most)) {
    if (!entry.is_object()) return outer.reject(key, "holds something that is not an object");
    JsonReader reader(entry, std::string(key));
    read(reader);
    outer.adopt(reader.finish());
  }
}

std::vector<std::string> read_labels(JsonReader& outer, std::string_view key) {
  std::vector<std::string> labels;
  for (const JsonValue& entry : outer.array(key, kLabelsMost)) {
    const auto label = entry.text();
    if (!label || label->size() > kLabelBytes) {
      outer.reject(key, "holds something that is not a label");
      return {};
    }
    labels.emplace_back(*label);
  }
  return labels;
}

std::vector<Piece> read_pieces(JsonReader& line) {
  std::vector<Piece> pieces;
  read_list(line, "pieces", limits::kQuantityMax, [&](JsonReader& reader) {
    const int room = limits::kQuantityMax - static_cast<int>(pieces.size());
    const int count = reader.small_integer("n", 1, room);
    Piece piece;
    piece.state = read_name(reader, "state", kPieceStates);
    piece.label = reader.text("label", kLabelBytes);
    piece.score = static_cast<float>(reader.number("score", 0, 1));
    piece.entry = read_name(reader, "entered", kEntries);
    piece.kept = reader.boolean("kept");
    piece.decided = reader.boolean("decided");
    if (reader.finish().ok()) pieces.insert(pieces.end(), static_cast<std::size_t>(count), piece);
  });
  return pieces;
}

BasketLine read_line(JsonReader& reader) {
  BasketLine line;
  line.id = LineId(reader.integer("line", 1));
  if (reader.has("question")) {
    line.question = read_name(reader, "question", kQuestions);
    for (const std::string& sku : read_labels(reader, "choices")) {
      line.choices.push_back(reader.take("choices", parse_sku(sku)));
    }
    if (line.choices.empty()) reader.reject("choices", "is empty");
  } else {
    line.sku = reader.take("sku", parse_sku(reader.text("sku")));
  }
  line.seen = reader.text("seen", kLabelBytes);
  line.quantity_set = reader.boolean("quantity_set");
  line.pieces = read_pieces(reader);
  if (line.pieces.empty()) reader.reject("pieces", "is empty");
  if (line.asks() && line.pieces.size() > 1) reader.reject("pieces", "is more than one that asks");
  if (reader.has("question") && !line.asks()) reader.reject("question", "is empty");
  return line;
}

BasketContent read_content(JsonReader& outer) {
  BasketContent content;
  content.next_line = outer.integer("next_line", 1, 1'000'000'000);
  std::int64_t last = 0;
  read_list(outer, "lines", kLinesMost, [&](JsonReader& reader) {
    BasketLine line = read_line(reader);
    const bool in_order = line.id.value() > last && line.id.value() < content.next_line;
    if (!in_order) reader.reject("line", "is not in order, or not below next_line");
    last = line.id.value();
    content.lines.push_back(std::move(line));
  });
  return content;
}

Json terms_json(const DiscountTerms& terms) {
  return {{"percent_bp", terms.percent_bp},
          {"amount", terms.amount.minor_units()},
          {"reason", terms.reason},
          {"approver", terms.approver}};
}

Json notes_json(const SaleNotes& notes) {
  Json json = Json::object();
  for (const auto& [line, terms] : notes.discounts) {
    json["discounts"].push_back(terms_json(terms));
    json["discounts"].back()["line"] = line.value();
  }
  if (notes.discount) json["discount"] = terms_json(*notes.discount);
  for (const Removal& removal : notes.removed) {
    json["removed"].push_back({{"sku", removal.sku.value()},
                               {"seen", removal.seen},
                               {"quantity", removal.quantity},
                               {"reason", removal.reason}});
  }
  return json;
}

DiscountTerms read_terms(JsonReader& reader) {
  DiscountTerms terms;
  terms.percent_bp = reader.small_integer("percent_bp", 0, 10'000);
  terms.amount = reader.money("amount");
  terms.reason = reader.text("reason", limits::kNameBytes);
  terms.approver = reader.text("approver", limits::kNameBytes);
  return terms;
}

SaleNotes read_notes(JsonReader& outer) {
  SaleNotes notes;
  if (!outer.has("notes")) return notes;
  read_object(outer, "notes", [&](JsonReader& reader) {
    if (reader.has("discounts")) {
      read_list(reader, "discounts", kLinesMost, [&](JsonReader& line) {
        notes.discounts[LineId(line.integer("line", 1))] = read_terms(line);
      });
    }
    if (reader.has("discount")) {
      read_object(reader, "discount",
                  [&](JsonReader& terms) { notes.discount = read_terms(terms); });
    }
    if (!reader.has("removed")) return;
    read_list(reader, "removed", limits::kRemovalsPerSale, [&](JsonReader& line) {
      notes.removed.push_back({Sku(line.text("sku", 64)), line.text("seen", kLabelBytes),
                               line.small_integer("quantity", 1, limits::kQuantityMax),
                               line.text("reason", limits::kNameBytes)});
    });
  });
  return notes;
}

std::optional<Customer> read_customer(JsonReader& outer) {
  std::optional<Customer> customer;
  if (!outer.has("customer")) return customer;
  read_object(outer, "customer", [&](JsonReader& reader) {
    customer = Customer{reader.text("first_name", limits::kNameBytes),
                        reader.text("last_name", limits::kNameBytes), reader.text("phone", 64)};
  });
  return customer;
}

PaidSale read_paid(JsonReader& reader) {
  return {reader.text("invoice_no", 64), reader.text("tender", 32), reader.money("gross"),
          reader.money("change"), reader.has("refund") && reader.boolean("refund")};
}

Json day_json(const BusinessDay& day) {
  return {{"date", to_string(day.date)},
          {"boot_id", day.last_sale.boot_id},
          {"monotonic_ms", day.last_sale.monotonic.count()},
          {"utc_ms", day.last_sale.utc.time_since_epoch().count()},
          {"trusted", day.last_sale.trusted},
          {"opened", day.opened}};
}

BusinessDay read_day(JsonReader& reader) {
  using std::chrono::milliseconds;
  BusinessDay day;
  day.date = reader.take("date", parse_date(reader.text("date", 10)));
  day.last_sale.boot_id = reader.text("boot_id", 64);
  day.last_sale.monotonic = milliseconds(reader.integer("monotonic_ms", 0));
  day.last_sale.utc = UtcTime(milliseconds(reader.integer("utc_ms")));
  day.last_sale.trusted = reader.boolean("trusted");
  day.opened = reader.has("opened") && reader.boolean("opened");
  return day;
}

}  // namespace

std::string to_json(const CounterState& state) {
  Json json = {{"version", kVersion},
               {"cashier", state.cashier},
               {"customer", customer_json(state.customer)}};
  json["role"] = name(state.role);
  json["training"] = state.training;
  json["refunding"] = state.refunding;
  json["notes"] = notes_json(state.notes);
  json["basket"] = content_json(state.basket.content);
  json["closed"] = state.basket.closed;
  json["removed"] = state.basket.removed;
  json["elsewhere"] = state.basket.elsewhere;
  json["sold"] = state.basket.sold;
  json["held"] = Json::array();
  for (const HeldSale& sale : state.held) {
    json["held"].push_back(
        {{"customer", customer_json(sale.customer)}, {"basket", content_json(sale.content)}});
    json["held"].back()["notes"] = notes_json(sale.notes);
  }
  if (state.paid) {
    json["paid"] = {{"invoice_no", state.paid->invoice_no},
                    {"tender", state.paid->tender},
                    {"gross", state.paid->gross.minor_units()},
                    {"change", state.paid->change.minor_units()}};
    if (state.paid->refund) json["paid"]["refund"] = true;
  }
  if (state.day) json["day"] = day_json(*state.day);
  return dump(json);
}

Result<CounterState> parse_counter_state(std::string_view text) {
  TILLSIGHT_ASSIGN(const JsonText json, parse_object(text, "saved counter"));
  JsonReader reader(json, "saved counter");
  const auto content = [](BasketContent& into) {
    return [&into](JsonReader& inner) { into = read_content(inner); };
  };
  CounterState state;
  reader.small_integer("version", 1, kVersion);
  if (reader.has("role")) state.role = reader.take("role", parse_role(reader.text("role")));
  state.training = reader.has("training") && reader.boolean("training");
  state.refunding = reader.has("refunding") && reader.boolean("refunding");
  state.notes = read_notes(reader);
  state.cashier = reader.text("cashier", limits::kNameBytes);
  state.customer = read_customer(reader);
  read_object(reader, "basket", content(state.basket.content));
  state.basket.closed = reader.boolean("closed");
  state.basket.removed = read_labels(reader, "removed");
  state.basket.elsewhere = read_labels(reader, "elsewhere");
  state.basket.sold = read_labels(reader, "sold");
  read_list(reader, "held", kHeldMost, [&](JsonReader& inner) {
    HeldSale& sale = state.held.emplace_back();
    sale.customer = read_customer(inner);
    sale.notes = read_notes(inner);
    read_object(inner, "basket", content(sale.content));
  });
  if (reader.has("paid")) {
    read_object(reader, "paid", [&](JsonReader& inner) { state.paid = read_paid(inner); });
  }
  if (reader.has("day")) {
    read_object(reader, "day", [&](JsonReader& inner) { state.day = read_day(inner); });
  }
  if (state.basket.closed && !state.basket.content.lines.empty()) {
    reader.reject("closed", "contradicts the lines of an open sale");
  }
  TILLSIGHT_TRY(reader.finish());
  return state;
}

}  // namespace tillsight
