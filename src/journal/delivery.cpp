#include "journal/delivery.hpp"

#include "tillsight/sql/transaction.hpp"

namespace tillsight::journal {
namespace {

constexpr std::int64_t kEventsPerSlice = 200;

/// \pre a transaction is open
Status change_epoch(sql::Connection& db, std::string_view hub_epoch) {
  TILLSIGHT_ASSIGN(sql::Statement change,
                   db.prepare("UPDATE identity SET hub_epoch = ?1 WHERE hub_epoch <> ?1"));
  TILLSIGHT_TRY(change.bind(hub_epoch).run());
  if (db.changes() == 0) return {};
  return db.execute(
      "UPDATE outbox SET held = 0 WHERE held = 1;"
      "INSERT OR IGNORE INTO outbox (sequence) SELECT sequence FROM event");
}

/// \pre a transaction is open
Status deliver(sql::Connection& db, const SequenceRanges& have, Acknowledged& done) {
  TILLSIGHT_ASSIGN(sql::Statement slice,
                   db.prepare("SELECT count(*), max(sequence) FROM (SELECT sequence FROM outbox "
                              "WHERE sequence BETWEEN ? AND ? ORDER BY sequence LIMIT ?)"));
  TILLSIGHT_ASSIGN(sql::Statement erase,
                   db.prepare("UPDATE event SET personal = '' WHERE personal <> '' AND sequence "
                              "IN (SELECT sequence FROM outbox WHERE sequence BETWEEN ? AND ?)"));
  TILLSIGHT_ASSIGN(sql::Statement remove,
                   db.prepare("DELETE FROM outbox WHERE sequence BETWEEN ? AND ?"));
  std::int64_t room = kEventsPerSlice;
  for (const SequenceRange& range : have.ranges()) {
    TILLSIGHT_TRY(slice.bind(range.first, range.last, room).step());
    const std::int64_t events = slice.integer(0);
    const std::int64_t last = slice.integer(1);
    TILLSIGHT_TRY(slice.run());
    if (events == 0) continue;
    // While the outbox still names what is delivered now.
    TILLSIGHT_TRY(erase.bind(range.first, last).run());
    done.erased = done.erased || db.changes() > 0;
    TILLSIGHT_TRY(remove.bind(range.first, last).run());
    room -= events;
    done.more = room == 0;
    if (done.more) return {};
  }
  return {};
}

}  // namespace

Result<Acknowledged> write_acknowledged(sql::Connection& db, const Ack& ack) {
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db));
  TILLSIGHT_TRY(change_epoch(db, ack.hub_epoch));
  Acknowledged done;
  TILLSIGHT_TRY(deliver(db, ack.have, done));
  TILLSIGHT_ASSIGN(
      sql::Statement hold,
      db.prepare("UPDATE outbox SET held = 1 WHERE held = 0 AND sequence BETWEEN ? AND ?"));
  for (const SequenceRange& range : ack.held.ranges()) {
    TILLSIGHT_TRY(hold.bind(range.first, range.last).run());
  }
  TILLSIGHT_TRY(all.commit());
  return done;
}

Status write_hub_epoch(sql::Connection& db, std::string_view hub_epoch) {
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db));
  TILLSIGHT_TRY(change_epoch(db, hub_epoch));
  return all.commit();
}

}  // namespace tillsight::journal
