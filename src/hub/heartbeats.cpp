#include "hub/heartbeats.hpp"

namespace tillsight::hub {
namespace {

// A broker publishes a will when it notices that a connection is dead, up to a minute late; by then
// the till may have connected many times. Older wills than these do not come any more.
constexpr int kSessionsKept = 64;

/// \return whether this session was heard of, and another one after it.
Result<bool> is_over(sql::Connection& db, const Heartbeat& heartbeat) {
  TILLSIGHT_ASSIGN(auto find,
                   db.prepare("SELECT 1 FROM till_session JOIN till USING (store, till) "
                              "WHERE store = ?1 AND till = ?2 AND till_session.session = ?3 "
                              "AND till.session <> ?3"));
  return find.bind(heartbeat.store.value(), heartbeat.till.value(), heartbeat.status.session)
      .step();
}

Status remember_session(sql::Connection& db, const Heartbeat& heartbeat) {
  const auto& [store, till, status] = heartbeat;
  TILLSIGHT_ASSIGN(auto insert, db.prepare("INSERT INTO till_session (store, till, session) "
                                           "VALUES (?, ?, ?) ON CONFLICT DO NOTHING"));
  TILLSIGHT_TRY(insert.bind(store.value(), till.value(), status.session).run());
  if (db.changes() == 0) return {};
  TILLSIGHT_ASSIGN(auto prune,
                   db.prepare("DELETE FROM till_session WHERE store = ?1 AND till = ?2 AND id NOT "
                              "IN (SELECT id FROM till_session WHERE store = ?1 AND till = ?2 "
                              "ORDER BY id DESC LIMIT ?3)"));
  return prune.bind(store.value(), till.value(), kSessionsKept).run();
}

Status keep_figures(sql::Connection& db, const Heartbeat& heartbeat, const TillFigures& figures) {
  TILLSIGHT_ASSIGN(auto update,
                   db.prepare("UPDATE till SET sales = ?, camera_sales = ?, no_touch_sales = ?, "
                              "camera_items = ?, corrections = ?, sale_seconds = ? "
                              "WHERE store = ? AND till = ?"));
  return update
      .bind(figures.sales, figures.camera_sales, figures.no_touch_sales, figures.camera_items,
            figures.corrections, figures.seconds_total, heartbeat.store.value(),
            heartbeat.till.value())
      .run();
}

}  // namespace

Status keep_heartbeat(sql::Connection& db, const Heartbeat& heartbeat, const std::string& now) {
  const TillStatus& status = heartbeat.status;
  if (status.state == "offline") {
    TILLSIGHT_ASSIGN(const bool over, is_over(db, heartbeat));
    if (over) return {};
  }
  TILLSIGHT_TRY(remember_session(db, heartbeat));
  TILLSIGHT_ASSIGN(
      auto upsert,
      db.prepare("INSERT INTO till (store, till, heard_at, state, session, version, incarnation, "
                 "last_committed, unsynced, oldest_unsynced, camera, disk, clock) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                 "ON CONFLICT (store, till) DO UPDATE SET heard_at = excluded.heard_at, "
                 "state = excluded.state, session = excluded.session, "
                 "version = excluded.version, incarnation = excluded.incarnation, "
                 "last_committed = excluded.last_committed, unsynced = excluded.unsynced, "
                 "oldest_unsynced = excluded.oldest_unsynced, camera = excluded.camera, "
                 "disk = excluded.disk, clock = excluded.clock"));
  upsert.bind(heartbeat.store.value(), heartbeat.till.value(), now, status.state, status.session,
              status.version, status.incarnation.value(), status.last_committed, status.unsynced,
              status.oldest_unsynced, status.camera, status.disk, status.clock);
  TILLSIGHT_TRY(upsert.run());
  return status.figures ? keep_figures(db, heartbeat, *status.figures) : Status();
}

}  // namespace tillsight::hub
