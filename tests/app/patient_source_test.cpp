// Goal: a camera whose driver hangs holds up nobody: who waits for a frame can be stopped, the till
// can end, and a frame that comes late is not lost.
// Method: a source that answers when the test lets it.
#include "app/patient_source.hpp"

#include <gtest/gtest.h>

#include <future>

#include "tillsight/core/mutex.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;

/// What test and source share, for as long as either lives.
class Driver {
 public:
  void let_one_through() {
    const MutexLock lock(mutex_);
    ++open_;
    news_.notify_all();
  }
  void pass() {
    const MutexLock lock(mutex_);
    ++called_;
    news_.notify_all();
    news_.wait(mutex_, {}, [this]() TILLSIGHT_REQUIRES(mutex_) { return open_ > 0; });
    --open_;
  }
  void wait_until_called(int times) {
    const MutexLock lock(mutex_);
    news_.wait(mutex_, {}, [&]() TILLSIGHT_REQUIRES(mutex_) { return called_ >= times; });
  }

 private:
  CondVar news_;
  Mutex mutex_;
  int open_ TILLSIGHT_GUARDED_BY(mutex_) = 0;
  int called_ TILLSIGHT_GUARDED_BY(mutex_) = 0;
};

class Camera final : public FrameSource {
 public:
  Camera(std::shared_ptr<Driver> driver, std::promise<void> gone)
      : driver_(std::move(driver)), gone_(std::move(gone)) {}
  ~Camera() override { gone_.set_value(); }
  Result<std::optional<Frame>> next() override {
    driver_->pass();
    Frame frame;
    frame.sequence = sequence_++;
    return std::optional<Frame>(std::move(frame));
  }
  milliseconds pause() const override { return milliseconds(7); }
  bool live() const override { return true; }

 private:
  const std::shared_ptr<Driver> driver_;
  std::promise<void> gone_;
  std::uint64_t sequence_ = 0;
};

class PatientSourceTest : public ::testing::Test {
 protected:
  std::unique_ptr<FrameSource> camera() {
    std::promise<void> gone;
    gone_ = gone.get_future();
    return std::make_unique<Camera>(driver_, std::move(gone));
  }

  const std::shared_ptr<Driver> driver_ = std::make_shared<Driver>();
  std::future<void> gone_;
};

TEST_F(PatientSourceTest, HandsOverWhatTheSourceSays) {
  PatientSource source(camera());
  EXPECT_TRUE(source.live());
  for (std::uint64_t sequence = 0; sequence < 3; ++sequence) {
    driver_->let_one_through();
    const auto answer = source.next({});
    ASSERT_TRUE(answer && answer->ok());
    EXPECT_EQ(answer->value()->sequence, sequence);
    EXPECT_EQ(source.pause(), milliseconds(7));
  }
}

TEST_F(PatientSourceTest, AStopEndsTheWaitAndTheFrameComesWithTheNextCall) {
  PatientSource source(camera());
  std::stop_source stop;
  auto waiting = std::async(std::launch::async, [&] { return source.next(stop.get_token()); });
  driver_->wait_until_called(1);
  stop.request_stop();
  EXPECT_EQ(waiting.get(), std::nullopt);
  driver_->let_one_through();
  const auto answer = source.next({});
  ASSERT_TRUE(answer && answer->ok());
  EXPECT_EQ(answer->value()->sequence, 0u) << "asked once, not twice";
}

TEST_F(PatientSourceTest, ACallThatHangsIsLeftBehindAndEndsOnItsOwn) {
  std::stop_source stop;
  {
    PatientSource source(camera(), milliseconds(20));
    auto waiting = std::async(std::launch::async, [&] { return source.next(stop.get_token()); });
    driver_->wait_until_called(1);
    stop.request_stop();
  }
  EXPECT_EQ(gone_.wait_for(milliseconds(0)), std::future_status::timeout) << "it still hangs";
  driver_->let_one_through();
  EXPECT_EQ(gone_.wait_for(std::chrono::seconds(30)), std::future_status::ready);
}

}  // namespace
}  // namespace tillsight::app
