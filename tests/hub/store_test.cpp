// Goal: the sales database names nobody, the folder has one writer, and a start finds everything
// that an earlier one left.
// Method: the files' own bytes are searched; folders are opened twice and with parts missing.
#include "tillsight/hub/store.hpp"

#include <gmock/gmock.h>

#include "tests/hub/head_office.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::hub {
namespace {

using testing::a_line;
using testing::a_sale;
using testing::EventChain;
using ::testing::HasSubstr;

class Store : public HeadOffice {
 protected:
  void sell_to(std::vector<Customer> customers) {
    for (const Customer& customer : customers) {
      receive({till_.next(a_sale({a_line("banana", 300)}, clock_, customer))});
    }
    flush();
  }
  /// Everything in the files of the sales database, the log included.
  std::string bytes_of(std::string_view database) const {
    std::string bytes;
    for (const auto& entry : std::filesystem::directory_iterator(folder())) {
      if (entry.path().filename().string().starts_with(database)) {
        bytes += read_file(entry.path(), 64 << 20).value();
      }
    }
    return bytes;
  }

  EventChain till_;
};

TEST_F(Store, TheSalesDatabaseNamesNobody) {
  sell_to({{"Zebediah", "Quux", "+919876543210"}});
  receive(R"({"specversion":"1.0","data":{"personal":{"phone":"+919876543210"}}})");
  receive("Zebediah Quux +919876543210 apple,orange");
  flush();
  const std::string sales = bytes_of("hub.db");
  const std::string persons = bytes_of("persons.db");
  for (const std::string name : {"9876543210", "Zebediah", "Quux"}) {
    EXPECT_EQ(sales.find(name), std::string::npos) << name;
    EXPECT_NE(persons.find(name), std::string::npos) << name;
  }
}

TEST_F(Store, OnePhoneIsOneCustomerUnderEveryName) {
  sell_to({{"Asha", "Rao", "+919876543210"},
           {"A.", "Rao", "+919876543210"},
           {"Asha", "Rao", "+919876543210"},
           {"Asha", "Rao", "+919876500000"}});
  EXPECT_EQ(number("SELECT count(DISTINCT customer) FROM v_invoices"), 2);
  EXPECT_EQ(number("SELECT count(DISTINCT person) FROM invoice"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM persons.person"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM invoice JOIN persons.person ON person.id = person "
                   "WHERE first_name = 'Asha' AND phone = '+919876543210'"),
            2);
}

TEST_F(Store, PseudonymsOutliveARestartAndDifferBetweenHubs) {
  sell_to({testing::asha()});
  const std::string before = text("SELECT customer FROM v_invoices");
  restart();
  sell_to({testing::asha()});
  EXPECT_EQ(number("SELECT count(DISTINCT customer) FROM v_invoices"), 1);

  FakeClock clock;
  SeededRandom other_random(8);
  TempDir other;
  auto elsewhere = HubStore::open(other.path(), clock, other_random).value();
  Ingest ingest(elsewhere, clock);
  ASSERT_TRUE(ingest.receive(kEventsOfT01, to_cloud_events({EventChain().next()})).ok());
  ASSERT_TRUE(ingest.flush().ok());
  auto db = open_for_reading(other.path(), Persons::kHidden).value();
  auto query = db.prepare("SELECT customer FROM v_invoices").value();
  ASSERT_TRUE(query.step().value());
  EXPECT_NE(query.text(0), before);
  EXPECT_NE(elsewhere.epoch(), store_->epoch());
}

TEST_F(Store, ARestartKeepsEpochRangesAndChain) {
  const std::string epoch = store_->epoch();
  const std::vector<Event> events = sales(till_, 5);
  receive({events[0], events[1], events[4]});
  receive("{}");
  flush();
  restart();
  const JournalState state = store_->state({StoreId("S01"), TillId("T01"), till_.incarnation()});
  EXPECT_EQ(store_->epoch(), epoch);
  EXPECT_EQ(state.have, ranges({{1, 2}, {5, 5}}));
  EXPECT_EQ(state.verified_to, 2);
  EXPECT_EQ(store_->tills(), 1);
  receive({events[2], events[3]});
  flush();
  EXPECT_EQ(number("SELECT verified_to FROM v_journals"), 5);
  EXPECT_EQ(number("SELECT chain_breaks FROM v_journals"), 0);
}

TEST_F(Store, TheFilesAndTheKeyAreTheirOwnersAlone) {
  namespace fs = std::filesystem;
  for (const char* name : {"hub.db", "persons.db", "customer.key"}) {
    const fs::perms perms = fs::status(folder() / name).permissions();
    EXPECT_EQ(perms & (fs::perms::group_all | fs::perms::others_all), fs::perms::none) << name;
  }
}

TEST_F(Store, ASecondWriterIsRefused) {
  const auto second = HubStore::open(folder(), clock_, random_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), Code::kFailedPrecondition);
  EXPECT_THAT(second.error().message(), HasSubstr("another hub works in this folder"));
}

TEST_F(Store, ALostKeyIsNotReplacedOnceThereArePersons) {
  sell_to({testing::asha()});
  stop();
  std::filesystem::remove(folder() / "customer.key");
  const auto opened = HubStore::open(folder(), clock_, random_);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().message(), HasSubstr("customer.key"));
  EXPECT_THAT(opened.error().message(), HasSubstr("restore it from a backup"));
}

TEST_F(Store, ADamagedKeyIsNamed) {
  stop();
  ASSERT_TRUE(write_file_atomically(folder() / "customer.key", "secret\n").ok());
  const auto opened = HubStore::open(folder(), clock_, random_);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().message(), HasSubstr("customer.key"));
}

TEST_F(Store, AReaderOfAnEmptyFolderIsToldWhatToDo) {
  const auto reader = open_for_reading(dir_ / "nowhere", Persons::kHidden);
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error().code(), Code::kNotFound);
  EXPECT_THAT(reader.error().message(), HasSubstr("--data"));
}

TEST_F(Store, AReaderCannotWrite) {
  auto db = open_for_reading(folder(), Persons::kShown).value();
  EXPECT_FALSE(db.execute("DELETE FROM event").ok());
  EXPECT_FALSE(db.execute("DELETE FROM persons.person").ok());
}

TEST_F(Store, AReaderWithoutLeaveSeesNoPersons) {
  auto db = open_for_reading(folder(), Persons::kHidden).value();
  EXPECT_FALSE(db.prepare("SELECT * FROM persons.person").ok());
}

}  // namespace
}  // namespace tillsight::hub
