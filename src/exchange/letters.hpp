/// \file
/// Foreign encodings as UTF-8.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"

namespace tillsight::exchange {

/// **Threads** thread-compatible. **Source** iconv(3).
class Letters {
 public:
  /// \param encoding any name that iconv knows. \return kInvalidArgument if there is none, or if
  /// ASCII stands otherwise in it (UTF-16): lines and columns could then not be told apart.
  static Result<Letters> open(const std::string& encoding);

  /// \return `text` as UTF-8; a view of it, or of `space`, which is overwritten.
  /// \return kInvalidArgument if that is no text of this encoding.
  Result<std::string_view> to_utf8(std::string_view text, std::string& space) const;

 private:
  struct Close {
    void operator()(void* converter) const;
  };
  Letters(std::string encoding, void* converter)
      : encoding_(std::move(encoding)), converter_(converter) {}

  std::string encoding_;
  std::unique_ptr<void, Close> converter_;
};

}  // namespace tillsight::exchange
