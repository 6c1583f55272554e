/// \file
/// What Connection, Statement and Transaction share: the sqlite3 handle, its idle statements, and
/// the one place where SQLite's result codes become ours.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <string_view>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::sql::detail {

class Handle {
 public:
  Handle(sqlite3* db, std::filesystem::path file);
  ~Handle();
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  sqlite3* db() const { return db_; }
  const std::filesystem::path& file() const { return file_; }

  Status execute(std::string_view sql);
  /// An idle statement with exactly this text, else a new one.
  Result<sqlite3_stmt*> borrow(std::string_view sql);
  void give_back(sqlite3_stmt* statement);

  /// From now on a read may last so long; see Options::read_time_max.
  void limit_reads(const Clock& clock, std::chrono::milliseconds time_max);
  /// A statement is about to look for its first row.
  void read_begins();
  bool read_is_overdue() const;
  Error overdue() const;

  /// Once, at the beginning: to undo should not need memory.
  Status prepare_rollback();
  /// Ends the open transaction. If not even that works, it is the first thing that is done when
  /// somebody wants something next.
  void roll_back();
  /// \return why what failed is still not undone.
  Status undo_first() { return undo_is_due_ ? undo() : Status(); }

  /// \param code what a call on db() has just answered.
  Error failure(int code) const;

 private:
  Status undo();

  sqlite3* db_;
  sqlite3_stmt* rollback_ = nullptr;
  bool undo_is_due_ = false;
  std::filesystem::path file_;
  struct Idle {
    std::string_view sql;  ///< the statement's own copy
    sqlite3_stmt* statement;
  };
  std::vector<Idle> idle_;
  const Clock* clock_ = nullptr;
  std::chrono::milliseconds read_time_max_{};
  MonotonicTime read_until_ = MonotonicTime::max();
};

/// SQLite would count every byte that it allocates, under a lock of the whole process: a tenth of
/// what an insert costs, for figures that nobody reads. It listens only before its first use.
void count_no_memory();

/// \param code extended result code. \param said SQLite's own words.
Error to_error(int code, int system_errno, const std::filesystem::path& file,
               std::string_view said);

}  // namespace tillsight::sql::detail
