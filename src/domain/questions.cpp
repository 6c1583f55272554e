#include "tillsight/domain/questions.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "domain/json.hpp"
#include "domain/json_reader.hpp"
#include "tillsight/crypto/hash.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

constexpr std::size_t kIdBytes = 8;
constexpr std::string_view kSaleType = "tillsight.sale.v1";

bool is_id(std::string_view text) {
  return text.size() == 2 * kIdBytes && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string read_id(JsonReader& reader) {
  std::string id = reader.text("id", 64);
  if (!is_id(id)) reader.reject("id", "is not 16 hexadecimal digits");
  return id;
}

/// "+" and 4 to 15 digits, as E.164 has it; whether anybody has that number is not looked at.
bool is_phone(std::string_view text) {
  return text.size() >= 5 && text.size() <= 16 && text[0] == '+' && text[1] != '0' &&
         std::ranges::all_of(text.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

void write(Json& json, const question::AboutCustomer& about) {
  json["ask"] = "customer";
  json["phone"] = about.phone;
}
void write(Json& json, const question::AboutInvoice& about) {
  json["ask"] = "invoice";
  json["invoice_no"] = to_string(about.number);
  json["incarnation"] = about.asker.value();
}

constexpr std::array<std::pair<AnswerKind, std::string_view>, 4> kAnswerWords{{
    {AnswerKind::kNotNow, "not_now"},
    {AnswerKind::kUnknown, "none"},
    {AnswerKind::kCustomer, "customer"},
    {AnswerKind::kInvoice, "invoice"},
}};

std::string_view word_of(AnswerKind kind) {
  return std::ranges::find(kAnswerWords, kind, &decltype(kAnswerWords)::value_type::first)->second;
}

AnswerKind read_kind(JsonReader& reader) {
  const std::string word = reader.text("answer", 16);
  for (const auto& [kind, known] : kAnswerWords) {
    if (known == word) return kind;
  }
  reader.reject("answer", "is not customer, invoice, none or not_now");
  return AnswerKind::kNotNow;
}

/// \return none if `json` is not [line, pieces, by_asker].
std::optional<answer::Sale::Back> read_back(const JsonValue& json) {
  const auto three = json.is_array() ? json.elements() : std::vector<JsonValue>();
  if (three.size() != 3) return std::nullopt;
  const auto line = three[0].integer().value_or(0);
  const auto pieces = three[1].integer().value_or(0);
  const auto by_asker = three[2].integer().value_or(-1);
  constexpr auto kLines = static_cast<std::int64_t>(limits::kLinesPerSale);
  if (line < 1 || line > kLines || pieces < 1 || pieces > limits::kQuantityMax || by_asker < 0 ||
      by_asker > pieces) {
    return std::nullopt;
  }
  return answer::Sale::Back{static_cast<int>(line), static_cast<int>(pieces),
                            static_cast<int>(by_asker)};
}

std::vector<Sku> read_skus(JsonReader& reader) {
  std::vector<Sku> skus;
  for (const JsonValue& entry : reader.array("may_want", limits::kRecommendedSkus)) {
    const auto text = entry.text();
    auto sku = text ? parse_sku(*text) : Result<Sku>(error(Code::kInvalidArgument, "no text"));
    if (!sku.ok()) {
      reader.reject("may_want", "holds what is no SKU");
      break;
    }
    skus.push_back(*std::move(sku));
  }
  return skus;
}

answer::Sale read_sale(JsonReader& reader) {
  answer::Sale sale{reader.text("sealed", limits::kPayloadBytes), {}};
  for (const JsonValue& entry : reader.array("back", limits::kLinesPerSale)) {
    const auto back = read_back(entry);
    const bool follows = back && (sale.back.empty() || sale.back.back().line < back->line);
    if (!follows) {
      reader.reject("back", "holds an entry that is not the next [line, pieces, by_asker]");
      break;
    }
    sale.back.push_back(*back);
  }
  return sale;
}

}  // namespace

std::string new_question_id(Random& random) {
  return random_hex(random, kIdBytes);
}

std::string to_json(const TillQuestion& question) {
  Json json = {{"id", question.id}};
  std::visit([&json](const auto& about) { write(json, about); }, question.about);
  return dump(json);
}

Result<TillQuestion> parse_question(std::string_view json) {
  if (json.size() > limits::kQuestionBytes) {
    return error(Code::kInvalidArgument, "question: has {} bytes; at most {} are allowed",
                 json.size(), limits::kQuestionBytes);
  }
  const auto object = parse_object(json, "question");
  if (!object.ok()) return error(Code::kInvalidArgument, "question: is not a JSON object");
  JsonReader reader(*object, "question");
  TillQuestion question{read_id(reader), {}};
  const std::string ask = reader.text("ask", 16);
  if (ask == "customer") {
    question::AboutCustomer about{reader.text("phone", 32)};
    if (!is_phone(about.phone)) reader.reject("phone", "is not + and 4 to 15 digits");
    question.about = std::move(about);
  } else if (ask == "invoice") {
    question::AboutInvoice about;
    about.number = reader.take("invoice_no", parse_invoice_number(reader.text("invoice_no", 64)));
    about.asker = reader.take("incarnation", parse_incarnation(reader.text("incarnation", 64)));
    question.about = std::move(about);
  } else {
    reader.reject("ask", "is not customer or invoice");
  }
  TILLSIGHT_TRY(reader.finish());
  return question;
}

std::string to_json(const Answer& answer) {
  Json json = {{"id", answer.id}, {"answer", word_of(answer.kind)}};
  if (answer.kind == AnswerKind::kCustomer) {
    json["first_name"] = answer.name.first_name;
    json["last_name"] = answer.name.last_name;
    // Left out where there is none: as answers were before there were trainings.
    if (!answer.name.may_want.empty()) json["may_want"] = Json::array();
    for (const Sku& sku : answer.name.may_want) json["may_want"].push_back(sku.value());
  } else if (answer.kind == AnswerKind::kInvoice) {
    json["sealed"] = answer.sale.sealed;
    json["back"] = Json::array();
    for (const auto& [line, pieces, by_asker] : answer.sale.back) {
      json["back"].push_back({line, pieces, by_asker});
    }
  }
  return dump(json);
}

Result<Answer> parse_answer(std::string_view json) {
  if (json.size() > limits::kAnswerBytes) {
    return error(Code::kInvalidArgument, "answer: has {} bytes; at most {} are allowed",
                 json.size(), limits::kAnswerBytes);
  }
  const auto object = parse_object(json, "answer");
  if (!object.ok()) return error(Code::kInvalidArgument, "answer: is not a JSON object");
  JsonReader reader(*object, "answer");
  Answer answer{read_id(reader), read_kind(reader)};
  if (answer.kind == AnswerKind::kCustomer) {
    answer.name.first_name = reader.text("first_name", limits::kNameBytes);
    answer.name.last_name = reader.text("last_name", limits::kNameBytes);
    if (reader.has("may_want")) answer.name.may_want = read_skus(reader);
  } else if (answer.kind == AnswerKind::kInvoice) {
    answer.sale = read_sale(reader);
  }
  TILLSIGHT_TRY(reader.finish());
  return answer;
}

Result<SoldInvoice> sold_invoice(const answer::Sale& sale, const StoreId& store,
                                 const InvoiceNumber& number, const std::vector<int>& back_here) {
  Event event;
  event.type = kSaleType;
  event.sealed = sale.sealed;
  auto opened = open(event);
  if (!opened.ok()) return opened.error().with_context("answer");
  const EventIdentity& identity = opened->chain.identity;
  if (*opened->chain.invoice_no != number || identity.store != store) {
    return error(Code::kInvalidArgument, "answer: is about invoice {} of store {}, asked was {}",
                 to_string(*opened->chain.invoice_no), identity.store.value(), to_string(number));
  }
  const std::size_t lines = opened->invoice.lines.size();
  if (!sale.back.empty() && static_cast<std::size_t>(sale.back.back().line) > lines) {
    return error(Code::kInvalidArgument, "answer: line {} is said to have come back of {} lines",
                 sale.back.back().line, lines);
  }
  auto back = came_back(sale, opened->invoice, back_here);
  return SoldInvoice{identity.sequence, number, std::move(opened->invoice), std::move(back)};
}

std::vector<int> came_back(const answer::Sale& sale, const Invoice& sold,
                           const std::vector<int>& back_here) {
  std::vector<int> back = back_here;
  back.resize(sold.lines.size(), 0);
  for (const auto& [line, pieces, by_asker] : sale.back) {
    const auto index = static_cast<std::size_t>(line - 1);
    if (index >= back.size()) continue;
    // What this journal gave back and head office has heard of stands in both counts.
    back[index] = pieces - by_asker + std::max(by_asker, back[index]);
  }
  // If two tills gave back more than was sold, nothing is left of it.
  for (std::size_t i = 0; i < back.size(); ++i) back[i] = std::min(back[i], sold.lines[i].quantity);
  return back;
}

}  // namespace tillsight
