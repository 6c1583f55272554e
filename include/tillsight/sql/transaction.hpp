/// \file
/// All or nothing: what was written between begin() and commit() is durable as a whole, or gone.
///
/// **Ownership** Borrows the Connection, which must outlive it. **Threads** thread-bound.
///
/// **Example**
/// \code
///   TILLSIGHT_ASSIGN(Transaction all, Transaction::begin(db));
///   TILLSIGHT_TRY(insert_event(db, event));
///   TILLSIGHT_TRY(insert_outbox(db, event));
///   return all.commit();
/// \endcode
#pragma once

#include "tillsight/core/result.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::sql {

class Transaction {
 public:
  /// Takes the write lock at once, so that nothing later fails for want of it.
  /// \pre no other transaction is open on `connection`
  static Result<Transaction> begin(Connection& connection);
  /// Several reads that see one state of the database; for a read-only connection too.
  static Result<Transaction> snapshot(Connection& connection);

  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  /// Rolls back unless committed.
  ~Transaction();

  /// Durable when it returns success. After kUnavailable the outcome is unknown: read it back over
  /// a new connection. After any other error nothing was written.
  Status commit();

 private:
  explicit Transaction(detail::Handle& handle) : handle_(&handle) {}

  detail::Handle* handle_;  // null once committed or moved from
};

}  // namespace tillsight::sql
