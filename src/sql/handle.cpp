#include "handle.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

namespace tillsight::sql::detail {
namespace {

// Programs use a few dozen texts; the bound is for the program that builds SQL from pieces.
constexpr std::size_t kIdleStatementsMax = 64;

// About a millisecond of work.
constexpr int kStepsPerLookAtTheClock = 10'000;

struct Meaning {
  Code code;
  std::string_view remedy;
};

constexpr Meaning kLocked{Code::kAborted, "somebody else holds the lock; try again"};
constexpr Meaning kDamaged{Code::kDataLoss,
                           "the file is damaged; stop, keep a copy of it and restore a backup"};
constexpr Meaning kMediumFailed{Code::kUnavailable,
                                "the storage medium failed; look at the kernel log"};
constexpr Meaning kFull{Code::kResourceExhausted,
                        "the disk is full; free space on its file system"};
constexpr Meaning kNoAccess{Code::kFailedPrecondition,
                            "check that the folder exists and that this user may write to it"};
constexpr Meaning kWrongCall{Code::kInvalidArgument, "check the statement and its values"};

Meaning io_meaning(int extended) {
  switch (extended) {
    case SQLITE_IOERR_NOMEM: return {Code::kResourceExhausted, "out of memory"};
    case SQLITE_IOERR_SHMSIZE: return kFull;  // the log's index could not grow
    case SQLITE_IOERR_DATA: return kDamaged;
    case SQLITE_IOERR_BLOCKED:
    case SQLITE_IOERR_LOCK: return kLocked;
    default: return kMediumFailed;
  }
}

Meaning constraint_meaning(int extended) {
  switch (extended) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_UNIQUE: return {Code::kAlreadyExists, "it is already stored"};
    default: return {Code::kInvalidArgument, "the values break a rule of the table"};
  }
}

Meaning meaning(int extended, int system_errno) {
  switch (extended & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_SCHEMA: return kLocked;
    case SQLITE_FULL: return kFull;
    case SQLITE_NOMEM: return {Code::kResourceExhausted, "out of memory"};
    case SQLITE_IOERR: return io_meaning(extended);
    case SQLITE_CORRUPT: return kDamaged;
    case SQLITE_NOTADB:
      return {Code::kDataLoss,
              "this is no SQLite database, or its header is damaged; "
              "keep a copy of it and restore a backup"};
    case SQLITE_CANTOPEN:
      if (system_errno == ENOENT) return {Code::kNotFound, "check the path"};
      return kNoAccess;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY: return kNoAccess;
    case SQLITE_CONSTRAINT: return constraint_meaning(extended);
    case SQLITE_INTERRUPT: return {Code::kCancelled, "interrupted"};
    default: return kWrongCall;
  }
}

}  // namespace

Error to_error(int code, int system_errno, const std::filesystem::path& file,
               std::string_view said) {
  TILLSIGHT_CHECK((code & 0xff) != SQLITE_MISUSE, said);
  const Meaning is = meaning(code, system_errno);
  return error(is.code, "{}: {} (SQLite {}); {}", file.string(), said, code, is.remedy);
}

void count_no_memory() {
  [[maybe_unused]] static const int kCode = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

Handle::Handle(sqlite3* db, std::filesystem::path file) : db_(db), file_(std::move(file)) {
  idle_.reserve(kIdleStatementsMax);
}

Handle::~Handle() {
  for (const Idle& idle : idle_) sqlite3_finalize(idle.statement);
  sqlite3_finalize(rollback_);
  const int closed = sqlite3_close(db_);
  TILLSIGHT_CHECK(closed == SQLITE_OK, "a Statement outlives its Connection");
}

Status Handle::execute(std::string_view sql) {
  TILLSIGHT_TRY(undo_first());
  while (!sql.empty()) {
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    TILLSIGHT_CHECK(sql.size() < std::numeric_limits<int>::max(), "SQL of 2 GB");
    int code =
        sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), 0, &statement, &rest);
    if (code != SQLITE_OK) return failure(code);
    sql.remove_prefix(static_cast<std::size_t>(rest - sql.data()));
    if (statement == nullptr) continue;
    do {
      code = sqlite3_step(statement);
    } while (code == SQLITE_ROW);
    if (code != SQLITE_DONE) {
      Error failed = failure(code);
      sqlite3_finalize(statement);
      return failed;
    }
    sqlite3_finalize(statement);
  }
  return {};
}

Result<sqlite3_stmt*> Handle::borrow(std::string_view sql) {
  TILLSIGHT_TRY(undo_first());
  const auto same_text = [sql](const Idle& idle) { return idle.sql == sql; };
  const auto found = std::find_if(idle_.begin(), idle_.end(), same_text);
  if (found != idle_.end()) {
    sqlite3_stmt* const statement = found->statement;
    idle_.erase(found);
    return statement;
  }
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, &rest);
  if (code != SQLITE_OK) return failure(code);
  TILLSIGHT_CHECK(statement != nullptr && rest == sql.data() + sql.size(),
                  "prepare() takes exactly one statement, without a semicolon");
  return statement;
}

void Handle::give_back(sqlite3_stmt* statement) {
  // The error of the last step comes back from reset and was reported then.
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  if (idle_.size() < kIdleStatementsMax) {
    idle_.push_back({sqlite3_sql(statement), statement});
  } else {
    sqlite3_finalize(statement);
  }
}

void Handle::limit_reads(const Clock& clock, std::chrono::milliseconds time_max) {
  clock_ = &clock;
  read_time_max_ = time_max;
  const auto interrupt_if_overdue = [](void* handle) {
    return static_cast<const Handle*>(handle)->read_is_overdue() ? 1 : 0;
  };
  sqlite3_progress_handler(db_, kStepsPerLookAtTheClock, interrupt_if_overdue, this);
}

void Handle::read_begins() {
  if (clock_ != nullptr) read_until_ = clock_->monotonic_now() + read_time_max_;
}

bool Handle::read_is_overdue() const {
  return clock_ != nullptr && clock_->monotonic_now() > read_until_;
}

Error Handle::overdue() const {
  return error(Code::kUnavailable,
               "{}: the read took longer than {} ms and was ended, so that the log does not grow; "
               "read again, in smaller pieces",
               file_.string(), read_time_max_.count());
}

Status Handle::prepare_rollback() {
  TILLSIGHT_ASSIGN(rollback_, borrow("ROLLBACK"));
  return {};
}

void Handle::roll_back() {
  undo_is_due_ = true;
  // Its failure comes back from whatever is wanted next.
  static_cast<void>(undo().ok());
}

Status Handle::undo() {
  // Some errors have rolled back already; there is then nothing left to undo.
  const int code = sqlite3_get_autocommit(db_) != 0 ? SQLITE_DONE : sqlite3_step(rollback_);
  undo_is_due_ = sqlite3_get_autocommit(db_) == 0;
  Status undone = undo_is_due_ ? Status(failure(code)) : Status();
  sqlite3_reset(rollback_);
  return undone;
}

Error Handle::failure(int code) const {
  if (code == SQLITE_INTERRUPT && clock_ != nullptr) return overdue();
  return to_error(code, sqlite3_system_errno(db_), file_, sqlite3_errmsg(db_));
}

}  // namespace tillsight::sql::detail
