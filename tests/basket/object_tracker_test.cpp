// Goal: what lies on the counter is one object each, from soon after it came until it left,
// whatever single frames say. Method: sequences of frames with settings small enough to count by
// hand (3 of 5 frames to appear, 4 frames to leave); one frame is 100 ms.
#include "tillsight/basket/object_tracker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace tillsight {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Frame = std::vector<Detection>;

Detection saw(std::string label, float x, float score = 0.8F) {
  return {{std::move(label), score}, {x, 100, 60, 60}, {}};
}

TrackerSettings small_settings() {
  TrackerSettings settings;
  settings.appear_frames = 3;
  settings.appear_window = 5;
  settings.leave_frames = 4;
  settings.ignored = {"person"};
  return settings;
}

class Tracker : public ::testing::Test {
 protected:
  Snapshot frames(int count, const Frame& frame) {
    Snapshot snapshot;
    for (int i = 0; i < count; ++i) {
      now_ += std::chrono::milliseconds(100);
      snapshot = tracker_.update(frame, now_);
    }
    return snapshot;
  }

  MonotonicTime now_{};
  ObjectTracker tracker_{small_settings()};
};

std::vector<std::string> labels(const Snapshot& snapshot) {
  std::vector<std::string> result;
  for (const StableObject& object : snapshot.objects) result.push_back(object.best.label);
  return result;
}

TEST_F(Tracker, ObjectIsStableInItsNthFrameAndNotBefore) {
  EXPECT_THAT(frames(2, {saw("apple", 0)}).objects, IsEmpty());
  const Snapshot third = frames(1, {saw("apple", 0)});
  ASSERT_THAT(labels(third), ElementsAre("apple"));
  EXPECT_EQ(third.frame, 3);
  EXPECT_EQ(third.time, now_);
  EXPECT_TRUE(third.objects[0].sure);
}

TEST_F(Tracker, ObjectSeenInNOfTheLastMFramesIsStable) {
  frames(1, {saw("apple", 0)});
  frames(1, {});
  frames(1, {saw("apple", 0)});
  frames(1, {});
  EXPECT_THAT(frames(1, {saw("apple", 0)}).objects, SizeIs(1));
}

TEST_F(Tracker, ObjectSeenTooRarelyNeverAppears) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(frames(1, {saw("apple", 0)}).objects, IsEmpty());
    EXPECT_THAT(frames(2, {}).objects, IsEmpty());
  }
}

TEST_F(Tracker, HandPassingThroughRemovesNothing) {
  const ObjectId id = frames(3, {saw("apple", 0)}).objects.at(0).id;
  const Snapshot covered = frames(3, {saw("person", 0)});
  ASSERT_THAT(covered.objects, SizeIs(1));
  EXPECT_EQ(covered.objects[0].id, id);
  EXPECT_EQ(covered.objects[0].seen, now_ - std::chrono::milliseconds(300));
  EXPECT_EQ(frames(1, {saw("apple", 0)}).objects.at(0).id, id);
}

TEST_F(Tracker, HandPassingThroughAddsNothing) {
  frames(3, {saw("apple", 0)});
  const Snapshot with_hand = frames(2, {saw("apple", 0), saw("remote", 300)});
  EXPECT_THAT(labels(with_hand), ElementsAre("apple"));
  EXPECT_THAT(labels(frames(5, {saw("apple", 0)})), ElementsAre("apple"));
}

TEST_F(Tracker, IgnoredLabelNeverBecomesAnObject) {
  EXPECT_THAT(frames(10, {saw("person", 0, 0.99F)}).objects, IsEmpty());
}

TEST_F(Tracker, ObjectLeavesAfterKFramesInARowWithoutIt) {
  frames(3, {saw("apple", 0)});
  EXPECT_THAT(frames(3, {}).objects, SizeIs(1));
  EXPECT_THAT(frames(1, {}).objects, IsEmpty());
}

TEST_F(Tracker, ReturningObjectGetsAnotherIdentity) {
  const ObjectId id = frames(3, {saw("apple", 0)}).objects.at(0).id;
  frames(4, {});
  EXPECT_GT(frames(3, {saw("apple", 0)}).objects.at(0).id, id);
}

TEST_F(Tracker, OneWrongFrameDoesNotFlipTheLabel) {
  frames(5, {saw("apple", 0, 0.7F)});
  const Snapshot misread = frames(1, {saw("orange", 2, 0.99F)});
  EXPECT_THAT(labels(misread), ElementsAre("apple"));
  EXPECT_THAT(misread.objects[0].alternatives,
              ElementsAre(testing::Field(&Candidate::label, "orange")));
  EXPECT_THAT(labels(frames(1, {saw("apple", 0, 0.7F)})), ElementsAre("apple"));
}

TEST_F(Tracker, FirstReadingIsTheBestVotedNotTheFirstByName) {
  Detection fruit = saw("orange", 0, 0.60F);
  fruit.alternatives = {{"apple", 0.55F}};
  EXPECT_THAT(labels(frames(3, {fruit})), ElementsAre("orange"));
}

TEST_F(Tracker, LabelFollowsALastingChange) {
  const ObjectId id = frames(5, {saw("apple", 0, 0.6F)}).objects.at(0).id;
  const Snapshot later = frames(10, {saw("orange", 0, 0.9F)});
  EXPECT_THAT(labels(later), ElementsAre("orange"));
  EXPECT_EQ(later.objects[0].id, id);
}

TEST_F(Tracker, MisreadObjectIsNeverTwoObjectsOnOnePlace) {
  frames(3, {saw("apple", 0)});
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(frames(1, {saw(i % 2 == 0 ? "orange" : "apple", 0)}).objects, SizeIs(1));
  }
}

TEST_F(Tracker, CountsThingsOfOneLabelThatLieSideBySide) {
  EXPECT_THAT(labels(frames(3, {saw("apple", 0), saw("apple", 62), saw("apple", 124)})),
              ElementsAre("apple", "apple", "apple"));
}

TEST_F(Tracker, SlowlyMovedObjectKeepsItsIdentity) {
  const ObjectId id = frames(3, {saw("apple", 0)}).objects.at(0).id;
  Snapshot snapshot;
  for (float x = 20; x < 400; x += 20) snapshot = frames(1, {saw("apple", x)});
  ASSERT_THAT(snapshot.objects, SizeIs(1));
  EXPECT_EQ(snapshot.objects[0].id, id);
}

TEST_F(Tracker, PushedObjectKeepsItsIdentityAndIsNeverCountedTwice) {
  const ObjectId id = frames(3, {saw("apple", 0)}).objects.at(0).id;
  for (int i = 0; i < 6; ++i) {
    const Snapshot pushed = frames(1, {saw("apple", 140)});
    ASSERT_THAT(pushed.objects, SizeIs(1));
    EXPECT_EQ(pushed.objects[0].id, id);
  }
}

TEST_F(Tracker, SecondObjectPlacedBesideTheFirstIsAnotherOne) {
  frames(3, {saw("apple", 0)});
  EXPECT_THAT(frames(3, {saw("apple", 0), saw("apple", 140)}).objects, SizeIs(2));
  EXPECT_THAT(frames(3, {saw("apple", 140)}).objects, SizeIs(2)) << "the first is only hidden";
}

TEST_F(Tracker, LowScoreAsksAndSurenessHasHysteresis) {
  EXPECT_FALSE(frames(3, {saw("apple", 0, 0.45F)}).objects.at(0).sure);
  EXPECT_TRUE(frames(20, {saw("apple", 0, 0.6F)}).objects.at(0).sure);
  EXPECT_TRUE(frames(20, {saw("apple", 0, 0.45F)}).objects.at(0).sure) << "within the slack";
  EXPECT_FALSE(frames(20, {saw("apple", 0, 0.35F)}).objects.at(0).sure);
}

TEST(TrackerOfOneLabel, CanNeedAnotherScoreToBeSure) {
  TrackerSettings settings = small_settings();
  settings.sure_score_by_label = {{"orange", 0.9}};
  ObjectTracker tracker(settings);
  Snapshot snapshot;
  for (int i = 0; i < 3; ++i) snapshot = tracker.update(Frame{saw("orange", 0, 0.8F)}, {});
  EXPECT_FALSE(snapshot.objects.at(0).sure);
}

TEST(TrackerSettingsCheck, NamesTheSettingThatIsOutOfRange) {
  TrackerSettings settings = small_settings();
  settings.appear_frames = 6;
  EXPECT_THAT(check(settings).error().message(), HasSubstr("appear_frames = 6"));
  settings = small_settings();
  settings.sure_score_by_label = {{"orange", 1.5}};
  EXPECT_THAT(check(settings).error().message(), HasSubstr("'orange'"));
  EXPECT_TRUE(check(small_settings()).ok());
}

// Laws over random frames: identities are unique and never come back, candidates are well formed.
TEST(TrackerLaw, IdentitiesAreUniqueAndNeverReturn) {
  const std::vector<std::string> names = {"apple", "orange", "bottle", "person"};
  for (unsigned seed = 1; seed <= 30; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    ObjectTracker tracker(small_settings());
    std::set<ObjectId> gone, present;
    for (int i = 0; i < 200; ++i) {
      Frame frame;
      for (unsigned n = below(6); n > 0; --n) {
        frame.push_back(saw(names[below(4)], static_cast<float>(below(8) * 50),
                            static_cast<float>(below(100)) / 100));
      }
      std::set<ObjectId> now;
      for (const StableObject& object : tracker.update(frame, {}).objects) {
        EXPECT_TRUE(now.insert(object.id).second) << "seed " << seed;
        EXPECT_FALSE(gone.contains(object.id)) << "seed " << seed;
        EXPECT_NE(object.best.label, "person");
        EXPECT_FALSE(object.best.label.empty());
        EXPECT_LE(object.alternatives.size(), 3u);
        EXPECT_GE(object.best.score, 0.0F);
        EXPECT_LE(object.best.score, 1.0F);
      }
      for (const ObjectId id : present) {
        if (!now.contains(id)) gone.insert(id);
      }
      present = now;
    }
    EXPECT_FALSE(present.empty() && gone.empty()) << "seed " << seed << " tracked nothing";
  }
}

}  // namespace
}  // namespace tillsight
