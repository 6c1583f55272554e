// Goal: the model in use changes as a whole or not at all, can be taken back, and keeps nobody who
// was erased. Method: small models put into a folder of a head office, read back over a second
// connection.
#include "tillsight/hub/recommendations.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/hub/head_office.hpp"

namespace tillsight::hub {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kPhone = "+919876543210";

class Recommending : public HeadOffice {
 protected:
  Recommending() {
    // Somebody whose pseudonym is in hub.db.
    testing::EventChain till;
    Invoice sale = testing::a_sale();
    sale.customer = Customer{"Asha", "Rao", std::string(kPhone)};
    receive({till.next(sale)});
    flush();
    asha_ = text("SELECT customer FROM invoice");
  }

  /// Recommends Tea because of Milk to Asha, and Milk to strangers.
  NewModel model(std::string title = "EASE") const {
    NewModel model;
    model.facts.title = std::move(title);
    model.facts.judged = "all";
    model.items = {{"milk", "Milk", "Dairy"}, {"tea", "Tea", "Drinks"}};
    model.lists = {{"", {{0, 2.0, -1}}}, {asha_, {{1, 0.75, 0}, {0, 0.5, -1}}}};
    return model;
  }
  Result<std::int64_t> put(const NewModel& model) {
    auto store = RecommendationStore::open(folder());
    if (!store.ok()) return store.error();
    return store->put_in_use(model, clock_.utc_now());
  }
  /// \return whether that was new.
  bool leave_out(const LeftOut& left_out) {
    return RecommendationStore::open(folder())->leave_out(left_out).value();
  }
  std::vector<std::string> of(std::string_view customer) const {
    auto reader = Recommendations::open(folder());
    if (!reader.ok()) return {reader.error().message()};
    std::vector<std::string> found;
    const auto list = reader->of(customer, 10).value();
    for (const Recommended& one : list) {
      found.push_back(one.sku + "|" + one.item + "|" + one.because);
    }
    return found;
  }
  std::vector<std::string> titles() const {
    std::vector<std::string> titles;
    const auto versions = Recommendations::open(folder()).value().versions().value();
    for (const ModelFacts& facts : versions) {
      titles.push_back(facts.title + (facts.in_use ? "*" : ""));
    }
    return titles;
  }

  std::string asha_;
};

TEST_F(Recommending, NothingTrainedIsSaid) {
  const auto reader = Recommendations::open(folder());
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error().code(), Code::kNotFound);
  EXPECT_THAT(reader.error().message(), HasSubstr("recommend train"));
}

TEST_F(Recommending, WhatIsPutInUseIsReadBackAndStrangersGetWhatSuitsMost) {
  ASSERT_TRUE(put(model()).ok());
  EXPECT_THAT(of(asha_), ElementsAre("tea|Tea|Milk", "milk|Milk|"));
  EXPECT_THAT(of("nobody's"), ElementsAre("milk|Milk|"));
}

TEST_F(Recommending, WhatIsLeftOutGoesAtOnceFromEveryListAndReason) {
  ASSERT_TRUE(put(model()).ok());
  EXPECT_TRUE(leave_out({{}, {"milk"}}));
  EXPECT_THAT(of(asha_), ElementsAre("tea|Tea|"));
  EXPECT_THAT(of("nobody's"), IsEmpty());
  EXPECT_FALSE(leave_out({{}, {"milk", "milk"}})) << "nothing new, nothing written";
  EXPECT_TRUE(leave_out({{"Drinks"}, {}}));
  EXPECT_THAT(of(asha_), ElementsAre("milk|Milk|"));
  EXPECT_TRUE(leave_out({}));
  EXPECT_THAT(of(asha_), ElementsAre("tea|Tea|Milk", "milk|Milk|"));
}

TEST_F(Recommending, WhatIsLeftOutStaysOutOfTheNextModelAndTheOneBefore) {
  ASSERT_TRUE(put(model("one")).ok());
  EXPECT_TRUE(leave_out({{}, {"tea"}}));
  ASSERT_TRUE(put(model("two")).ok());
  EXPECT_THAT(of(asha_), ElementsAre("milk|Milk|"));
  EXPECT_TRUE(RecommendationStore::open(folder())->roll_back().ok());
  EXPECT_THAT(of(asha_), ElementsAre("milk|Milk|"));
  NewModel other = model("three");
  other.left_out = LeftOut{};
  ASSERT_TRUE(put(other).ok());
  EXPECT_THAT(of(asha_), SizeIs(2));
}

TEST_F(Recommending, AFileFromBeforeRulesIsBroughtForward) {
  ASSERT_TRUE(put(model()).ok());
  {
    auto db = sql::Connection::open(folder() / "recommend.db").value();
    ASSERT_TRUE(db.execute("DROP VIEW v_recommended; DROP VIEW v_allowed; DROP TABLE left_out; "
                           "ALTER TABLE item DROP COLUMN aisle; PRAGMA user_version = 1")
                    .ok());
  }
  EXPECT_EQ(Recommendations::open(folder()).error().code(), Code::kFailedPrecondition);
  EXPECT_TRUE(leave_out({{}, {"milk"}}));
  EXPECT_THAT(of(asha_), ElementsAre("tea|Tea|"));
}

TEST_F(Recommending, ANewModelTakesOverAndTheOldCanBeTakenBack) {
  for (const char* title : {"one", "two", "three", "four"}) ASSERT_TRUE(put(model(title)).ok());
  EXPECT_THAT(titles(), ElementsAre("four*", "three", "two"));
  {
    auto store = RecommendationStore::open(folder());
    EXPECT_EQ(store->roll_back()->title, "three");
    EXPECT_EQ(store->roll_back()->title, "two");
    EXPECT_EQ(store->roll_back().error().code(), Code::kFailedPrecondition);
  }
  EXPECT_THAT(titles(), ElementsAre("two*"));
  EXPECT_THAT(of(asha_), SizeIs(2));
  // A number is never given twice.
  EXPECT_EQ(put(model("five")).value(), 5);
}

TEST_F(Recommending, AModelThatCannotBeStoredChangesNothing) {
  ASSERT_TRUE(put(model("good")).ok());
  NewModel wrong = model("wrong");
  wrong.lists[1].places[0].item = 7;
  EXPECT_EQ(put(wrong).error().code(), Code::kInvalidArgument);
  wrong = model("twice");
  wrong.lists.push_back(wrong.lists[1]);
  EXPECT_FALSE(put(wrong).ok());
  wrong = model("empty");
  wrong.lists.clear();
  EXPECT_FALSE(put(wrong).ok());
  EXPECT_THAT(titles(), ElementsAre("good*"));
  EXPECT_THAT(of(asha_), SizeIs(2));
}

TEST_F(Recommending, WhoIsErasedIsGoneFromEveryVersionAndTheLog) {
  ASSERT_TRUE(put(model("one")).ok());
  ASSERT_TRUE(put(model("two")).ok());
  ASSERT_TRUE(store_->erase_customer(kPhone, random_).ok());
  EXPECT_THAT(of(asha_), ElementsAre("milk|Milk|"));
  for (const char* file : {"recommend.db", "recommend.db-wal"}) {
    std::ifstream stream(folder() / file, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
    EXPECT_EQ(bytes.find(asha_), std::string::npos) << file;
  }
  // A training that had read the sales before does not bring them back.
  ASSERT_TRUE(put(model("three")).ok());
  EXPECT_THAT(of(asha_), ElementsAre("milk|Milk|"));
}

TEST_F(Recommending, WhoeverWritesIsAlone) {
  const auto first = RecommendationStore::open(folder());
  ASSERT_TRUE(first.ok());
  const auto second = RecommendationStore::open(folder(), WhileOthersWrite::kGiveUp);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), Code::kAborted);
}

TEST_F(Recommending, AFileCutShortOrOfAnotherVersionIsAnError) {
  NewModel large = model();
  for (int i = 0; i < 2'000; ++i) large.items.push_back({"sku" + std::to_string(i), "An item"});
  ASSERT_TRUE(put(large).ok());
  const auto file = folder() / "recommend.db";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  auto cut = Recommendations::open(folder());
  const bool told = !cut.ok() || !cut->versions().ok() || !cut->of(asha_, 10).ok();
  EXPECT_TRUE(told);
  std::filesystem::remove(file);
  {
    auto other = sql::Connection::open(file);
    ASSERT_TRUE(other->execute("CREATE TABLE model (version INTEGER)").ok());
  }
  EXPECT_EQ(Recommendations::open(folder()).error().code(), Code::kFailedPrecondition);
}

}  // namespace
}  // namespace tillsight::hub
