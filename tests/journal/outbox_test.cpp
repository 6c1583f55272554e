// Goal: an event is offered until the hub of the present epoch has it, and only that ends it.
// Method: the cases one by one, then random acknowledgements against a model of sets.
#include <gmock/gmock.h>

#include <optional>
#include <set>

#include "tests/journal/till_box.hpp"

namespace tillsight {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

SequenceRanges ranges(std::vector<SequenceRange> list) {
  SequenceRanges all;
  for (const SequenceRange& range : list) all.insert(range);
  return all;
}

class OutboxTest : public testing::TillBox {
 protected:
  OutboxTest() { sell(*journal_, 6); }

  Status acknowledge(std::vector<SequenceRange> have, std::vector<SequenceRange> held = {},
                     const std::string& epoch = "hub-1") {
    return journal_->acknowledge(
        {epoch, journal_->incarnation(), ranges(std::move(have)), ranges(std::move(held)), 50});
  }

  std::vector<std::int64_t> offered() {
    std::vector<std::int64_t> sequences;
    const std::vector<Event> events = reader_.pending(Sequence(0), 1000).value();
    for (const Event& event : events) {
      sequences.push_back(event.identity.sequence.value());
    }
    return sequences;
  }

  std::optional<Journal> journal_ = open_journal();
  JournalReader reader_ = open_reader();
};

TEST_F(OutboxTest, OffersEveryEventUntilItIsAcknowledged) {
  EXPECT_THAT(offered(), ElementsAre(1, 2, 3, 4, 5, 6));
  ASSERT_TRUE(acknowledge({{1, 2}, {5, 5}}).ok());
  EXPECT_THAT(offered(), ElementsAre(3, 4, 6));
  ASSERT_TRUE(acknowledge({{1, 6}}).ok());
  EXPECT_THAT(offered(), IsEmpty());
  sell(*journal_, 1);
  EXPECT_THAT(offered(), ElementsAre(7));
}

TEST_F(OutboxTest, HeldEventIsKeptAndNotOfferedUntilTheHubTakesIt) {
  ASSERT_TRUE(acknowledge({{1, 3}}, {{4, 4}}).ok());
  EXPECT_THAT(offered(), ElementsAre(5, 6));
  EXPECT_EQ(reader_.counts()->held, 1);
  ASSERT_TRUE(acknowledge({{1, 4}}).ok());
  EXPECT_EQ(reader_.counts()->held, 0);
}

TEST_F(OutboxTest, AckForAnotherIncarnationChangesNothing) {
  const Ack foreign{"hub-1", Incarnation(std::string(32, '0')), ranges({{1, 6}}), {}, 50};
  const Status refused = journal_->acknowledge(foreign);
  EXPECT_EQ(refused.error().code(), Code::kInvalidArgument);
  EXPECT_THAT(refused.error().message(), HasSubstr("ignored"));
  EXPECT_THAT(offered(), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(OutboxTest, HubCannotAcknowledgeWhatDoesNotExistYet) {
  ASSERT_TRUE(acknowledge({{1, 1'000}}).ok());
  EXPECT_THAT(offered(), IsEmpty());
  sell(*journal_, 2);
  EXPECT_THAT(offered(), ElementsAre(7, 8));
}

TEST_F(OutboxTest, NewEpochIsOfferedWhatItLacks) {
  ASSERT_TRUE(acknowledge({{1, 5}}, {{6, 6}}).ok());
  EXPECT_THAT(offered(), IsEmpty());
  ASSERT_TRUE(acknowledge({{1, 2}}, {}, "hub-2").ok());
  EXPECT_THAT(offered(), ElementsAre(3, 4, 5, 6));
}

TEST_F(OutboxTest, EpochMayBeginWithoutAnAcknowledgement) {
  ASSERT_TRUE(acknowledge({{1, 6}}).ok());
  ASSERT_TRUE(journal_->begin_hub_epoch("hub-1").ok());
  EXPECT_THAT(offered(), IsEmpty()) << "it is the present one";
  ASSERT_TRUE(journal_->begin_hub_epoch("hub-2").ok());
  EXPECT_THAT(offered(), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(OutboxTest, FirstEpochOffersNothingTwice) {
  ASSERT_TRUE(journal_->begin_hub_epoch("hub-1").ok());
  EXPECT_THAT(offered(), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(OutboxTest, CountsTellHowFarBehindHeadOfficeIs) {
  EXPECT_EQ(reader_.counts()->last, Sequence(6));
  EXPECT_EQ(reader_.counts()->unsynced, 6);
  ASSERT_TRUE(acknowledge({{1, 1}, {3, 3}}).ok());
  EXPECT_EQ(reader_.counts()->unsynced, 4);
  EXPECT_EQ(reader_.counts()->oldest_unsynced, reader_.event(Sequence(2))->time);
  ASSERT_TRUE(acknowledge({{1, 6}}).ok());
  EXPECT_EQ(reader_.counts()->oldest_unsynced, "");
}

TEST_F(OutboxTest, PendingGoesOnAfterASequenceAndStopsAtTheLimit) {
  ASSERT_TRUE(acknowledge({{3, 3}}).ok());
  const std::vector<Event> two = reader_.pending(Sequence(1), 2).value();
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0].identity.sequence, Sequence(2));
  EXPECT_EQ(two[1].identity.sequence, Sequence(4));
}

TEST_F(OutboxTest, FollowsTheModelUnderRandomAcknowledgements) {
  std::set<std::int64_t> expected{1, 2, 3, 4, 5, 6};
  std::string epoch = "hub-1";
  ASSERT_TRUE(journal_->begin_hub_epoch(epoch).ok());
  for (int step = 0; step < 300; ++step) {
    const std::int64_t last = journal_->last_sequence().value();
    const std::int64_t first = 1 + static_cast<std::int64_t>(random_.next_u64() % 80);
    const std::int64_t to = first + static_cast<std::int64_t>(random_.next_u64() % 10);
    switch (random_.next_u64() % 8) {
      case 0:  // the hub is restored from a backup
        epoch = "hub-" + std::to_string(step);
        for (std::int64_t sequence = 1; sequence <= last; ++sequence) expected.insert(sequence);
        [[fallthrough]];
      case 1:
      case 2:
        ASSERT_TRUE(acknowledge({{first, to}}, {}, epoch).ok());
        std::erase_if(expected, [&](std::int64_t s) { return s >= first && s <= to; });
        break;
      case 3:  // the till is restarted
        journal_.reset();
        journal_.emplace(open_journal());
        break;
      default: sell(*journal_, 1); expected.insert(last + 1);
    }
    ASSERT_EQ(offered(), std::vector<std::int64_t>(expected.begin(), expected.end()));
  }
}

}  // namespace
}  // namespace tillsight
