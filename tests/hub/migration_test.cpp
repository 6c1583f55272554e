// Goal: a database that an older version left is brought forward with everything in it.
// Method: a new folder's files are taken back to the first format by hand, filled as that version
// filled them, and opened.
#include <gtest/gtest.h>

#include "tests/hub/head_office.hpp"

namespace tillsight::hub {
namespace {

class OlderFormat : public HeadOffice {
 protected:
  void change(std::string_view file, std::string_view sql) {
    auto db = sql::Connection::open(folder() / file).value();
    const Status done = db.execute(sql);
    ASSERT_TRUE(done.ok()) << done.error().message();
  }
};

TEST_F(OlderFormat, GapsAndSessionsOfTheSecondFormatAreKept) {
  testing::EventChain till;
  const std::vector<Event> events = sales(till, 5);
  receive({events[0], events[4]});
  TillStatus status;
  status.state = "online";
  status.session = "b";
  status.incarnation = till.incarnation();
  status.last_committed = 7;
  receive(to_json(status), kStatusOfT01);
  flush();
  stop();
  change("hub.db", R"sql(
    DROP INDEX invoice_by_number; DROP INDEX invoice_by_refunded;
    DROP VIEW v_imports; DROP TABLE import_number; DROP VIEW v_tenders; DROP VIEW v_lines;
    DROP VIEW v_invoices; DROP VIEW v_journals;
    ALTER TABLE journal DROP COLUMN origin; ALTER TABLE journal DROP COLUMN source;
    ALTER TABLE invoice DROP COLUMN origin; CREATE VIEW v_tenders AS SELECT 1;
    CREATE VIEW v_lines AS SELECT 1; CREATE VIEW v_invoices AS SELECT 1;
    CREATE VIEW v_journals AS SELECT 1;
    DROP VIEW v_cash; DROP VIEW v_z; DROP TABLE cash; DROP TABLE z;
    DROP VIEW v_lines; CREATE VIEW v_lines AS SELECT 1;
    DROP VIEW v_invoices; DROP VIEW v_clock_corrections; DROP TABLE clock_correction;
    ALTER TABLE invoice DROP COLUMN boot_id; ALTER TABLE invoice DROP COLUMN monotonic_ms;
    ALTER TABLE invoice DROP COLUMN refund_of; ALTER TABLE invoice DROP COLUMN unlinked;
    ALTER TABLE invoice DROP COLUMN approver; ALTER TABLE line DROP COLUMN discount_reason;
    ALTER TABLE line DROP COLUMN discount_by; ALTER TABLE line DROP COLUMN of_line;
    CREATE VIEW v_invoices AS SELECT 1;
    DROP VIEW v_gaps; DROP VIEW v_tills; DROP VIEW v_journals;
    ALTER TABLE till DROP COLUMN sales; ALTER TABLE till DROP COLUMN camera_sales;
    ALTER TABLE till DROP COLUMN no_touch_sales; ALTER TABLE till DROP COLUMN camera_items;
    ALTER TABLE till DROP COLUMN corrections; ALTER TABLE till DROP COLUMN sale_seconds;
    DROP TABLE gap; DROP TABLE till_session;
    ALTER TABLE till ADD COLUMN ended_session TEXT NOT NULL DEFAULT 'a';
    CREATE VIEW v_tills AS SELECT 1; CREATE VIEW v_journals AS SELECT 1;
    CREATE VIEW v_gaps AS SELECT store, till, incarnation, 2 AS first, 4 AS last FROM journal
    UNION ALL SELECT store, till, incarnation, 6, 7 FROM journal;
    PRAGMA user_version = 2)sql");
  start();
  EXPECT_EQ(number("SELECT sum(first * 10 + last) FROM v_gaps"), 24 + 67);
  EXPECT_EQ(text("SELECT since FROM v_gaps LIMIT 1"), text("SELECT first_heard_at FROM journal"));
  EXPECT_EQ(number("SELECT missing FROM v_tills"), 5);
  EXPECT_EQ(number("SELECT count(*) FROM invoice WHERE boot_id <> ''"), 2)
      << "read from what was sealed";
  status.state = "offline";
  status.session = "a";
  receive(to_json(status), kStatusOfT01);
  flush();
  EXPECT_EQ(text("SELECT state FROM v_tills"), "online");
}

}  // namespace
}  // namespace tillsight::hub
