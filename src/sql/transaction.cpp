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

void roll_back(detail::Handle& handle) {
  // Some errors have rolled back already; there is then nothing left to undo.
  if (sqlite3_get_autocommit(handle.db()) != 0) return;
  const Status undone = run(handle, "ROLLBACK");
  TILLSIGHT_CHECK(undone.ok() || sqlite3_get_autocommit(handle.db()) != 0,
                  "a transaction can neither be committed nor rolled back");
}

Result<detail::Handle*> start(detail::Handle& handle, std::string_view sql) {
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
  if (handle_ != nullptr) roll_back(*handle_);
}

Status Transaction::commit() {
  TILLSIGHT_CHECK(handle_ != nullptr, "a transaction is committed once");
  detail::Handle& handle = *std::exchange(handle_, nullptr);
  Status committed = run(handle, "COMMIT");
  if (!committed.ok()) roll_back(handle);
  return committed;
}

}  // namespace tillsight::sql
