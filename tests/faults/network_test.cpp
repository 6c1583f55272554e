// Goal: whatever the network does, every sale arrives once, and within a minute after it is mended.
// Method: real tills, hub and Mosquitto. Between them lines that can go silent, be reset or refused
// (tests/support/fault_proxy), or a network of the test's own that loses packets, is narrow, or has
// a name server that falls silent. Clerks sell on meanwhile; then the network is mended, one more
// sale is made, and the time is taken until head office has everything.
#include <chrono>
#include <string>

#include "bench/figure.hpp"
#include "tests/faults/trading_day.hpp"
#include "tests/support/fault_proxy.hpp"
#include "tests/support/name_server.hpp"
#include "tests/support/network_namespace.hpp"
#include "tests/support/quiet_port.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/core/format.hpp"

namespace tillsight::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kKeepaliveS = 5;  // libmosquitto's least: half-open lines are noticed in 10 s
constexpr milliseconds kReconnect{60'000};  // what docs/sync-protocol.md promises after the cure
constexpr milliseconds kPeriod{50};         // between two sales of a clerk
const int kSales = prolonged(20);           // of each clerk during a fault
constexpr std::int64_t kFiftyKbit = 50'000 / 8;          // as bytes
const milliseconds kNarrow = kReconnect * prolonged(1);  // for what has to go through that

class Network : public TradingDay {
 protected:
  /// Everybody is connected, and the first sale has arrived.
  void open(ShopPlan plan) {
    plan.keepalive_s = kKeepaliveS;
    open_shop(std::move(plan));
    step("before the fault");
    if (sell(1)) settle(kReconnect);
    step("fault");
  }

  /// From now on the network is good: one more sale each, and the clock runs.
  void cured(const std::string& fault) {
    step("cure");
    const auto begin = Clock::now();
    if (!sell(1) || !settle(kReconnect)) return;
    const Clock::duration recovered = Clock::now() - begin;
    print(fault);
    print_seconds(fault + ".reconnect", recovered, kReconnect);
  }

  void print(const std::string& fault) {
    const Findings findings = audited();
    const std::string sales = format("sold:{}", sold());
    bench::print({.name = format("network.{}.sales_lost", fault),
                  .value = static_cast<double>(findings.lost),
                  .unit = "sales",
                  .goal = bench::Goal::kAtMost,
                  .rival = sales});
    bench::print({.name = format("network.{}.sales_doubled", fault),
                  .value = static_cast<double>(findings.doubled),
                  .unit = "sales",
                  .goal = bench::Goal::kAtMost,
                  .rival = format("absorbed:{}", findings.duplicates_absorbed)});
  }

  void print_seconds(const std::string& what, Clock::duration taken, milliseconds most) {
    EXPECT_TRUE(bench::print({.name = format("network.{}_s", what),
                              .value = std::chrono::duration<double>(taken).count(),
                              .unit = "s",
                              .goal = bench::Goal::kAtMost,
                              .bound = std::chrono::duration<double>(most).count()}));
  }
};

/// Tills and hub reach the broker over lines of ours.
class Lines : public Network {
 protected:
  void open_over_lines() {
    ShopPlan plan;
    plan.broker_port = broker_port_;
    plan.till_port = till_line_.port();
    plan.hub_port = hub_line_.port();
    open(std::move(plan));
  }

  const int broker_port_ = quiet_port();
  FaultProxy till_line_{broker_port_};
  FaultProxy hub_line_{broker_port_};
};

TEST_F(Lines, WithoutFaultsCarryLittleMoreThanTheSales) {
  open_over_lines();
  const int sales = prolonged(100);
  ASSERT_TRUE(sell(sales, milliseconds(20)));
  ASSERT_TRUE(settle(kReconnect));
  const auto sent = static_cast<double>(till_line_.traffic().up_bytes);
  const Findings findings = audited();
  EXPECT_TRUE(bench::print({.name = "network.bytes_sent_per_needed",
                            .value = sent / static_cast<double>(findings.payload_bytes),
                            .unit = "ratio",
                            .goal = bench::Goal::kAtMost,
                            .bound = 1.2,
                            .rival = format("needed:{}B", findings.payload_bytes)}));
}

TEST_F(Lines, HalfOpenConnectionsAreNoticedAndGivenUp) {
  open_over_lines();
  till_line_.fall_silent();
  hub_line_.fall_silent();
  ASSERT_TRUE(sell(kSales, kPeriod));
  EXPECT_FALSE(settled()) << "the fault is none";
  till_line_.heal();
  hub_line_.heal();
  cured("half_open");
}

TEST_F(Lines, StormOfResetsLosesNothing) {
  open_over_lines();
  for (int sale = 0; sale < 2 * kSales; ++sale) {
    FaultProxy& line = random_.next_u64() % 3 == 0 ? hub_line_ : till_line_;
    ASSERT_TRUE(sell(1));
    work_for(up_to(30));
    line.reset();
    work_for(up_to(300));
  }
  cured("reset_storm");
}

TEST_F(Lines, RefusedConnectionsAreTriedAgain) {
  open_over_lines();
  till_line_.refuse();
  till_line_.reset();
  ASSERT_TRUE(sell(kSales, kPeriod));
  EXPECT_FALSE(settled()) << "the fault is none";
  till_line_.heal();
  cured("refused");
}

TEST_F(Lines, SlowAndNarrowLineIsEnough) {
  open_over_lines();
  till_line_.slow_down(milliseconds(600), kFiftyKbit);
  const std::int64_t before = till_line_.traffic().up_bytes;
  const auto begin = Clock::now();
  ASSERT_TRUE(sell(kSales));
  ASSERT_TRUE(settle(kNarrow));
  const Clock::duration drained = Clock::now() - begin;
  print("slow_50_kbit");
  print_seconds("slow_50_kbit.drained", drained, kNarrow);
  const auto carried = static_cast<double>(till_line_.traffic().up_bytes - before);
  EXPECT_GE(std::chrono::duration<double>(drained).count(), 0.9 * carried / kFiftyKbit);
}

TEST_F(Network, BrokerThatComesAndGoesAndForgetsLosesNothing) {
  ShopPlan plan;
  plan.broker_settings = {"max_queued_messages 10", "max_inflight_messages 10"};
  open(std::move(plan));
  for (int restart = 0; restart < 4; ++restart) {
    shop_->kill("broker");
    ASSERT_TRUE(sell(kSales / 4, kPeriod));
    shop_->start("broker");
    const auto next = Clock::now() + seconds(2);
    while (Clock::now() < next) ASSERT_TRUE(sell(1, kPeriod));
  }
  cured("broker_restarts");
}

/// In a network of the test's own, where the machine allows that.
class OwnNetwork : public Network {
 protected:
  void SetUp() override {
    auto entered = NetworkNamespace::enter();
    if (!entered.ok()) GTEST_SKIP() << entered.error().message();
    network_.emplace(std::move(entered).value());
  }
  ~OwnNetwork() override {
    shop_.reset();  // before its network
  }

  std::optional<NetworkNamespace> network_;
};

TEST_F(OwnNetwork, LossOfEveryTenthPacketLosesNoSale) {
  open(ShopPlan());
  const Status lossy = network_->lose(10);
  if (!lossy.ok()) GTEST_SKIP() << lossy.error().message();
  ASSERT_TRUE(sell(2 * kSales, kPeriod));
  EXPECT_GT(network_->lost_packets(), 0);
  network_->heal();
  cured("loss_10_percent");
}

TEST_F(OwnNetwork, FiftyKilobitForAllOfThemAreEnough) {
  open(ShopPlan());
  const Status narrow = network_->narrow(50);
  if (!narrow.ok()) GTEST_SKIP() << narrow.error().message();
  const auto begin = Clock::now();
  ASSERT_TRUE(sell(kSales / 4));
  ASSERT_TRUE(settle(kNarrow));
  const Clock::duration drained = Clock::now() - begin;
  print("shared_50_kbit");
  print_seconds("shared_50_kbit.drained", drained, kNarrow);
}

TEST_F(OwnNetwork, NameServerMayFallSilentAndComeBack) {
  const std::filesystem::path ours = folder_.path() / "resolv.conf";
  ASSERT_TRUE(
      write_file_atomically(ours, "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n").ok());
  const Status replaced = network_->replace("/etc/resolv.conf", ours);
  if (!replaced.ok()) GTEST_SKIP() << replaced.error().message();
  NameServer names;
  ShopPlan plan;
  plan.host = "broker.chain.test";
  open(std::move(plan));
  names.fall_silent();
  shop_->kill("broker");
  shop_->start("broker");
  ASSERT_TRUE(sell(kSales, kPeriod));
  ASSERT_TRUE(work_until([&] { return names.unanswered() >= 6; }, seconds(30)));
  names.answer_again();
  cured("no_name_server");
}

}  // namespace
}  // namespace tillsight::test
