/// \file
/// Reading JSON of foreign hands: every field is asked for by name, type and range, and the first
/// mistake is remembered, so that decoders read straight down and ask finish() once.
///
///     text ─► JsonText, parsed once ─► JsonValue ─► JsonReader: fields
///
/// simdjson parses, because this is most of what head office does for a sale. What it refuses or
/// reads more kindly than JSON allows (half of a surrogate pair) is left to nlohmann-json, and so
/// is what it cannot hold (whole numbers above 64 bits).
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/money.hpp"

namespace tillsight {

/// What a text may nest. An event nests four deep; writing JSON recurses, so a sender must not
/// choose how deep.
constexpr int kJsonDepthMax = 32;

/// A value inside a JsonText, which must outlive it. Cheap to copy.
class JsonValue {
 public:
  explicit JsonValue(simdjson::dom::element value) : value_(value) {}

  bool is_null() const { return value_.is_null(); }
  bool is_object() const { return value_.is_object(); }
  bool is_array() const { return value_.is_array(); }
  std::optional<std::string_view> text() const;
  std::optional<std::int64_t> integer() const;  ///< none for what is no whole number of 64 bits
  std::optional<double> number() const;
  std::optional<bool> boolean() const;
  /// \pre is_array()
  std::vector<JsonValue> elements() const;
  /// \pre is_object() \return its fields as they were written, a key's second value as well.
  std::vector<std::pair<std::string_view, JsonValue>> fields() const;

  /// The value as JSON on one line.
  std::string dump() const;

 private:
  simdjson::dom::element value_;
};

/// A parsed text. **Threads** thread-bound: its buffers go back to the thread that parsed it.
class JsonText {
 public:
  /// \param what names the text in messages.
  /// \return kInvalidArgument if `text` is no JSON, or nests more than kJsonDepthMax.
  static Result<JsonText> parse(std::string_view text, std::string_view what,
                                std::string_view expected = "JSON");

  JsonValue root() const { return JsonValue(parser_->doc.root()); }

 private:
  struct GiveBack {
    void operator()(simdjson::dom::parser* parser) const;
  };
  using Parser = std::unique_ptr<simdjson::dom::parser, GiveBack>;

  explicit JsonText(Parser parser) : parser_(std::move(parser)) {}
  static Parser borrow();

  Parser parser_;
};

/// \return kInvalidArgument if `text` is not one JSON object, or nests more than kJsonDepthMax.
Result<JsonText> parse_object(std::string_view text, std::string_view what);

class JsonReader {
 public:
  /// \param what names the object in messages. The text of `object` must outlive the reader.
  JsonReader(const JsonValue& object, std::string what);
  JsonReader(const JsonText& text, std::string what) : JsonReader(text.root(), std::move(what)) {}

  /// \return whether there is something at `key` other than null.
  bool has(std::string_view key) const;
  /// \return what stands at `key`, whatever it is; null if nothing does.
  const JsonValue* value(std::string_view key) const;
  std::string text(std::string_view key, std::size_t bytes_max = 4096);
  /// The same without a copy, as long as the JsonText lives.
  std::string_view view(std::string_view key, std::size_t bytes_max = 4096);
  std::string optional_text(std::string_view key, std::size_t bytes_max = 4096);
  /// An object of texts; none: empty.
  std::map<std::string, std::string> optional_texts(std::string_view key, std::size_t size_max,
                                                    std::size_t bytes_max);
  std::int64_t integer(std::string_view key,
                       std::int64_t least = std::numeric_limits<int64_t>::min(),
                       std::int64_t most = std::numeric_limits<int64_t>::max());
  int small_integer(std::string_view key, int least, int most);
  int optional_integer(std::string_view key, int fallback, int least, int most);
  double number(std::string_view key, double least, double most);
  bool boolean(std::string_view key);
  Money money(std::string_view key);
  /// \return the array at `key`, an empty one if it is missing or no array (a mistake).
  std::vector<JsonValue> array(std::string_view key, std::size_t size_max);
  /// \return none if it is missing or no object (a mistake).
  std::optional<JsonValue> object(std::string_view key);
  /// \return whatever stands at `key`, as JSON on one line; empty for nothing and null.
  std::string optional_json(std::string_view key) const;

  /// Takes the value, or remembers its error as the mistake in `key`.
  template <typename T>
  T take(std::string_view key, Result<T> result) {
    if (result.ok()) return std::move(result).value();
    reject(key, result.error().message());
    return T();
  }
  void reject(std::string_view key, std::string_view why);
  void adopt(const Status& status);

  Status finish() const;

 private:
  const JsonValue* find(std::string_view key, std::string_view expected);

  const std::vector<std::pair<std::string_view, JsonValue>> fields_;
  std::string what_;
  std::optional<Error> mistake_;
};

}  // namespace tillsight
