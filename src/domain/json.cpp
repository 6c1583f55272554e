#include "domain/json.hpp"

namespace tillsight {

Result<Json> parse_object(std::string_view text, std::string_view what) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_object()) return json;
  return error(Code::kInvalidArgument, "{} is not a JSON object", what);
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

JsonReader::JsonReader(const Json& object, std::string what)
    : object_(object), what_(std::move(what)) {
  TILLSIGHT_CHECK(object.is_object(), "a JsonReader reads objects");
}

bool JsonReader::has(std::string_view key) const {
  const auto found = object_.find(key);
  return found != object_.end() && !found->is_null();
}

const Json* JsonReader::find(std::string_view key, std::string_view expected) {
  const auto found = object_.find(key);
  if (found != object_.end()) return &*found;
  reject(key, format("is missing; expected {}", expected));
  return nullptr;
}

std::string JsonReader::text(std::string_view key, std::size_t bytes_max) {
  const Json* value = find(key, "a text");
  if (value == nullptr) return "";
  if (!value->is_string()) {
    reject(key, "is not a text");
    return "";
  }
  const auto& result = value->get_ref<const std::string&>();
  if (result.size() > bytes_max) {
    reject(key, format("has {} bytes; at most {} are allowed", result.size(), bytes_max));
    return "";
  }
  return result;
}

std::string JsonReader::optional_text(std::string_view key, std::size_t bytes_max) {
  return has(key) ? text(key, bytes_max) : "";
}

std::map<std::string, std::string> JsonReader::optional_texts(std::string_view key,
                                                              std::size_t size_max,
                                                              std::size_t bytes_max) {
  std::map<std::string, std::string> texts;
  if (!has(key)) return texts;
  const Json* const value = find(key, "an object");
  if (!value->is_object() || value->size() > size_max) {
    reject(key, format("is not an object of at most {} texts", size_max));
    return texts;
  }
  for (const auto& [name, text] : value->items()) {
    const bool fits = text.is_string() && name.size() <= bytes_max &&
                      text.get_ref<const std::string&>().size() <= bytes_max;
    if (!fits) reject(key, "holds something that is not a short text");
    if (fits) texts.emplace(name, text.get<std::string>());
  }
  return texts;
}

std::int64_t JsonReader::integer(std::string_view key, std::int64_t least, std::int64_t most) {
  const Json* value = find(key, "a whole number");
  if (value == nullptr) return 0;
  const bool fits = value->is_number_integer() &&
                    (!value->is_number_unsigned() ||
                     value->get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max());
  if (!fits) {
    reject(key, "is not a whole number");
    return 0;
  }
  const auto result = value->get<std::int64_t>();
  if (result < least || result > most) {
    reject(key, format("{} is out of range; use {} to {}", result, least, most));
    return 0;
  }
  return result;
}

int JsonReader::small_integer(std::string_view key, int least, int most) {
  return static_cast<int>(integer(key, least, most));
}

int JsonReader::optional_integer(std::string_view key, int fallback, int least, int most) {
  return has(key) ? small_integer(key, least, most) : fallback;
}

double JsonReader::number(std::string_view key, double least, double most) {
  const Json* value = find(key, "a number");
  if (value == nullptr) return 0;
  if (!value->is_number()) {
    reject(key, "is not a number");
    return 0;
  }
  const auto result = value->get<double>();
  if (!(result >= least && result <= most)) {
    reject(key, format("{} is out of range; use {} to {}", result, least, most));
    return 0;
  }
  return result;
}

bool JsonReader::boolean(std::string_view key) {
  const Json* value = find(key, "true or false");
  if (value == nullptr) return false;
  if (!value->is_boolean()) {
    reject(key, "is not true or false");
    return false;
  }
  return value->get<bool>();
}

Money JsonReader::money(std::string_view key) {
  // 10^13 minor units: a sum of 500 such lines is far from overflowing 64 bits.
  static constexpr std::int64_t kMost = 10'000'000'000'000;
  return Money::minor(integer(key, -kMost, kMost));
}

const Json& JsonReader::array(std::string_view key, std::size_t size_max) {
  static const Json kEmpty = Json::array();
  const Json* value = find(key, "a list");
  if (value == nullptr) return kEmpty;
  if (!value->is_array()) {
    reject(key, "is not a list");
    return kEmpty;
  }
  if (value->size() > size_max) {
    reject(key, format("has {} entries; at most {} are allowed", value->size(), size_max));
    return kEmpty;
  }
  return *value;
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
