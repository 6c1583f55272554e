// Goal: who asks head office to be forgotten is, in every file and log of it, and stays so when a
// till repeats itself; the sales, their chain and their count stay as they were.
// Method: a planted phone among others; files read as bytes; a key that changes.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/hub/head_office.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::hub {
namespace {

using ::testing::HasSubstr;

class Erasure : public HeadOffice {
 protected:
  Event sale_to(const std::optional<Customer>& customer) {
    return till_.next(testing::a_sale({testing::a_line("apple", 200)}, clock_, customer));
  }
  void receive_and_store(const std::vector<Event>& events) {
    receive(events);
    flush();
  }

  /// How often `text` stands in any file of head office.
  int stands(std::string_view needle) const {
    int count = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder())) {
      const std::string bytes = read_file(file.path()).value();
      for (auto at = bytes.find(needle); at != bytes.npos; at = bytes.find(needle, at + 1)) ++count;
    }
    return count;
  }
  int stands(const Customer& customer) const {
    return stands(customer.phone) + stands(customer.first_name) + stands(customer.last_name);
  }

  testing::EventChain till_;
  const Customer planted_{"Plantedfirst", "Plantedlast", "+919812345678"};
  const Customer renamed_{"Plantedagain", "Plantedlast", "+919812345678"};
};

TEST_F(Erasure, LeavesNothingOfThePersonAndAllOfTheSales) {
  receive_and_store(
      {sale_to(planted_), sale_to(testing::asha()), sale_to(planted_), sale_to(renamed_)});
  ASSERT_GT(stands(planted_), 0);
  const std::string before = text("SELECT customer FROM v_invoices WHERE cursor = 1");

  const auto erased = store_->erase_customer(planted_.phone, random_);
  ASSERT_TRUE(erased.ok()) << erased.error().message();
  EXPECT_EQ(erased->names, 2);
  EXPECT_EQ(erased->invoices, 3);
  EXPECT_EQ(stands(planted_) + stands(renamed_), 0);
  EXPECT_EQ(stands(before), 0) << "whoever has the key could find the phone's sales again";
  EXPECT_GT(stands(testing::asha()), 0);

  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 4);
  EXPECT_EQ(number("SELECT count(DISTINCT customer) FROM v_invoices"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices WHERE customer IS NULL"), 0);
  EXPECT_EQ(number("SELECT verified_to FROM v_journals"), 4);
  EXPECT_EQ(number("SELECT chain_breaks FROM v_journals"), 0);
}

TEST_F(Erasure, HoldsWhenATillRepeatsItself) {
  const std::vector<Event> events = {sale_to(planted_), sale_to(testing::asha())};
  receive_and_store(events);
  ASSERT_TRUE(store_->erase_customer(planted_.phone, random_).ok());
  receive_and_store(events);
  restart();
  receive_and_store(events);
  EXPECT_EQ(number("SELECT duplicates FROM v_journals"), 4);
  EXPECT_EQ(number("SELECT count(*) FROM persons.person"), 1);
  EXPECT_EQ(stands(planted_), 0);
}

TEST_F(Erasure, DoesNotKeepAReturningCustomerAway) {
  receive_and_store({sale_to(planted_)});
  ASSERT_TRUE(store_->erase_customer(planted_.phone, random_).ok());
  receive_and_store({sale_to(planted_)});
  EXPECT_EQ(number("SELECT count(*) FROM persons.person"), 1);
  EXPECT_EQ(number("SELECT count(DISTINCT customer) FROM v_invoices"), 2);
}

TEST_F(Erasure, TakesThePersonOutOfQuarantinedBytes) {
  Event wrong = sale_to(planted_);
  wrong.sealed.replace(wrong.sealed.find("\"gross\":200"), 11, "\"gross\":201");
  const std::string whole = to_cloud_events({wrong});
  receive(whole);
  receive("no JSON, but +919812345678 all the same");
  receive("neither JSON nor anybody");
  flush();
  ASSERT_EQ(number("SELECT count(*) FROM persons.quarantine"), 3);

  EXPECT_EQ(store_->erase_customer(planted_.phone, random_)->quarantined, 2);
  EXPECT_EQ(stands(planted_), 0);
  EXPECT_EQ(text("SELECT CAST(raw AS TEXT) FROM persons.quarantine WHERE id = 1"),
            without_person(whole));
  EXPECT_THAT(without_person(whole), HasSubstr("gross\\\":201"));
  EXPECT_EQ(number("SELECT length(raw) FROM persons.quarantine WHERE id = 2"), 0);
  EXPECT_GT(number("SELECT length(raw) FROM persons.quarantine WHERE id = 3"), 0);
  receive(whole);
  flush();
  EXPECT_EQ(number("SELECT times FROM persons.quarantine WHERE id = 1"), 2);
  EXPECT_EQ(stands(planted_), 0) << "the same bytes, once more, bring nobody back";
}

TEST_F(Erasure, OfAStrangerChangesNothing) {
  receive_and_store({sale_to(testing::asha())});
  const auto erased = store_->erase_customer(planted_.phone, random_);
  ASSERT_TRUE(erased.ok());
  EXPECT_EQ(erased->names + erased->invoices + erased->quarantined, 0);
  EXPECT_GT(stands(testing::asha()), 0);
}

TEST_F(Erasure, OfTheAbsentSparesWhoCameSince) {
  receive_and_store({sale_to(planted_), sale_to(testing::asha()), sale_to(renamed_)});
  const std::string first_day = text("SELECT max(business_date) FROM v_invoices");
  clock_.advance(std::chrono::days(30));
  receive_and_store({sale_to(testing::asha())});
  const std::string last_day = text("SELECT max(business_date) FROM v_invoices");

  EXPECT_EQ(store_->erase_absent(first_day, 100, random_).value(), 0) << "on the day itself";
  EXPECT_EQ(store_->erase_absent(last_day, 100, random_).value(), 1);
  EXPECT_EQ(stands(planted_) + stands(renamed_), 0);
  EXPECT_GT(stands(testing::asha()), 0);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 4);
  EXPECT_EQ(number("SELECT count(DISTINCT customer) FROM v_invoices"), 2);
  EXPECT_EQ(store_->erase_absent(last_day, 100, random_).value(), 0) << "nobody is left to erase";
}

TEST_F(Erasure, OfTheAbsentGoesThroughEverybodyInTurn) {
  std::vector<Event> sales;
  for (int i = 0; i < 5; ++i) {
    sales.push_back(sale_to(Customer{"Plantedfirst", "", format("+91981234567{}", i)}));
  }
  receive_and_store(sales);
  clock_.advance(std::chrono::days(2));
  const std::string day = to_iso8601(clock_.utc_now()).substr(0, 10);
  EXPECT_EQ(store_->erase_absent(day, 2, random_).value(), 2);
  EXPECT_EQ(store_->erase_absent(day, 2, random_).value(), 2);
  EXPECT_EQ(store_->erase_absent(day, 2, random_).value(), 1);
  EXPECT_EQ(number("SELECT count(*) FROM persons.person"), 0);
}

TEST_F(Erasure, ReaderInTheWayIsSaidAndTheNextCallSucceeds) {
  receive_and_store({sale_to(planted_)});
  {
    auto db = open_for_reading(folder(), Persons::kShown).value();
    auto rows = db.prepare("SELECT * FROM persons.person, event").value();
    ASSERT_TRUE(rows.step().value());
    EXPECT_EQ(store_->erase_customer(planted_.phone, random_).error().code(), Code::kAborted);
  }
  ASSERT_TRUE(store_->erase_customer(planted_.phone, random_).ok());
  EXPECT_EQ(stands(planted_), 0);
}

TEST_F(Erasure, NotesMayGrowWithoutTheChainNoticing) {
  Event first = sale_to(planted_);
  receive_and_store({first});
  first.notes = R"({"replayed":true})";
  Event second = sale_to(planted_);
  second.notes = R"({"replayed":true,"seen":2})";
  receive_and_store({first, second});
  EXPECT_EQ(number("SELECT duplicates FROM v_journals"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM v_conflicts"), 0);
  EXPECT_EQ(number("SELECT verified_to FROM v_journals"), 2);
}

TEST_F(Erasure, ChainKeyGivesThePseudonyms) {
  stop();
  const SecretKey chain(sha256("the chain"));
  {
    auto fresh = HubStore::open(dir_ / "provisioned", clock_, random_, chain);
    ASSERT_TRUE(fresh.ok()) << fresh.error().message();
    EXPECT_FALSE(std::filesystem::exists(dir_ / "provisioned" / "customer.key"));
    Ingest ingest(*fresh, clock_);
    ASSERT_TRUE(ingest.receive(kEventsOfT01, to_cloud_events({sale_to(planted_)})).ok());
    ASSERT_TRUE(ingest.flush().ok());
    auto db = open_for_reading(dir_ / "provisioned", Persons::kHidden).value();
    auto query = db.prepare("SELECT customer FROM v_invoices").value();
    ASSERT_TRUE(query.step().value());
    EXPECT_EQ(query.text(0), pseudonym(chain, planted_.phone));
  }
  const auto other =
      HubStore::open(dir_ / "provisioned", clock_, random_, SecretKey(sha256("another")));
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code(), Code::kFailedPrecondition);
  EXPECT_THAT(other.error().message(), HasSubstr("every customer would be a stranger"));
}

}  // namespace
}  // namespace tillsight::hub
