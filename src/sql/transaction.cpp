#include "tillsight/sql/transaction.hpp"

#include <sqlite3.h>

#include <utility>

#include "handle.hpp"

namespace tillsight::sql {
namespace {

Status run(detail::Handle& handle, std::string_view sql) {
  TILLSIGHT_ASSIGN(sqlite3_stmt* const statement, handle.borrow(sql));
  const int code = sqlite3_step(statement);
  Status done = code == SQLITE_DONE ? Status{} : Status(handle.failure(code));
  handle.give_back(statement);
  return done;
}

Result<detail::Handle*> start(detail::Handle& handle, std::string_view sql) {
  TILLSIGHT_TRY(handle.undo_first());
  TILLSIGHT_CHECK(sqlite3_get_autocommit(handle.db()) != 0, "transactions do not nest");
  TILLSIGHT_TRY(run(handle, sql));
  return &handle;
}

}  // namespace

Result<Transaction> Transaction::begin(Connection& connection) {
  TILLSIGHT_ASSIGN(detail::Handle* const handle, start(*connection.handle_, "BEGIN IMMEDIATE"));
  return Transaction(*handle);
}

Result<Transaction> Transaction::snapshot(Connection& connection) {
  TILLSIGHT_ASSIGN(detail::Handle* const handle, start(*connection.handle_, "BEGIN"));
  return Transaction(*handle);
}

Transaction::Transaction(Transaction&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)) {}

Transaction::~Transaction() {
  if (handle_ != nullptr) handle_->roll_back();
}

Status Transaction::commit() {
  TILLSIGHT_CHECK(handle_ != nullptr, "a transaction is committed once");
  detail::Handle& handle = *std::exchange(handle_, nullptr);
  Status committed = run(handle, "COMMIT");
  if (!committed.ok()) handle.roll_back();
  return committed;
}

}  // namespace tillsight::sql
