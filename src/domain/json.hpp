/// \file
/// Reading JSON of foreign hands: every field is asked for by name, type and range, and the first
/// mistake is remembered, so that decoders read straight down and ask finish() once.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/money.hpp"

namespace tillsight {

using Json = nlohmann::ordered_json;  // fields keep the order in which they are written

/// \return kInvalidArgument if `text` is not one JSON object.
Result<Json> parse_object(std::string_view text, std::string_view what);

/// One line of JSON; what cannot be UTF-8 is replaced, never thrown.
std::string dump(const Json& json);

class JsonReader {
 public:
  /// \param what names the object in messages. `object` must outlive the reader.
  JsonReader(const Json& object, std::string what);

  bool has(std::string_view key) const;
  std::string text(std::string_view key, std::size_t bytes_max = 4096);
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
  const Json& array(std::string_view key, std::size_t size_max);

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
  const Json* find(std::string_view key, std::string_view expected);

  const Json& object_;
  std::string what_;
  std::optional<Error> mistake_;
};

}  // namespace tillsight
