// Goal: what head office derived can be derived again, and the same comes out; what was damaged is
// found and put right.
// Method: random trade, rebuilt; then columns and sums changed by hand.
#include "tillsight/hub/rebuild.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/hub/random_trade.hpp"

namespace tillsight::hub {
namespace {

class Rebuild : public RandomTrade {
 protected:
  /// What differed, by table.
  std::map<std::string, std::int64_t> run() {
    stop();
    const auto tables = rebuild(folder(), [](double) {});
    EXPECT_TRUE(tables.ok()) << tables.error().message();
    std::map<std::string, std::int64_t> different;
    for (const Rebuilt& table : *tables) {
      EXPECT_GT(table.rows, 0) << table.what;
      if (table.different > 0) different[table.what] = table.different;
    }
    start();
    return different;
  }
  void change(const std::string& sql) {
    stop();
    auto db = sql::Connection::open(folder() / "hub.db").value();
    const Status done = db.execute(sql);
    ASSERT_TRUE(done.ok()) << done.error().message();
  }
};

TEST_F(Rebuild, GivesWhatWasThere) {
  trade(150);
  import(20);
  const std::string before = text("SELECT group_concat(customer || gross) FROM invoice");
  EXPECT_TRUE(run().empty());
  EXPECT_EQ(text("SELECT group_concat(customer || gross) FROM invoice"), before)
      << "persons are not in what was sealed, and stay";
}

TEST_F(Rebuild, FindsAndMendsWhatWasChanged) {
  trade(150);
  import(20);
  change(
      "UPDATE line SET aisle = 'Nowhere' WHERE (event_id, line) IN (SELECT event_id, line FROM "
      "line "
      "JOIN invoice USING (event_id) WHERE origin = 'till' LIMIT 1);"
      "UPDATE invoice SET cashier = 'EVE' WHERE event_id IN (SELECT event_id FROM invoice WHERE "
      "origin = 'till' AND kind = 'void' LIMIT 1);"
      "UPDATE period_money SET sold = sold + 1 WHERE period = '';"
      "DELETE FROM visit WHERE customer IN (SELECT customer FROM visit LIMIT 1)");
  const auto different = run();
  EXPECT_EQ(different.at("what events tell"), 2);
  EXPECT_GE(different.at("period_money"), 2);
  EXPECT_GE(different.at("visit"), 1);
  EXPECT_TRUE(run().empty()) << "it is mended now";
}

TEST_F(Rebuild, IsRefusedBesideAHub) {
  trade(1);
  const auto tables = rebuild(folder(), [](double) {});
  ASSERT_FALSE(tables.ok());
  EXPECT_EQ(tables.error().code(), Code::kFailedPrecondition);
}

}  // namespace
}  // namespace tillsight::hub
