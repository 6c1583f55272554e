/// \file
/// One prepared SQL statement: bind values, step through rows, read columns.
///
/// **Ownership** Borrows its Connection; gives the prepared form back to it at the end of its life.
/// **Threads** thread-bound, as its Connection. **Errors** as connection.hpp lists them; a wrong
/// parameter or column number is a bug and ends the process.
///
/// **Example**
/// \code
///   TILLSIGHT_ASSIGN(Statement find, db.prepare("SELECT name, price FROM product WHERE sku = ?"));
///   find.bind(sku);
///   TILLSIGHT_ASSIGN(const bool found, find.step());
///   if (found) use(find.text(0), find.integer(1));
/// \endcode
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "tillsight/core/result.hpp"

struct sqlite3_stmt;

namespace tillsight::sql {

namespace detail {
class Handle;
}

class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  /// Sets the parameters from the first on; those after the last value given are NULL. Values are
  /// copied: integers, double, std::string_view, std::span<const std::byte>, nullptr, or an
  /// std::optional of these. Starts over if the statement has run before.
  template <typename... Values>
  Statement& bind(const Values&... values) {
    start_over();
    [[maybe_unused]] int parameter = 0;
    (bind_at(++parameter, values), ...);
    return *this;
  }

  /// The same with the values of ranges, one after the other.
  template <typename... Ranges>
  Statement& bind_each(const Ranges&... ranges) {
    start_over();
    int parameter = 0;
    const auto bind_range = [&](const auto& range) {
      for (const auto& value : range) bind_at(++parameter, value);
    };
    (bind_range(ranges), ...);
    return *this;
  }

  /// \return whether there is a row; after false the statement may be bound and run again.
  Result<bool> step();
  /// Steps to the end, for statements whose rows nobody wants.
  Status run();

  /// Columns of the current row, from 0. NULL reads as 0 or empty; views last until the next step.
  /// \pre the last step() answered true
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;
  std::span<const std::byte> blob(int column) const;
  bool is_null(int column) const;
  /// What the value is, whatever its column was declared as.
  enum class Kind { kNull, kInteger, kReal, kText, kBlob };
  Kind kind(int column) const;

  int columns() const;
  std::string_view column_name(int column) const;

 private:
  friend class Connection;
  Statement(detail::Handle& handle, sqlite3_stmt* prepared);

  void check_bound(int code);
  void start_over();
  void bind_at(int parameter, std::int64_t value);
  void bind_at(int parameter, int value) { bind_at(parameter, std::int64_t{value}); }
  void bind_at(int parameter, double value);
  void bind_at(int parameter, std::string_view value);
  void bind_at(int parameter, std::span<const std::byte> value);
  void bind_at(int parameter, std::nullptr_t);
  template <typename T>
  void bind_at(int parameter, const std::optional<T>& value) {
    value ? bind_at(parameter, *value) : bind_at(parameter, nullptr);
  }
  void check_column(int column) const;

  detail::Handle* handle_;
  sqlite3_stmt* prepared_;
  bool on_row_ = false;
  bool bound_ = true;  // false: there was no memory for a value
};

}  // namespace tillsight::sql
