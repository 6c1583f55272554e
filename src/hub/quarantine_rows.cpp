#include "hub/quarantine_rows.hpp"

#include <bit>

#include "hub/schema.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/crypto/hash.hpp"
#include "tillsight/domain/wire.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::hub {
namespace {

constexpr sql::Options kReading{.access = sql::Access::kReadOnly};

std::string sender_of(std::string_view topic) {
  const auto from = topics::parse(topic);
  return from.ok() ? format("{}/{}", from->store.value(), from->till.value()) : "?";
}

/// \return whether exactly these bytes came before; they are then counted.
Result<bool> count_again(sql::Connection& db, const Refused& refused, const Digest& raw_hash,
                         const std::string& now) {
  TILLSIGHT_ASSIGN(auto again,
                   db.prepare("UPDATE quarantine SET times = times + 1, last_received_at = ? "
                              "WHERE topic = ? AND raw_hash = ?"));
  TILLSIGHT_TRY(again.bind(now, refused.topic, std::span(raw_hash)).run());
  return db.changes() > 0;
}

Result<bool> has_room(sql::Connection& db, const std::string& sender, std::int64_t bytes) {
  TILLSIGHT_ASSIGN(auto used, db.prepare("SELECT coalesce(sum(bytes), 0), "
                                         "coalesce(sum(bytes) FILTER (WHERE sender = ?1), 0), "
                                         "coalesce(sum(rows) FILTER (WHERE sender = ?1), 0) "
                                         "FROM quarantine_sender"));
  TILLSIGHT_TRY(used.bind(sender).step());
  return used.integer(0) + bytes <= kQuarantineBytes &&
         used.integer(1) + bytes <= kQuarantineBytesPerSender &&
         used.integer(2) < kQuarantineRowsPerSender;
}

/// Counted anew, because an erasure makes rows shorter.
Status count_room(sql::Connection& db, std::string_view sender) {
  TILLSIGHT_ASSIGN(
      auto count,
      db.prepare("INSERT INTO quarantine_sender (sender, rows, bytes) SELECT ?1, count(*), "
                 "coalesce(sum(length(raw) + length(CAST(reason AS BLOB))), 0) FROM quarantine "
                 "WHERE sender = ?1 ON CONFLICT (sender) DO UPDATE SET rows = excluded.rows, "
                 "bytes = excluded.bytes"));
  return count.bind(sender).run();
}

Status use_room(sql::Connection& db, std::string_view sender, std::int64_t bytes) {
  TILLSIGHT_ASSIGN(auto add,
                   db.prepare("INSERT INTO quarantine_sender (sender, rows, bytes) VALUES (?1, 1, "
                              "?2) ON CONFLICT (sender) DO UPDATE SET rows = rows + 1, "
                              "bytes = bytes + ?2"));
  return add.bind(sender, bytes).run();
}

Status count_not_kept(sql::Connection& db, const std::string& sender, const std::string& now) {
  TILLSIGHT_ASSIGN(auto count,
                   db.prepare("INSERT INTO quarantine_sender (sender, not_kept, last_not_kept_at) "
                              "VALUES (?1, 1, ?2) ON CONFLICT (sender) DO UPDATE SET "
                              "not_kept = not_kept + 1, last_not_kept_at = ?2 RETURNING not_kept"));
  TILLSIGHT_TRY(count.bind(sender, now).step());
  const auto times = static_cast<std::uint64_t>(count.integer(0));
  // At 1, 2, 4, 8 …: whoever floods the hub must not flood its log.
  if (std::has_single_bit(times)) {
    log::error(
        "hub: {}: its share of the quarantine is full, {} refused messages are not kept here; "
        "their till keeps them; look at 'tillsight hub quarantine list'",
        sender, times);
  }
  return count.run();
}

Status insert_row(sql::Connection& db, const Refused& refused, const std::string& sender,
                  const Digest& raw_hash, const std::string& now) {
  TILLSIGHT_ASSIGN(auto insert,
                   db.prepare("INSERT INTO quarantine (received_at, topic, reason, raw, raw_hash, "
                              "last_received_at, sender, store, till, incarnation, sequence) "
                              "VALUES (?1, ?2, ?3, ?4, ?5, ?1, ?6, ?7, ?8, ?9, ?10)"));
  const auto raw = std::as_bytes(std::span(refused.raw));
  if (const auto& id = refused.held) {
    insert.bind(now, refused.topic, refused.reason, raw, std::span(raw_hash), sender,
                id->store.value(), id->till.value(), id->incarnation.value(), id->sequence.value());
  } else {
    insert.bind(now, refused.topic, refused.reason, raw, std::span(raw_hash), sender);
  }
  return insert.run();
}

template <typename Row>
Quarantined read_row(const Row& row) {
  Quarantined one{row.integer(0),           std::string(row.text(1)), std::string(row.text(2)), {},
                  std::string(row.text(7)), row.integer(8),           std::string(row.text(9))};
  if (!row.is_null(3)) {
    one.held = EventIdentity{StoreId(std::string(row.text(3))), TillId(std::string(row.text(4))),
                             Incarnation(std::string(row.text(5))), Sequence(row.integer(6))};
  }
  return one;
}

}  // namespace

Status keep_refused(sql::Connection& db, const Refused& refused, UtcTime at) {
  const Digest raw_hash = sha256(refused.raw);
  const std::string now = to_iso8601(at);
  // A till may send the same bytes for weeks: they stand here once, counted.
  TILLSIGHT_ASSIGN(const bool again, count_again(db, refused, raw_hash, now));
  if (again) return {};
  const std::string sender = sender_of(refused.topic);
  const auto bytes = std::ssize(refused.raw) + std::ssize(refused.reason);
  TILLSIGHT_ASSIGN(const bool room, has_room(db, sender, bytes));
  if (!room) return count_not_kept(db, sender, now);
  TILLSIGHT_TRY(use_room(db, sender, bytes));
  return insert_row(db, refused, sender, raw_hash, now);
}

Result<std::vector<Quarantined>> quarantined_rows(sql::Connection& db, std::int64_t after,
                                                  std::optional<std::int64_t> id, int count_max) {
  TILLSIGHT_ASSIGN(
      auto rows,
      db.prepare("SELECT id, received_at, topic, store, till, incarnation, sequence, reason, "
                 "times, CAST(raw AS TEXT) FROM quarantine WHERE id > ?1 AND id = coalesce(?2, id) "
                 "ORDER BY id LIMIT ?3"));
  rows.bind(after, id, count_max);
  std::vector<Quarantined> found;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return found;
    found.push_back(read_row(rows));
  }
}

Status settle_row(sql::Connection& db, std::int64_t id, std::string_view what,
                  const Decision& decision, UtcTime at) {
  TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db));
  TILLSIGHT_ASSIGN(auto record,
                   db.prepare("INSERT INTO quarantine_log (at, what, who, reason, row_id, topic, "
                              "store, till, incarnation, sequence, raw_hash, times) "
                              "SELECT ?2, ?3, ?4, ?5, id, topic, store, till, incarnation, "
                              "sequence, raw_hash, times FROM quarantine WHERE id = ?1"));
  TILLSIGHT_TRY(record.bind(id, to_iso8601(at), what, decision.who, decision.reason).run());
  if (db.changes() == 0) {
    return error(Code::kNotFound,
                 "quarantine: there is no number {}; see 'tillsight hub quarantine list'", id);
  }
  TILLSIGHT_ASSIGN(auto remove, db.prepare("DELETE FROM quarantine WHERE id = ? RETURNING sender"));
  TILLSIGHT_TRY(remove.bind(id).step());
  const std::string sender(remove.text(0));
  TILLSIGHT_TRY(remove.run());
  TILLSIGHT_TRY(count_room(db, sender));
  return all.commit();
}

Result<QuarantineList> list_quarantine(const std::filesystem::path& hub_folder) {
  TILLSIGHT_TRY(open_for_reading(hub_folder, Persons::kHidden));  // says what is wrong
  TILLSIGHT_ASSIGN(sql::Connection db, sql::Connection::open(hub_folder / kPersonsFile, kReading));
  TILLSIGHT_TRY(sql::expect_schema(db, persons_schema()));
  QuarantineList list;
  TILLSIGHT_ASSIGN(auto rows, db.prepare("SELECT id, received_at, topic, store, till, incarnation, "
                                         "sequence, reason, times, '' FROM quarantine ORDER BY "
                                         "id"));
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) break;
    list.rows.push_back(read_row(rows));
  }
  TILLSIGHT_ASSIGN(auto senders, db.prepare("SELECT sender, not_kept, last_not_kept_at FROM "
                                            "quarantine_sender WHERE not_kept > 0 ORDER BY "
                                            "sender"));
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, senders.step());
    if (!row) return list;
    list.not_kept.push_back(
        {std::string(senders.text(0)), senders.integer(1), std::string(senders.text(2))});
  }
}

}  // namespace tillsight::hub
