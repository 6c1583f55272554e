// Goal: a backup taken while the hub works is whole, its two databases fit each other, and what is
// restored from it is a hub that the tills take for another one; nothing is ever overwritten.
// Method: real folders; backups are taken between and during writes, damaged, and put back.
#include "tillsight/hub/backup.hpp"

#include <gmock/gmock.h>

#include "tests/hub/head_office.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::hub {
namespace {

namespace fs = std::filesystem;
using testing::EventChain;
using ::testing::HasSubstr;

void unseen(double) {}

class Backups : public HeadOffice {
 protected:
  fs::path backup() const { return dir_ / "backup"; }
  void sell(int count) {
    for (int i = 0; i < count; ++i) {
      const Customer customer{"Asha", "Rao", format("+9198765{:05}", ++customers_)};
      receive({till_.next(testing::a_sale({testing::a_line("banana", 300)}, clock_, customer))});
    }
    flush();
  }
  Result<Restored> put_back(Existing existing = Existing::kPutAside) {
    return restore(backup(), folder(), existing, clock_, random_);
  }
  static void expect_code(const Status& status, Code code, const std::string& says) {
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code(), code);
    EXPECT_THAT(status.error().message(), HasSubstr(says));
  }
  template <typename T>
  static Status status_of(const Result<T>& result) {
    return result.ok() ? Status() : Status(result.error());
  }

  EventChain till_;
  int customers_ = 0;
};

TEST_F(Backups, AreTakenWhileTheHubWrites) {
  sell(3);
  const auto made = back_up(folder(), backup(), unseen);
  ASSERT_TRUE(made.ok()) << made.error().message();
  EXPECT_EQ(made->holding.events, 3);
  EXPECT_EQ(made->holding.invoices, 3);
  EXPECT_EQ(made->holding.persons, 3);
  EXPECT_TRUE(made->has_key);
  sell(1);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 4);
  auto copy = open_for_reading(backup(), Persons::kShown).value();
  auto count =
      copy.prepare("SELECT count(*) FROM invoice JOIN persons.person ON id = person").value();
  ASSERT_TRUE(count.step().value());
  EXPECT_EQ(count.integer(0), 3);
}

TEST_F(Backups, FitTogetherHoweverTheHubWritesInBetween) {
  sell(50);
  int reported = 0;
  const auto made = back_up(folder(), backup(), [&](double) {
    if (++reported < 3) sell(5);  // the hub works on while pages are copied
  });
  ASSERT_TRUE(made.ok()) << made.error().message();
  EXPECT_GE(reported, 3);
  EXPECT_EQ(made->holding.events, 50) << "what came while it was copied is not half in it";
}

TEST_F(Backups, AreTheirOwnersAloneAndSingleFiles) {
  sell(1);
  ASSERT_TRUE(back_up(folder(), backup(), unseen).ok());
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(backup())) {
    names.push_back(entry.path().filename().string());
    EXPECT_EQ(entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all),
              fs::perms::none)
        << names.back();
  }
  EXPECT_THAT(
      names, ::testing::UnorderedElementsAre("hub.db", "persons.db", "customer.key", "SHA256SUMS"));
}

TEST_F(Backups, NothingIsOverwrittenAndNothingHalfIsLeft) {
  sell(1);
  ASSERT_TRUE(back_up(folder(), backup(), unseen).ok());
  expect_code(status_of(back_up(folder(), backup(), unseen)), Code::kAlreadyExists, "new folder");
  expect_code(status_of(back_up(folder(), dir_ / "no/such/backup", unseen)),
              Code::kFailedPrecondition, "no/such/backup");
  expect_code(status_of(back_up(dir_ / "nowhere", dir_ / "second", unseen)), Code::kNotFound,
              "nowhere");
  EXPECT_FALSE(fs::exists(dir_ / "second"));
  EXPECT_FALSE(fs::exists(dir_ / "second.partial"));
}

TEST_F(Backups, ARestoredHubIsAnotherOneWithTheSameSales) {
  sell(3);
  const std::string epoch = store_->epoch();
  const std::string customer = text("SELECT customer FROM v_invoices WHERE cursor = 1");
  ASSERT_TRUE(back_up(folder(), backup(), unseen).ok());
  sell(2);
  stop();
  fs::remove_all(folder());
  const auto restored = put_back(Existing::kRefuse);
  ASSERT_TRUE(restored.ok()) << restored.error().message();
  EXPECT_EQ(restored->holding.events, 3);
  EXPECT_EQ(restored->holding.cursor, 3);
  EXPECT_TRUE(restored->put_aside.empty());
  start();
  EXPECT_EQ(store_->epoch(), restored->epoch);
  EXPECT_NE(store_->epoch(), epoch);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 3);
  EXPECT_EQ(text("SELECT customer FROM v_invoices WHERE cursor = 1"), customer);
  const JournalId journal{StoreId("S01"), TillId("T01"), till_.incarnation()};
  EXPECT_EQ(store_->state(journal).have, ranges({{1, 3}}));
}

TEST_F(Backups, WhatWasThereIsPutAsideOnlyWhenAskedFor) {
  sell(2);
  ASSERT_TRUE(back_up(folder(), backup(), unseen).ok());
  sell(1);
  expect_code(status_of(put_back()), Code::kFailedPrecondition, "stop it");
  stop();
  expect_code(status_of(put_back(Existing::kRefuse)), Code::kFailedPrecondition, "--force");
  const auto restored = put_back();
  ASSERT_TRUE(restored.ok()) << restored.error().message();
  auto old = open_for_reading(restored->put_aside, Persons::kShown).value();
  auto count = old.prepare("SELECT count(*) FROM v_invoices").value();
  ASSERT_TRUE(count.step().value());
  EXPECT_EQ(count.integer(0), 3);
  const auto again = put_back();
  ASSERT_TRUE(again.ok()) << again.error().message();
  EXPECT_NE(again->put_aside, restored->put_aside);
}

TEST_F(Backups, ADamagedBackupIsNotRestored) {
  sell(3);
  ASSERT_TRUE(back_up(folder(), backup(), unseen).ok());
  stop();
  std::string bytes = read_file(backup() / "hub.db").value();
  bytes[bytes.size() / 2] ^= 1;
  ASSERT_TRUE(write_file_atomically(backup() / "hub.db", bytes).ok());
  expect_code(status_of(put_back()), Code::kDataLoss, "hub.db: is not what was backed up");
  const auto opened = HubStore::open(folder(), clock_, random_);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().message(), HasSubstr("run 'tillsight hub restore' again"));
}

TEST_F(Backups, AFolderThatIsNoBackupIsRefusedBeforeAnythingHappens) {
  sell(1);
  stop();
  expect_code(status_of(put_back()), Code::kNotFound, "is no backup");
  start();
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 1);
}

}  // namespace
}  // namespace tillsight::hub
