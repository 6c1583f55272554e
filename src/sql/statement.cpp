#include "tillsight/sql/statement.hpp"

#include <sqlite3.h>

#include <utility>

#include "handle.hpp"

namespace tillsight::sql {

Statement::Statement(detail::Handle& handle, sqlite3_stmt* prepared)
    : handle_(&handle), prepared_(prepared) {}

Statement::Statement(Statement&& other) noexcept
    : handle_(other.handle_),
      prepared_(std::exchange(other.prepared_, nullptr)),
      on_row_(std::exchange(other.on_row_, false)),
      bound_(other.bound_) {}

Statement::~Statement() {
  if (prepared_ != nullptr) handle_->give_back(prepared_);
}

/// What cannot be bound for want of memory fails when the statement is run.
void Statement::check_bound(int code) {
  // The rest is a parameter that is not there or a value above SQLite's 1 GB: bugs.
  TILLSIGHT_CHECK(code == SQLITE_OK || code == SQLITE_NOMEM, sqlite3_errstr(code));
  if (code != SQLITE_OK) bound_ = false;
}

void Statement::start_over() {
  bound_ = true;
  sqlite3_reset(prepared_);
  sqlite3_clear_bindings(prepared_);
  on_row_ = false;
}

void Statement::bind_at(int parameter, std::int64_t value) {
  check_bound(sqlite3_bind_int64(prepared_, parameter, value));
}

void Statement::bind_at(int parameter, double value) {
  check_bound(sqlite3_bind_double(prepared_, parameter, value));
}

void Statement::bind_at(int parameter, std::string_view value) {
  // A null pointer would be bound as NULL; an empty text is not NULL.
  const char* data = value.data() == nullptr ? "" : value.data();
  check_bound(
      sqlite3_bind_text64(prepared_, parameter, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind_at(int parameter, std::span<const std::byte> value) {
  const void* data = value.data() == nullptr ? "" : static_cast<const void*>(value.data());
  check_bound(sqlite3_bind_blob64(prepared_, parameter, data, value.size(), SQLITE_TRANSIENT));
}

void Statement::bind_at(int parameter, std::nullptr_t) {
  check_bound(sqlite3_bind_null(prepared_, parameter));
}

Result<bool> Statement::step() {
  TILLSIGHT_TRY(handle_->undo_first());
  if (!bound_) return handle_->failure(SQLITE_NOMEM);
  if (!on_row_) {
    handle_->read_begins();
  } else if (handle_->read_is_overdue()) {
    on_row_ = false;
    sqlite3_reset(prepared_);
    return handle_->overdue();
  }
  const int code = sqlite3_step(prepared_);
  on_row_ = code == SQLITE_ROW;
  if (on_row_) return true;
  Result<bool> done = code == SQLITE_DONE ? Result<bool>(false) : handle_->failure(code);
  // Ends the read, so that a finished statement never holds a checkpoint back.
  sqlite3_reset(prepared_);
  return done;
}

Status Statement::run() {
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, step());
    if (!row) return {};
  }
}

void Statement::check_column(int column) const {
  TILLSIGHT_CHECK(on_row_, "a column is read without a row");
  TILLSIGHT_CHECK(column >= 0 && column < sqlite3_column_count(prepared_), "no such column");
}

std::int64_t Statement::integer(int column) const {
  check_column(column);
  return sqlite3_column_int64(prepared_, column);
}

double Statement::real(int column) const {
  check_column(column);
  return sqlite3_column_double(prepared_, column);
}

std::string_view Statement::text(int column) const {
  check_column(column);
  // As a blob it comes without a zero at its end, for which there might be no memory.
  const void* const data = sqlite3_column_type(prepared_, column) == SQLITE_TEXT
                               ? sqlite3_column_blob(prepared_, column)
                               : sqlite3_column_text(prepared_, column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column))};
}

std::span<const std::byte> Statement::blob(int column) const {
  check_column(column);
  const void* data = sqlite3_column_blob(prepared_, column);
  if (data == nullptr) return {};
  return {static_cast<const std::byte*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column))};
}

bool Statement::is_null(int column) const {
  check_column(column);
  return sqlite3_column_type(prepared_, column) == SQLITE_NULL;
}

Statement::Kind Statement::kind(int column) const {
  check_column(column);
  switch (sqlite3_column_type(prepared_, column)) {
    case SQLITE_INTEGER: return Kind::kInteger;
    case SQLITE_FLOAT: return Kind::kReal;
    case SQLITE_TEXT: return Kind::kText;
    case SQLITE_BLOB: return Kind::kBlob;
    default: return Kind::kNull;
  }
}

int Statement::columns() const {
  return sqlite3_column_count(prepared_);
}

std::string_view Statement::column_name(int column) const {
  TILLSIGHT_CHECK(column >= 0 && column < columns(), "no such column");
  return sqlite3_column_name(prepared_, column);
}

}  // namespace tillsight::sql
