#include "domain/json_reader.hpp"

#include <algorithm>
#include <cstring>

#include "domain/json.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

using simdjson::dom::element_type;
using simdjson::dom::parser;

/// Each thread keeps the buffers of the few texts that it has open at once.
constexpr std::size_t kIdleParsersMax = 4;
constexpr std::size_t kFirstBytes = 4096;  // more as texts ask for it

std::vector<std::unique_ptr<parser>>& idle_parsers() {
  thread_local std::vector<std::unique_ptr<parser>> idle;
  return idle;
}

/// Whether simdjson reads `text` as strictly as JSON asks: it lets half of a surrogate pair pass.
bool is_plain(std::string_view text) {
  constexpr std::string_view kEscape = R"(\u)";
  while (true) {
    const void* const found = ::memmem(text.data(), text.size(), kEscape.data(), kEscape.size());
    if (found == nullptr) return true;
    text.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) +
                       kEscape.size());
    if (text.starts_with('d') || text.starts_with('D')) return false;
  }
}

bool parse_fast(parser& into, std::string_view text) {
  return into.parse(text.data(), text.size()).error() == simdjson::SUCCESS;
}

/// Counts brackets outside of strings. \pre `json` is valid JSON
int nesting(std::string_view json) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      deepest = std::max(deepest, ++depth);
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

std::optional<std::string_view> JsonValue::text() const {
  if (value_.type() != element_type::STRING) return std::nullopt;
  return value_.get_string().value_unsafe();
}

std::optional<std::int64_t> JsonValue::integer() const {
  if (value_.type() != element_type::INT64) return std::nullopt;
  return value_.get_int64().value_unsafe();
}

std::optional<double> JsonValue::number() const {
  double number = 0;
  if (value_.get_double().get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

std::optional<bool> JsonValue::boolean() const {
  if (value_.type() != element_type::BOOL) return std::nullopt;
  return value_.get_bool().value_unsafe();
}

std::vector<JsonValue> JsonValue::elements() const {
  const simdjson::dom::array array = value_.get_array().value_unsafe();
  std::vector<JsonValue> elements;
  elements.reserve(array.size());
  for (const simdjson::dom::element element : array) elements.emplace_back(element);
  return elements;
}

std::vector<std::pair<std::string_view, JsonValue>> JsonValue::fields() const {
  const simdjson::dom::object object = value_.get_object().value_unsafe();
  std::vector<std::pair<std::string_view, JsonValue>> fields;
  fields.reserve(object.size());
  for (const auto [key, value] : object) fields.emplace_back(key, JsonValue(value));
  return fields;
}

std::string JsonValue::dump() const {
  return simdjson::minify(value_);
}

void JsonText::GiveBack::operator()(parser* raw) const {
  std::unique_ptr<parser> done(raw);
  auto& idle = idle_parsers();
  const bool ordinary = done->capacity() <= limits::kPayloadBytes;
  if (ordinary && idle.size() < kIdleParsersMax) idle.push_back(std::move(done));
}

JsonText::Parser JsonText::borrow() {
  auto& idle = idle_parsers();
  if (!idle.empty()) {
    Parser parser(idle.back().release());
    idle.pop_back();
    return parser;
  }
  Parser fresh(new parser);
  const auto made = fresh->allocate(kFirstBytes, kJsonDepthMax);
  TILLSIGHT_CHECK(made == simdjson::SUCCESS, "no memory for a JSON parser");
  return fresh;
}

Result<JsonText> JsonText::parse(std::string_view text, std::string_view what,
                                 std::string_view expected) {
  JsonText parsed(borrow());
  if (is_plain(text) && parse_fast(*parsed.parser_, text)) return parsed;
  const auto refused = [&] {
    return error(Code::kInvalidArgument, "{} is not {}", what, expected);
  };
  // nlohmann-json takes a NUL for the end of the text.
  if (text.find('\0') != std::string_view::npos) return refused();
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return refused();
  if (const int depth = nesting(text); depth > kJsonDepthMax) {
    return error(Code::kInvalidArgument, "{} nests {} deep; at most {} are allowed", what, depth,
                 kJsonDepthMax);
  }
  // The same in plain words, which both read alike.
  if (!parse_fast(*parsed.parser_, tillsight::dump(json))) return refused();
  return parsed;
}

Result<JsonText> parse_object(std::string_view text, std::string_view what) {
  TILLSIGHT_ASSIGN(JsonText json, JsonText::parse(text, what, "a JSON object"));
  if (json.root().is_object()) return json;
  return error(Code::kInvalidArgument, "{} is not a JSON object", what);
}

JsonReader::JsonReader(const JsonValue& object, std::string what)
    : fields_(object.fields()), what_(std::move(what)) {}

bool JsonReader::has(std::string_view key) const {
  const JsonValue* found = value(key);
  return found != nullptr && !found->is_null();
}

/// The last of several with the same key counts.
const JsonValue* JsonReader::value(std::string_view key) const {
  for (auto field = fields_.rbegin(); field != fields_.rend(); ++field) {
    if (field->first == key) return &field->second;
  }
  return nullptr;
}

const JsonValue* JsonReader::find(std::string_view key, std::string_view expected) {
  const JsonValue* found = value(key);
  if (found == nullptr) reject(key, format("is missing; expected {}", expected));
  return found;
}

std::string JsonReader::text(std::string_view key, std::size_t bytes_max) {
  return std::string(view(key, bytes_max));
}

std::string_view JsonReader::view(std::string_view key, std::size_t bytes_max) {
  const JsonValue* value = find(key, "a text");
  if (value == nullptr) return "";
  const auto result = value->text();
  if (!result) {
    reject(key, "is not a text");
    return "";
  }
  if (result->size() > bytes_max) {
    reject(key, format("has {} bytes; at most {} are allowed", result->size(), bytes_max));
    return "";
  }
  return *result;
}

std::string JsonReader::optional_text(std::string_view key, std::size_t bytes_max) {
  return has(key) ? text(key, bytes_max) : "";
}

std::map<std::string, std::string> JsonReader::optional_texts(std::string_view key,
                                                              std::size_t size_max,
                                                              std::size_t bytes_max) {
  std::map<std::string, std::string> texts;
  if (!has(key)) return texts;
  const JsonValue* const object = value(key);
  if (!object->is_object() || object->fields().size() > size_max) {
    reject(key, format("is not an object of at most {} texts", size_max));
    return texts;
  }
  for (const auto& [name, entry] : object->fields()) {
    const auto text = entry.text();
    const bool fits = text && name.size() <= bytes_max && text->size() <= bytes_max;
    if (!fits) reject(key, "holds something that is not a short text");
    if (fits) texts.insert_or_assign(std::string(name), std::string(*text));
  }
  return texts;
}

std::int64_t JsonReader::integer(std::string_view key, std::int64_t least, std::int64_t most) {
  const JsonValue* value = find(key, "a whole number");
  if (value == nullptr) return 0;
  const auto result = value->integer();
  if (!result) {
    reject(key, "is not a whole number");
    return 0;
  }
  if (*result < least || *result > most) {
    reject(key, format("{} is out of range; use {} to {}", *result, least, most));
    return 0;
  }
  return *result;
}

int JsonReader::small_integer(std::string_view key, int least, int most) {
  return static_cast<int>(integer(key, least, most));
}

int JsonReader::optional_integer(std::string_view key, int fallback, int least, int most) {
  return has(key) ? small_integer(key, least, most) : fallback;
}

double JsonReader::number(std::string_view key, double least, double most) {
  const JsonValue* value = find(key, "a number");
  if (value == nullptr) return 0;
  const auto result = value->number();
  if (!result) {
    reject(key, "is not a number");
    return 0;
  }
  if (!(*result >= least && *result <= most)) {
    reject(key, format("{} is out of range; use {} to {}", *result, least, most));
    return 0;
  }
  return *result;
}

bool JsonReader::boolean(std::string_view key) {
  const JsonValue* value = find(key, "true or false");
  if (value == nullptr) return false;
  const auto result = value->boolean();
  if (!result) reject(key, "is not true or false");
  return result.value_or(false);
}

Money JsonReader::money(std::string_view key) {
  // 10^13 minor units: a sum of 500 such lines is far from overflowing 64 bits.
  constexpr std::int64_t kMost = limits::kMoneyMinorUnits;
  return Money::minor(integer(key, -kMost, kMost));
}

std::vector<JsonValue> JsonReader::array(std::string_view key, std::size_t size_max) {
  const JsonValue* value = find(key, "a list");
  if (value == nullptr) return {};
  if (!value->is_array()) {
    reject(key, "is not a list");
    return {};
  }
  std::vector<JsonValue> elements = value->elements();
  if (elements.size() > size_max) {
    reject(key, format("has {} entries; at most {} are allowed", elements.size(), size_max));
    return {};
  }
  return elements;
}

std::optional<JsonValue> JsonReader::object(std::string_view key) {
  const JsonValue* found = value(key);
  if (found != nullptr && found->is_object()) return *found;
  reject(key, "is not an object");
  return std::nullopt;
}

std::string JsonReader::optional_json(std::string_view key) const {
  return has(key) ? value(key)->dump() : "";
}

void JsonReader::reject(std::string_view key, std::string_view why) {
  if (!mistake_) mistake_ = error(Code::kInvalidArgument, "{}: '{}' {}", what_, key, why);
}

void JsonReader::adopt(const Status& status) {
  if (!mistake_ && !status.ok()) mistake_ = status.error().with_context(what_);
}

Status JsonReader::finish() const {
  if (mistake_) return *mistake_;
  return {};
}

}  // namespace tillsight
