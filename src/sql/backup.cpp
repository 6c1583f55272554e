#include <sqlite3.h>

#include <memory>

#include "handle.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::sql {
namespace {

constexpr int kPagesPerStep = 1024;  // 4 MiB

Result<std::unique_ptr<detail::Handle>> open_copy(const std::filesystem::path& file) {
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(
      file.c_str(), &db,
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
      nullptr);
  if (db == nullptr) {
    return error(Code::kResourceExhausted, "{}: cannot be opened; out of memory", file.string());
  }
  auto handle = std::make_unique<detail::Handle>(db, file);
  if (code != SQLITE_OK) return handle->failure(code);
  return handle;
}

Status copy_pages(detail::Handle& from, detail::Handle& to, const CopyProgress& progress) {
  sqlite3_backup* const copy = sqlite3_backup_init(to.db(), "main", from.db(), "main");
  if (copy == nullptr) return to.failure(sqlite3_extended_errcode(to.db()));
  int code = SQLITE_OK;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(copy, kPagesPerStep);
    const std::int64_t in_all = sqlite3_backup_pagecount(copy);
    progress(in_all - sqlite3_backup_remaining(copy), in_all);
  }
  sqlite3_backup_finish(copy);
  if (code == SQLITE_DONE) return {};
  // Which of the two files it was is known only to the one that failed.
  const bool source_failed = (sqlite3_errcode(from.db()) & 0xff) == (code & 0xff);
  return (source_failed ? from : to).failure(code);
}

}  // namespace

Status Connection::copy_to(const std::filesystem::path& file, const CopyProgress& progress) {
  if (std::filesystem::exists(std::filesystem::symlink_status(file))) {
    return error(Code::kAlreadyExists, "{}: is there already; name a new file", file.string());
  }
  {
    TILLSIGHT_ASSIGN(const auto copy, open_copy(file));
    // Until it is complete it is worth nothing, so it needs no way back.
    TILLSIGHT_TRY(copy->execute("PRAGMA journal_mode = OFF"));
    TILLSIGHT_TRY(copy_pages(*handle_, *copy, progress));
  }
  std::error_code ignored;
  std::filesystem::permissions(
      file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
  // The copied header speaks of a log; without one the copy is a single file.
  TILLSIGHT_ASSIGN(const auto copy, open_copy(file));
  return copy->execute("PRAGMA journal_mode = DELETE");
}

}  // namespace tillsight::sql
