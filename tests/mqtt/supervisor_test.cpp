// Goal: the supervisor brings a connection back whatever ended it, in good order: no storm, no
// silence, no giving up.
// Method: the fake broker and a fake clock; attempts are counted while the clock advances.
#include "tillsight/mqtt/supervisor.hpp"

#include <gtest/gtest.h>

#include "tests/mqtt/recorder.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/mqtt/fake_broker.hpp"

namespace tillsight::mqtt {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Counts attempts, and may be deaf to its broker.
class CountingClient final : public Client {
 public:
  explicit CountingClient(FakeBroker& broker) : inner(broker) {}

  Status connect(const std::optional<Will>& will) override {
    ++attempts;
    return inner.connect(will);
  }
  void disconnect() override { inner.disconnect(); }
  Status run_once(Handler& handler, milliseconds timeout, int wake_fd) override {
    last_timeout = timeout;
    return deaf ? Status() : inner.run_once(handler, timeout, wake_fd);
  }
  bool connected() const override { return inner.connected(); }
  Result<PublishId> publish(std::string_view topic, std::string_view payload,
                            Retain retain) override {
    return inner.publish(topic, payload, retain);
  }
  Status subscribe(std::string_view filter) override { return inner.subscribe(filter); }

  FakeClient inner;
  int attempts = 0;
  bool deaf = false;
  milliseconds last_timeout{0};
};

class SupervisorTest : public ::testing::Test {
 protected:
  void turn() { supervisor_.run_once(milliseconds{1000}, -1); }

  void pass(milliseconds how_long) {
    constexpr milliseconds kStep{100};
    for (milliseconds gone{0}; gone < how_long; gone += kStep) {
      clock_.advance(kStep);
      turn();
    }
  }

  int attempts_during(milliseconds how_long) {
    const int before = client_.attempts;
    pass(how_long);
    return client_.attempts - before;
  }

  void lose_broker() {
    broker_.kill();
    turn();
    ASSERT_FALSE(supervisor_.connected());
  }

  FakeClock clock_;
  SeededRandom random_{7};
  FakeBroker broker_{random_};
  CountingClient client_{broker_};
  Recorder recorder_;
  Supervisor supervisor_{"test", client_, recorder_, clock_, random_};
};

TEST_F(SupervisorTest, ConnectsAtOnceWhenTheBrokerIsThere) {
  turn();
  EXPECT_TRUE(supervisor_.connected());
  EXPECT_EQ(recorder_.connects, 1);
  EXPECT_FALSE(supervisor_.trouble().has_value());
}

TEST_F(SupervisorTest, KeepsTryingWithGrowingWaitsWhileTheBrokerIsAway) {
  broker_.kill();
  turn();
  const int first_minute = attempts_during(seconds{60});
  EXPECT_GE(first_minute, 5);
  EXPECT_LE(first_minute, 8);
  pass(seconds{600});
  const int later_hour = attempts_during(seconds{3600});
  EXPECT_GE(later_hour, 60);   // never more than 60 s apart
  EXPECT_LE(later_hour, 120);  // never less than 30 s apart
  EXPECT_TRUE(supervisor_.trouble().has_value());
}

TEST_F(SupervisorTest, FindsABrokerThatComesLate) {
  broker_.kill();
  pass(seconds{300});
  broker_.start();
  pass(seconds{61});
  EXPECT_TRUE(supervisor_.connected());
  EXPECT_FALSE(supervisor_.trouble().has_value());
}

TEST_F(SupervisorTest, ComesBackWithinASecondAfterAHealthyConnection) {
  broker_.kill();
  pass(seconds{300});
  broker_.start();
  pass(seconds{61} + Supervisor::kHealthy);
  lose_broker();
  broker_.start();
  pass(seconds{1} + milliseconds{200});
  EXPECT_TRUE(supervisor_.connected());
  EXPECT_EQ(recorder_.disconnects.size(), 1U);
}

TEST_F(SupervisorTest, SlowsDownForABrokerThatDropsItAgainAndAgain) {
  int connects_at_half_time = 0;
  for (int second = 0; second < 1200; ++second) {
    pass(seconds{1});
    if (supervisor_.connected()) {
      lose_broker();
      broker_.start();
    }
    if (second == 600) connects_at_half_time = recorder_.connects;
  }
  const int in_ten_minutes = recorder_.connects - connects_at_half_time;
  EXPECT_GE(in_ten_minutes, 9);
  EXPECT_LE(in_ten_minutes, 21);
}

TEST_F(SupervisorTest, TriesRefusedCredentialsSlowlyAndForEver) {
  broker_.refuse_clients(error(Code::kFailedPrecondition, "Not authorized"));
  turn();
  turn();
  ASSERT_TRUE(supervisor_.trouble().has_value());
  EXPECT_EQ(supervisor_.trouble()->message(), "Not authorized");
  EXPECT_LE(attempts_during(seconds{600}), 20);
  broker_.refuse_clients(std::nullopt);
  pass(seconds{61});
  EXPECT_TRUE(supervisor_.connected());
}

TEST_F(SupervisorTest, GivesUpAnAttemptThatIsNeverAnswered) {
  client_.deaf = true;
  turn();
  pass(Supervisor::kConnectTimeout);
  EXPECT_TRUE(supervisor_.trouble().has_value());
  client_.deaf = false;
  pass(seconds{2});
  EXPECT_TRUE(supervisor_.connected());
}

TEST_F(SupervisorTest, NeverWaitsPastItsNextAttempt) {
  broker_.kill();
  turn();
  supervisor_.run_once(seconds{30}, -1);
  EXPECT_LE(client_.last_timeout, Supervisor::kWaitMin);
  EXPECT_GE(client_.last_timeout, Supervisor::kWaitMin / 2);
}

TEST_F(SupervisorTest, AsksForANewWillAtEveryAttempt) {
  recorder_.next_will = Will{"status", "first"};
  turn();
  broker_.cut(client_.inner);
  EXPECT_EQ(broker_.retained("status"), "first");
  recorder_.next_will = Will{"status", "second"};
  turn();
  pass(seconds{2});
  ASSERT_TRUE(supervisor_.connected());
  broker_.cut(client_.inner);
  EXPECT_EQ(broker_.retained("status"), "second");
}

}  // namespace
}  // namespace tillsight::mqtt
