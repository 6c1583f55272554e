/// \file
/// A SQLite database file: opened with the settings that keep acknowledged data through a power
/// cut, and every failure turned into an Error that names the file and what to do.
///
/// **Ownership** The Connection owns the file's handle and its prepared statements; Statements and
/// Transactions borrow it and must be gone before it is.
///
/// **Threads** thread-bound: one connection, one thread. SQLite 3.40 can damage a file when two
/// connections write or checkpoint at the same instant, so a database has exactly one kReadWrite
/// connection in the whole system; any number of kReadOnly ones may read beside it.
///
/// **Errors** kAborted: locked by someone else, run the transaction again. kResourceExhausted: disk
/// or memory full. kUnavailable: the medium failed; whether a commit took effect is unknown, read
/// it back. kDataLoss: the file is damaged. kFailedPrecondition: permissions, wrong file, wrong
/// version. kAlreadyExists / kInvalidArgument: a constraint, or wrong SQL.
///
/// Nothing else in the process may open and close the database file: POSIX would drop SQLite's
/// locks with it.
///
/// **Example** tests/sql/connection_test.cpp
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/sql/statement.hpp"

namespace tillsight::sql {

enum class Access {
  kReadWrite,  ///< creates the file if need be, readable by its owner only; owns the checkpoints
  kReadOnly,   ///< the file must exist; never writes, never checkpoints
};

struct Options {
  Access access = Access::kReadWrite;
  /// How long a statement waits for somebody else's lock before it answers kAborted.
  std::chrono::milliseconds busy_timeout{2000};
  /// A commit that leaves this many pages in the write-ahead log copies them into the database
  /// before it returns. Whoever calls checkpoint() in idle time sets it higher, as a backstop.
  int autocheckpoint_pages = 1000;
  /// The log file is reused up to this size rather than truncated: overwriting a block that the
  /// file already has is the cheapest durable write there is.
  std::int64_t wal_bytes_kept = 4 * 1024 * 1024;
  /// The log file is filled with zeros up to this size when the database is opened, so that the
  /// first commits overwrite blocks as well. Only speed depends on it: a full disk is no error.
  std::int64_t wal_bytes_reserved = 0;
  /// This connection takes over from one that is still open here and had an error: the log's index
  /// is alive, so there is nothing to recover, and a medium that may be failing gets nothing to
  /// write that it need not.
  bool takes_over = false;
  /// How long one read may hold its snapshot, from its first row to its last, by `clock`: a reader
  /// that stops half-way would let the log grow for ever. What takes longer is ended with
  /// kUnavailable, and may be read again in smaller pieces. Without a clock there is no limit.
  std::chrono::milliseconds read_time_max{2000};
  const Clock* clock = nullptr;  ///< must outlive the connection
};

enum class Checkpoint {
  kPassive,   ///< copies what no reader still needs; waits for nobody
  kTruncate,  ///< waits for readers and empties the log file; erased data is gone only after this
};

/// Told now and then while a file is copied. Both counts are of pages.
using CopyProgress = std::function<void(std::int64_t done, std::int64_t in_all)>;

/// The write-ahead log after a checkpoint.
struct WalState {
  int pages = 0;         ///< in the log
  int pages_copied = 0;  ///< of them already in the database; equal: the log starts over
};

class Connection {
 public:
  /// WAL, synchronous=FULL, foreign keys; a hostile file cannot run code through its schema.
  /// \return kNotFound when kReadOnly finds no file.
  static Result<Connection> open(const std::filesystem::path& file, const Options& options = {});

  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// One statement. Prepared statements are kept and used again by their text, so this is cheap.
  /// \param sql should be a literal: values go through Statement::bind, never into the text.
  Result<Statement> prepare(std::string_view sql);

  /// Any number of statements without parameters; rows are thrown away.
  Status execute(std::string_view sql);

  /// Rows changed by the last INSERT, UPDATE or DELETE.
  std::int64_t changes() const;
  std::int64_t last_insert_id() const;

  /// \return kAborted when kTruncate met a reader that did not end within the busy timeout.
  Result<WalState> checkpoint(Checkpoint mode);

  /// Copies the database as it is now, or as the open snapshot sees it, into a file of its own that
  /// needs no log beside it; others may write meanwhile, whose log grows until this returns.
  /// \return kAlreadyExists if `file` is there; after any other error it is to be removed.
  Status copy_to(const std::filesystem::path& file, const CopyProgress& progress);

  /// The file is evidence now: closing this connection does not tidy its log into it.
  void leave_log_behind();

  /// Reads the whole file. \return kDataLoss with the first thing that is wrong.
  Status check_integrity();

  const std::filesystem::path& file() const;

 private:
  friend class Transaction;
  explicit Connection(std::unique_ptr<detail::Handle> handle);

  std::unique_ptr<detail::Handle> handle_;
};

}  // namespace tillsight::sql
