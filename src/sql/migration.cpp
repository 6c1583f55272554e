#include "tillsight/sql/migration.hpp"

#include "tillsight/core/check.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::sql {
namespace {

Result<std::int64_t> number(Connection& connection, std::string_view sql) {
  TILLSIGHT_ASSIGN(Statement statement, connection.prepare(sql));
  TILLSIGHT_ASSIGN(const bool row, statement.step());
  TILLSIGHT_CHECK(row, "a query for one number has one row");
  return statement.integer(0);
}

/// \return the version, 0 for a file without content, or why the file is not this schema's.
Result<std::int64_t> version_of(Connection& connection, const Schema& schema) {
  TILLSIGHT_ASSIGN(const std::int64_t mark, number(connection, "PRAGMA application_id"));
  TILLSIGHT_ASSIGN(const std::int64_t version, number(connection, "PRAGMA user_version"));
  TILLSIGHT_ASSIGN(const std::int64_t objects,
                   number(connection, "SELECT count(*) FROM sqlite_schema"));
  if (mark != schema.application_id && (mark != 0 || version != 0 || objects != 0)) {
    return error(Code::kFailedPrecondition, "{}: this is not a {}; check the path in the settings",
                 connection.file().string(), schema.name);
  }
  if (version > std::ssize(schema.steps)) {
    return error(Code::kFailedPrecondition,
                 "{}: this {} has format {}, written by a newer tillsight; this one knows up to "
                 "{}; install the newer version",
                 connection.file().string(), schema.name, version, schema.steps.size());
  }
  return version;
}

Result<std::string> drop_views(Connection& connection) {
  TILLSIGHT_ASSIGN(Statement views,
                   connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'"));
  std::string drops;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, views.step());
    if (!row) return drops;
    drops += format("DROP VIEW \"{}\";", views.text(0));
  }
}

/// A step sees no views: the last one makes all of them anew.
Status run_step(Connection& connection, const Schema& schema, std::size_t step) {
  TILLSIGHT_ASSIGN(Transaction all, Transaction::begin(connection));
  TILLSIGHT_ASSIGN(const std::string drops, drop_views(connection));
  TILLSIGHT_TRY(connection.execute(drops));
  TILLSIGHT_TRY(connection.execute(schema.steps[step]));
  if (step + 1 == schema.steps.size()) TILLSIGHT_TRY(connection.execute(schema.views));
  TILLSIGHT_TRY(connection.execute(format("PRAGMA user_version = {}; PRAGMA application_id = {}",
                                          step + 1, schema.application_id)));
  return all.commit();
}

}  // namespace

Status migrate(Connection& connection, const Schema& schema) {
  TILLSIGHT_CHECK(schema.application_id != 0, "application_id 0 is every database's");
  TILLSIGHT_ASSIGN(const std::int64_t version, version_of(connection, schema));
  for (auto step = static_cast<std::size_t>(version); step < schema.steps.size(); ++step) {
    if (const Status done = run_step(connection, schema, step); !done.ok()) {
      return done.error().with_context(format("{}: format {}", schema.name, step + 1));
    }
  }
  return {};
}

Status expect_schema(Connection& connection, const Schema& schema) {
  TILLSIGHT_ASSIGN(const std::int64_t version, version_of(connection, schema));
  if (version == std::ssize(schema.steps)) return {};
  return error(Code::kFailedPrecondition,
               "{}: this {} has format {}, not {}; let the service that owns it start once",
               connection.file().string(), schema.name, version, schema.steps.size());
}

}  // namespace tillsight::sql
