/// \file
/// What went wrong and what the caller should do about it.
///
/// Three kinds of trouble are never mixed. Operating errors (no frame, disk full, broker away) are
/// values of this type. Bugs end the process through TILLSIGHT_CHECK. Exceptions of foreign
/// libraries are caught in the adapter that makes the call and become an Error there.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "tillsight/core/format.hpp"

namespace tillsight {

/// Chosen by what the caller does next, not by what happened.
enum class Code {
  kUnavailable,         ///< Retry this call, with backoff.
  kAborted,             ///< Retry the whole transaction.
  kFailedPrecondition,  ///< A person must act first; the message says how.
  kInvalidArgument,     ///< Fix the call or the input.
  kNotFound,            ///< The named thing is not there.
  kAlreadyExists,       ///< For ingest this is success.
  kResourceExhausted,   ///< Shed load.
  kDataLoss,            ///< Stop writing and shout.
  kCancelled,           ///< A stop was asked for.
};

std::string_view name(Code code);

/// One line: the object at the lowest level, what failed, what to do about it.
/// Context is added on the way up, and the line is logged once, where it is decided.
class Error {
 public:
  Error(Code code, std::string message) : code_(code), message_(std::move(message)) {}

  Code code() const { return code_; }
  const std::string& message() const { return message_; }
  /// Stable, for who translates the message: "pay.asks". Empty: it has none.
  const std::string& id() const { return id_; }

  /// \return the same error with "context: " before its message.
  Error with_context(std::string_view context) const;
  Error with_id(std::string_view id) const;

 private:
  Code code_;
  std::string message_;
  std::string id_;
};

template <typename... Args>
Error error(Code code, format_string<Args...> text, Args&&... args) {
  return Error(code, format(text, std::forward<Args>(args)...));
}

}  // namespace tillsight
