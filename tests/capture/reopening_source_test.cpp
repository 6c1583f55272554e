// Goal: a camera that dies is brought back, with growing pauses, and each change is said once.
// Method: a scripted camera, a fake clock and a seeded random; nothing sleeps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "tillsight/capture/frame_source.hpp"
#include "tillsight/core/fake_clock.hpp"

namespace tillsight {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using namespace std::chrono_literals;

enum class Camera { kRefusesToOpen, kDiesAtOnce, kGivesTwoFramesThenDies, kEndsAtOnce };

class ScriptedSource final : public FrameSource {
 public:
  explicit ScriptedSource(Camera behaviour) : behaviour_(behaviour) {}

  Result<std::optional<Frame>> next() override {
    if (behaviour_ == Camera::kEndsAtOnce) return std::optional<Frame>();
    if (behaviour_ == Camera::kDiesAtOnce || given_ == 2) {
      return error(Code::kUnavailable, "cable pulled");
    }
    ++given_;
    return std::optional<Frame>(Frame{.width_px = 1, .height_px = 1, .bgr = {0, 0, 0}});
  }
  bool live() const override { return true; }

 private:
  const Camera behaviour_;
  int given_ = 0;
};

class Reopening : public testing::Test {
 protected:
  Result<std::unique_ptr<FrameSource>> open() {
    ++opened_;
    const Camera behaviour = script_.empty() ? Camera::kRefusesToOpen : script_.front();
    if (!script_.empty()) script_.pop_front();
    if (behaviour == Camera::kRefusesToOpen) return error(Code::kNotFound, "no such camera");
    return std::unique_ptr<FrameSource>(std::make_unique<ScriptedSource>(behaviour));
  }

  bool frame_arrives() {
    const auto frame = source_.next();
    if (frame.ok())
      last_sequence_ = (*frame)->sequence;
    else
      EXPECT_EQ(frame.error().code(), Code::kUnavailable);
    return frame.ok();
  }

  std::deque<Camera> script_;
  int opened_ = 0;
  std::uint64_t last_sequence_ = 0;
  std::vector<SourceStatus> said_;
  FakeClock clock_;
  SeededRandom random_{1};
  ReopeningSource source_{"camera",
                          [this] { return open(); },
                          clock_,
                          random_,
                          [this](const SourceStatus& status) { said_.push_back(status); },
                          Backoff{.first = 1s, .longest = 8s}};
};

TEST_F(Reopening, ADeadCameraComesBackAndFramesGoOnCounting) {
  script_ = {Camera::kGivesTwoFramesThenDies, Camera::kGivesTwoFramesThenDies};
  EXPECT_TRUE(frame_arrives());
  EXPECT_TRUE(frame_arrives());
  EXPECT_FALSE(frame_arrives());
  clock_.advance(source_.pause());
  EXPECT_TRUE(frame_arrives());
  EXPECT_EQ(last_sequence_, 2u);
  EXPECT_EQ(opened_, 2);
}

TEST_F(Reopening, NothingIsOpenedBeforeThePauseIsOver) {
  script_ = {Camera::kDiesAtOnce, Camera::kGivesTwoFramesThenDies};
  EXPECT_FALSE(frame_arrives());
  EXPECT_GT(source_.pause(), 0ms);
  clock_.advance(source_.pause() - 1ms);
  EXPECT_FALSE(frame_arrives());
  EXPECT_EQ(opened_, 1);
  clock_.advance(1ms);
  EXPECT_EQ(source_.pause(), 0ms);
  EXPECT_TRUE(frame_arrives());
}

TEST_F(Reopening, PausesDoubleUpToTheLongestWithAtMostHalfTakenOff) {
  for (const milliseconds full : {1'000ms, 2'000ms, 4'000ms, 8'000ms, 8'000ms, 8'000ms}) {
    EXPECT_FALSE(frame_arrives());
    EXPECT_LE(source_.pause(), full);
    EXPECT_GE(source_.pause(), full / 2);
    clock_.advance(source_.pause());
  }
}

TEST_F(Reopening, AfterAFrameThePausesStartSmallAgain) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(frame_arrives());
    clock_.advance(source_.pause());
  }
  script_ = {Camera::kGivesTwoFramesThenDies};
  EXPECT_TRUE(frame_arrives());
  EXPECT_TRUE(frame_arrives());
  EXPECT_FALSE(frame_arrives());
  EXPECT_LE(source_.pause(), 1s);
}

// A driver that opens but gives nothing must not be hammered.
TEST_F(Reopening, ACameraThatOpensAndDiesAtOnceIsStillGivenGrowingPauses) {
  script_ = {Camera::kDiesAtOnce, Camera::kDiesAtOnce, Camera::kDiesAtOnce};
  milliseconds last = 0ms;
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(frame_arrives());
    last = source_.pause();
    clock_.advance(last);
  }
  EXPECT_GE(last, 2s);
}

TEST_F(Reopening, EachChangeIsSaidOnceWithItsReason) {
  script_ = {Camera::kGivesTwoFramesThenDies, Camera::kRefusesToOpen, Camera::kDiesAtOnce,
             Camera::kGivesTwoFramesThenDies};
  for (int i = 0; i < 6; ++i) {
    (void)frame_arrives();
    clock_.advance(source_.pause());
  }
  ASSERT_EQ(said_.size(), 3u);
  EXPECT_TRUE(said_[0].open);
  EXPECT_FALSE(said_[1].open);
  EXPECT_THAT(said_[1].message, HasSubstr("camera: no picture: cable pulled"));
  EXPECT_TRUE(said_[2].open);
}

TEST_F(Reopening, AStreamThatEndsCountsAsDead) {
  script_ = {Camera::kEndsAtOnce, Camera::kGivesTwoFramesThenDies};
  EXPECT_FALSE(frame_arrives());
  ASSERT_EQ(said_.size(), 1u);
  EXPECT_THAT(said_[0].message, HasSubstr("the stream ended"));
  clock_.advance(source_.pause());
  EXPECT_TRUE(frame_arrives());
}

}  // namespace
}  // namespace tillsight
