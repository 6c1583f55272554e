/// \file
/// Writes values into a commented settings file, so that what is provisioned explains itself as the
/// shipped example does.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"

namespace tillsight::app {

class SettingsText {
 public:
  /// \param toml a shipped example: every key stands in it, in use or behind a comment sign.
  explicit SettingsText(std::string_view toml) : text_(toml) {}

  /// Sets "mqtt.host"; what stood behind it as a comment stays.
  /// \return kInvalidArgument for a value with a control character; kNotFound for a key that the
  /// example does not have.
  Status set(std::string_view key, std::string_view value);
  Status set(std::string_view key, int value);

  const std::string& text() const { return text_; }

 private:
  Status set_raw(std::string_view key, const std::string& value);

  std::string text_;
};

}  // namespace tillsight::app
