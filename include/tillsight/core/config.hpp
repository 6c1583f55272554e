/// \file
/// Reads settings from TOML so that every mistake is answered with file, line and key.
///
/// **Errors** The reader remembers the first mistake (wrong type, out of range, missing) and
/// finish() returns it; a key that nobody asked for is a mistake too, with the nearest known key as
/// a suggestion, because a typo must not silently mean a default.
///
/// **Threads** thread-compatible.
///
/// **Example**
/// \code
///   TILLSIGHT_ASSIGN(ConfigReader reader, ConfigReader::load("config/till.toml"));
///   reader.require("store.id", settings.store);
///   reader.optional("mqtt.port", settings.port, 1, 65535);
///   TILLSIGHT_TRY(reader.finish());
/// \endcode
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/result.hpp"

namespace tillsight {

class ConfigReader {
 public:
  static Result<ConfigReader> load(const std::filesystem::path& file);
  /// \param name stands for the file in messages.
  static Result<ConfigReader> parse(std::string_view toml, std::string name);

  ConfigReader(ConfigReader&&) noexcept;
  ConfigReader& operator=(ConfigReader&&) noexcept;
  ~ConfigReader();

  /// Dotted keys. `optional` leaves `out` as it is when the key is absent; `require` calls that a
  /// mistake. Ranges are inclusive. A relative path is taken from the folder of the file.
  void optional(std::string_view key, std::string& out);
  void optional(std::string_view key, bool& out);
  void optional(std::string_view key, std::int64_t& out, std::int64_t least, std::int64_t most);
  void optional(std::string_view key, int& out, int least, int most);
  void optional(std::string_view key, double& out, double least, double most);
  void optional(std::string_view key, std::filesystem::path& out);
  void optional(std::string_view key, std::vector<std::string>& out);
  /// Whole milliseconds; such a key ends in `_ms`.
  void optional(std::string_view key, std::chrono::milliseconds& out,
                std::chrono::milliseconds least, std::chrono::milliseconds most);

  template <typename T, typename... Range>
  void require(std::string_view key, T& out, Range... range) {
    expect(key);
    optional(key, out, range...);
  }

  /// The keys of a table, in file order; for tables whose keys are data (a label's threshold).
  std::vector<std::string> keys(std::string_view table);

  /// Remembers a mistake that the caller found in the value of `key`.
  void reject(std::string_view key, std::string_view why);

  /// \return the first mistake as kInvalidArgument: "till.toml:12: mqtt.port: …".
  Status finish();

 private:
  struct Document;
  explicit ConfigReader(std::unique_ptr<Document> document);
  void expect(std::string_view key);

  std::unique_ptr<Document> document_;
};

}  // namespace tillsight
