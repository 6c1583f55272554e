#include "tillsight/sql/connection.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "handle.hpp"
#include "memory_disk_impl.hpp"
#include "tillsight/core/check.hpp"

namespace tillsight::sql {
namespace {

/// A file from a stranger must not run code: no triggers or views that call functions, no writing
/// to the schema or to shadow tables, and "text" in double quotes is an error, not a string.
void harden(sqlite3* db) {
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
}

/// Makes the kernel forget the log that a process before us has left, so that recovery reads the
/// medium. Linux shows what a sync has failed to write as if it had, and never writes it: commits
/// behind such frames would be synced, and yet be lost with them at the next power cut. What was
/// acknowledged is on the medium, so nothing is lost by asking it; nothing is written, so a power
/// cut harms nothing. The log, unlike the database, carries no locks that closing it would drop.
void forget_cached_log(const std::filesystem::path& database) {
  const std::string log = database.string() + "-wal";
  if (detail::forget_cached(log)) return;
  const int fd = ::open(log.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  // Only what is clean can be forgotten. What cannot be written now either was never acknowledged.
  [[maybe_unused]] const int synced = ::fdatasync(fd);
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  ::close(fd);
}

/// \return the log's file; null before the first commit.
sqlite3_file* log_of(detail::Handle& handle) {
  sqlite3_file* log = nullptr;
  const int code = sqlite3_file_control(handle.db(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  return code == SQLITE_OK && log != nullptr && log->pMethods != nullptr ? log : nullptr;
}

/// Writes zeros behind the end of the log. Whoever reads the log stops there, as at any frame that
/// does not belong. Under the write lock nobody else grows or recovers it meanwhile.
Status reserve_log(detail::Handle& handle, std::int64_t bytes) {
  if (bytes == 0) return {};
  TILLSIGHT_TRY(handle.execute("BEGIN IMMEDIATE"));
  if (sqlite3_file* const log = log_of(handle); log != nullptr) {
    const std::string zeros(64 * 1024, '\0');
    sqlite3_int64 size = 0;
    // A log that was shortened may still be long on the medium, and zeros in the middle of its
    // frames would bring back the old pages before them.
    int code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
    if (code == SQLITE_OK) code = log->pMethods->xFileSize(log, &size);
    for (; code == SQLITE_OK && size < bytes; size += std::ssize(zeros)) {
      code = log->pMethods->xWrite(log, zeros.data(), static_cast<int>(zeros.size()), size);
    }
    // Unless it is durable now, the first commits pay for it after all; nothing worse.
    log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
  }
  return handle.execute("ROLLBACK");
}

Status configure_writer(detail::Handle& handle, const Options& options) {
  TILLSIGHT_ASSIGN(sqlite3_stmt* const mode, handle.borrow("PRAGMA journal_mode = WAL"));
  const int code = sqlite3_step(mode);
  const bool is_wal =
      code == SQLITE_ROW &&
      std::string_view("wal") == reinterpret_cast<const char*>(sqlite3_column_text(mode, 0));
  Status failed = code == SQLITE_ROW ? Status{} : Status(handle.failure(code));
  handle.give_back(mode);
  TILLSIGHT_TRY(std::move(failed));
  if (!is_wal) {
    return error(Code::kFailedPrecondition,
                 "{}: this file system cannot hold a write-ahead log; put the file on a local disk",
                 handle.file().string());
  }
  TILLSIGHT_TRY(handle.execute(
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON"));
  TILLSIGHT_TRY(handle.execute(format("PRAGMA journal_size_limit = {}", options.wal_bytes_kept)));
  sqlite3_wal_autocheckpoint(handle.db(), options.autocheckpoint_pages);
  if (options.takes_over) return {};
  return reserve_log(handle, options.wal_bytes_reserved);
}

Error out_of_memory(const std::filesystem::path& file) {
  return error(Code::kResourceExhausted, "{}: cannot be opened; out of memory", file.string());
}

Status configure(detail::Handle& handle, const Options& options) {
  TILLSIGHT_TRY(handle.prepare_rollback());
  sqlite3_busy_timeout(handle.db(), static_cast<int>(options.busy_timeout.count()));
  if (options.clock != nullptr) handle.limit_reads(*options.clock, options.read_time_max);
  harden(handle.db());
  TILLSIGHT_TRY(handle.execute("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0"));
  if (options.access == Access::kReadWrite) return configure_writer(handle, options);
  sqlite3_wal_autocheckpoint(handle.db(), 0);
  // Opening reads nothing; this finds a file that is missing, damaged or no database.
  return handle.execute("SELECT count(*) FROM sqlite_schema");
}

}  // namespace

Connection::Connection(std::unique_ptr<detail::Handle> handle) : handle_(std::move(handle)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Connection> Connection::open(const std::filesystem::path& file, const Options& options) {
  const bool writes = options.access == Access::kReadWrite;
  std::error_code ignored;
  const bool is_new = writes && !std::filesystem::exists(file, ignored);
  if (writes && !options.takes_over) forget_cached_log(file);
  detail::count_no_memory();
  sqlite3* db = nullptr;
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  const int code = sqlite3_open_v2(file.c_str(), &db, flags, nullptr);
  if (db == nullptr) return out_of_memory(file);
  auto handle = std::make_unique<detail::Handle>(db, file);
  if (code != SQLITE_OK) return handle->failure(code);
  if (is_new) {
    // Before the log exists: it inherits the mode. By name, so that no lock is dropped.
    std::filesystem::permissions(
        file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
  }
  TILLSIGHT_TRY(configure(*handle, options));
  return Connection(std::move(handle));
}

Result<Statement> Connection::prepare(std::string_view sql) {
  TILLSIGHT_ASSIGN(sqlite3_stmt* const prepared, handle_->borrow(sql));
  return Statement(*handle_, prepared);
}

Status Connection::execute(std::string_view sql) {
  return handle_->execute(sql);
}

std::int64_t Connection::changes() const {
  return sqlite3_changes64(handle_->db());
}

std::int64_t Connection::last_insert_id() const {
  return sqlite3_last_insert_rowid(handle_->db());
}

Result<WalState> Connection::checkpoint(Checkpoint mode) {
  WalState state;
  const int code = sqlite3_wal_checkpoint_v2(
      handle_->db(), "main",
      mode == Checkpoint::kPassive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE,
      &state.pages, &state.pages_copied);
  if (code != SQLITE_OK) return handle_->failure(code).with_context("checkpoint");
  return state;
}

void Connection::leave_log_behind() {
  sqlite3_db_config(handle_->db(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

Status Connection::check_integrity() {
  TILLSIGHT_ASSIGN(Statement check, prepare("PRAGMA integrity_check(1)"));
  TILLSIGHT_ASSIGN(const bool row, check.step());
  if (row && check.text(0) == "ok") return {};
  return error(Code::kDataLoss, "{}: {}; keep a copy of the file and restore a backup",
               file().string(), row ? check.text(0) : "the integrity check gave no answer");
}

const std::filesystem::path& Connection::file() const {
  return handle_->file();
}

}  // namespace tillsight::sql
