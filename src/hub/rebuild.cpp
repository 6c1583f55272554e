#include "tillsight/hub/rebuild.hpp"

#include <algorithm>
#include <array>

#include "hub/folder_lock.hpp"
#include "hub/persons.hpp"
#include "hub/sales.hpp"
#include "hub/schema.hpp"
#include "hub/schema_sums.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::hub {
namespace {

constexpr int kSlice = 200;
// What refers to a row goes before it.
constexpr std::array<std::string_view, 6> kTold = {"line", "tender", "invoice",
                                                   "cash", "z",      "clock_correction"};

Result<std::int64_t> number(sql::Connection& db, std::string_view sql) {
  TILLSIGHT_ASSIGN(auto find, db.prepare(sql));
  TILLSIGHT_ASSIGN(const bool found, find.step());
  return found ? find.integer(0) : 0;
}

/// \return all that is told of one event, as a text to compare.
Result<std::string> told_of(sql::Connection& db, std::int64_t event_row) {
  std::string told;
  for (const std::string_view table : kTold) {
    TILLSIGHT_ASSIGN(auto rows, db.prepare(format("SELECT * FROM {} WHERE event_id = ?", table)));
    rows.bind(event_row);
    while (true) {
      TILLSIGHT_ASSIGN(const bool row, rows.step());
      if (!row) break;
      for (int column = 0; column < rows.columns(); ++column) {
        told += format("{}{}|", rows.is_null(column) ? "-" : "=", rows.text(column));
      }
    }
  }
  return told;
}

Result<std::optional<PersonRef>> person_of(sql::Connection& db, std::int64_t event_row) {
  TILLSIGHT_ASSIGN(auto find, db.prepare("SELECT customer, person FROM invoice WHERE event_id = ? "
                                         "AND customer IS NOT NULL"));
  TILLSIGHT_ASSIGN(const bool found, find.bind(event_row).step());
  if (!found) return std::optional<PersonRef>();
  return std::optional(PersonRef{find.integer(1), std::string(find.text(0))});
}

Status erase_told(sql::Connection& db, std::int64_t event_row) {
  for (const std::string_view table : kTold) {
    TILLSIGHT_ASSIGN(auto erase, db.prepare(format("DELETE FROM {} WHERE event_id = ?", table)));
    TILLSIGHT_TRY(erase.bind(event_row).run());
  }
  return {};
}

/// An event of a till, with the number of its row.
struct StoredEvent {
  std::int64_t row = 0;
  Event event;
};

Result<std::vector<StoredEvent>> events_after(sql::Connection& db, std::int64_t row) {
  TILLSIGHT_ASSIGN(auto rows,
                   db.prepare("SELECT event.id, store, till, incarnation, sequence, type, "
                              "happened_at, sealed FROM event JOIN journal ON journal.id = "
                              "journal_id WHERE event.id > ? AND origin = 'till' "
                              "ORDER BY event.id LIMIT ?"));
  rows.bind(row, kSlice);
  std::vector<StoredEvent> events;
  while (true) {
    TILLSIGHT_ASSIGN(const bool found, rows.step());
    if (!found) return events;
    EventIdentity identity{StoreId(std::string(rows.text(1))), TillId(std::string(rows.text(2))),
                           Incarnation(std::string(rows.text(3))), Sequence(rows.integer(4))};
    events.push_back({rows.integer(0),
                      {std::move(identity), std::string(rows.text(5)), std::string(rows.text(6)),
                       std::string(rows.text(7)), "", ""}});
  }
}

/// \return whether something else was told of it than what was sealed.
Result<bool> tell_again(sql::Connection& db, const StoredEvent& stored) {
  const Event& event = stored.event;
  std::optional<Opened> opened;
  if (holds_invoice(event.type)) {
    TILLSIGHT_ASSIGN(opened, open(event));
  }
  TILLSIGHT_ASSIGN(const std::string before, told_of(db, stored.row));
  TILLSIGHT_ASSIGN(const auto person, person_of(db, stored.row));
  TILLSIGHT_TRY(erase_told(db, stored.row));
  TILLSIGHT_TRY(insert_columns(db, stored.row, event, opened, person));
  TILLSIGHT_ASSIGN(const std::string after, told_of(db, stored.row));
  return before != after;
}

Result<Rebuilt> rebuild_told(sql::Connection& db, const Progress& progress) {
  TILLSIGHT_ASSIGN(const std::int64_t last, number(db, "SELECT max(id) FROM event"));
  Rebuilt rebuilt{"what events tell", 0, 0};
  for (std::int64_t done = 0;;) {
    TILLSIGHT_ASSIGN(const auto events, events_after(db, done));
    if (events.empty()) return rebuilt;
    TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db));
    for (const StoredEvent& stored : events) {
      const auto different = tell_again(db, stored);
      if (!different.ok()) {
        return different.error().with_context(format("event {} of hub.db", stored.row));
      }
      ++rebuilt.rows;
      rebuilt.different += *different;
    }
    TILLSIGHT_TRY(all.commit());
    done = events.back().row;
    progress(static_cast<double>(done) / static_cast<double>(std::max(done, last)));
  }
}

/// Rows of either that the other has not, of which every change has two.
Result<std::int64_t> differences(sql::Connection& db, std::string_view table) {
  return number(db, format("SELECT max((SELECT count(*) FROM (SELECT * FROM {0} EXCEPT SELECT * "
                           "FROM temp.anew)), (SELECT count(*) FROM (SELECT * FROM temp.anew "
                           "EXCEPT SELECT * FROM {0})))",
                           table));
}

Result<Rebuilt> rebuild_sum(sql::Connection& db, const SumTable& sum) {
  TILLSIGHT_TRY(
      db.execute(format("CREATE TEMP TABLE anew AS SELECT * FROM {} LIMIT 0; "
                        "INSERT INTO temp.anew {}",
                        sum.name, sum.rows)));
  TILLSIGHT_ASSIGN(const std::int64_t different, differences(db, sum.name));
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db));
  if (different > 0) {
    TILLSIGHT_TRY(
        db.execute(format("DELETE FROM {0}; INSERT INTO {0} SELECT * FROM temp.anew", sum.name)));
  }
  TILLSIGHT_ASSIGN(const std::int64_t rows,
                   number(db, format("SELECT count(*) FROM {}", sum.name)));
  TILLSIGHT_TRY(all.commit());
  TILLSIGHT_TRY(db.execute("DROP TABLE temp.anew"));
  return Rebuilt{std::string(sum.name), rows, different};
}

}  // namespace

Result<std::vector<Rebuilt>> rebuild(const std::filesystem::path& hub_folder,
                                     const Progress& progress) {
  // Opened for reading once, so that a folder without a database does not get one.
  TILLSIGHT_TRY(open_for_reading(hub_folder, Persons::kHidden));
  TILLSIGHT_ASSIGN(const FolderLock lock, FolderLock::take(hub_folder));
  TILLSIGHT_ASSIGN(sql::Connection db, sql::Connection::open(hub_folder / kSalesFile));
  TILLSIGHT_TRY(sql::expect_schema(db, sales_schema()));
  std::vector<Rebuilt> all;
  TILLSIGHT_ASSIGN(Rebuilt told, rebuild_told(db, progress));
  all.push_back(std::move(told));
  for (const SumTable& sum : kSumTables) {
    TILLSIGHT_ASSIGN(Rebuilt rebuilt, rebuild_sum(db, sum));
    all.push_back(std::move(rebuilt));
  }
  return all;
}

}  // namespace tillsight::hub
