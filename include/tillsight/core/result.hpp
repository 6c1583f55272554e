/// \file
/// A value or an Error. Debian 12's g++ has std::expected only in C++23, so this is the small part
/// of it that Tillsight needs, and [[nodiscard]] as a whole.
///
/// **Example**
/// \code
///   Result<Catalogue> load(const std::filesystem::path& file) {
///     TILLSIGHT_ASSIGN(const std::string text, read_file(file));
///     TILLSIGHT_TRY(check_header(text));
///     return Catalogue(text);
///   }
/// \endcode
#pragma once

#include <utility>
#include <variant>

#include "tillsight/core/check.hpp"
#include "tillsight/core/error.hpp"

namespace tillsight {

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// \pre ok()
  T& value() & { return check_ok(), std::get<0>(state_); }
  const T& value() const& { return check_ok(), std::get<0>(state_); }
  T&& value() && { return check_ok(), std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// \pre !ok()
  const Error& error() const {
    TILLSIGHT_CHECK(!ok(), "error() of a result that has a value");
    return std::get<1>(state_);
  }

 private:
  void check_ok() const {
    if (!ok()) check_failed("value() of a failed result", error().message());
  }

  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return error_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// \pre !ok()
  const Error& error() const {
    TILLSIGHT_CHECK(!ok(), "error() of a result that has a value");
    return std::get<1>(error_);
  }

 private:
  std::variant<std::monostate, Error> error_;
};

using Status = Result<void>;

}  // namespace tillsight

#define TILLSIGHT_JOIN_(a, b) a##b
#define TILLSIGHT_JOIN(a, b) TILLSIGHT_JOIN_(a, b)

/// Returns the error of a Result-valued expression to the caller, or goes on.
#define TILLSIGHT_TRY(expression)                                  \
  do {                                                             \
    if (auto tillsight_try = (expression); !tillsight_try.ok())    \
      return ::tillsight::Error(std::move(tillsight_try).error()); \
  } while (false)

/// Declares `declaration` from the value of a Result, or returns its error to the caller.
#define TILLSIGHT_ASSIGN(declaration, expression) \
  TILLSIGHT_ASSIGN_(TILLSIGHT_JOIN(tillsight_result_, __LINE__), declaration, expression)
#define TILLSIGHT_ASSIGN_(result, declaration, expression)                \
  auto result = (expression);                                             \
  if (!result.ok()) return ::tillsight::Error(std::move(result).error()); \
  declaration = std::move(result).value()
