// Goal: what ends libmosquitto's own thread for ever, or makes it lie, costs us at most a minute
// after the cause is gone, without a restart. The list is docs/mqtt-traps.md.
// Method: a real Mosquitto, the real client and its supervisor; clock and name service of this
// process are bent under the libraries. The supervisor's clock runs only while it waits.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <set>

#include "bench/figure.hpp"
#include "tests/mqtt/outside_world.hpp"
#include "tests/mqtt/peer.hpp"
#include "tests/mqtt/scripted_broker.hpp"
#include "tests/mqtt/supervised.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/crypto/certificate.hpp"

namespace tillsight::mqtt {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// The promise: connected within a minute of the supervisor's time after the cure.
void expect_back_within_a_minute(Supervised& till, const char* trap) {
  const milliseconds took = till.until_connected();
  EXPECT_GE(took.count(), 0) << till.trouble();
  EXPECT_EQ(till.trouble(), "none");
  EXPECT_TRUE(bench::print({.name = format("mqtt.back_after_{}", trap),
                            .value = std::chrono::duration<double>(took).count(),
                            .unit = "s",
                            .goal = bench::Goal::kAtMost,
                            .bound = 60}));
}

/// A broker with TLS for a till, by one authority.
class Tls : public ::testing::Test {
 protected:
  static constexpr const char* kHost = "127.0.0.1";

  Tls() {
    const UtcTime now = SystemClock().utc_now();
    const Validity validity{now - hours{1}, now + days{30}};
    const Authority authority = Authority::create("Corner Shops", validity).value();
    const Credential server =
        authority.issue({"broker", Purpose::kServer, {kHost, "localhost"}}, validity).value();
    const Credential client = authority.issue({"S01/T01"}, validity).value();
    write("ca.crt", authority.credential().certificate);
    write("broker.crt", server.certificate);
    write("broker.key", server.key);
    write("till.crt", client.certificate);
    write("till.key", client.key);
    broker_ = std::make_unique<test::Broker>(std::vector<std::string>{
        "allow_anonymous false", "require_certificate true", "use_identity_as_username true",
        "tls_version tlsv1.3", "cafile " + file("ca.crt"), "certfile " + file("broker.crt"),
        "keyfile " + file("broker.key")});
  }
  std::string file(const char* name) const { return (folder_ / name).string(); }
  void write(const char* name, const std::string& text) const {
    ASSERT_TRUE(write_file_atomically(folder_ / name, text).ok());
  }
  Settings settings() const {
    Settings settings = settings_for(*broker_);
    settings.tls = mqtt::Tls{file("ca.crt"), file("till.crt"), file("till.key")};
    return settings;
  }

  const TempDir folder_;
  std::unique_ptr<test::Broker> broker_;
  const outside_world::Restored restored_;
};

TEST_F(Tls, ClockIn2020MendedConnectsWithoutARestart) {
  outside_world::shift_wall_clock(-days{2200});
  Supervised till(settings());
  ASSERT_TRUE(till.gives_up_hope());
  EXPECT_THAT(till.trouble(), HasSubstr("certificate"));
  EXPECT_THAT(till.trouble(), HasSubstr("this box's clock"));
  outside_world::shift_wall_clock(seconds{0});
  expect_back_within_a_minute(till, "clock_in_2020");
}

TEST_F(Tls, ClockInTenYearsMendedConnectsWithoutARestart) {
  outside_world::shift_wall_clock(days{3650});
  Supervised till(settings());
  ASSERT_TRUE(till.gives_up_hope());
  outside_world::shift_wall_clock(seconds{0});
  expect_back_within_a_minute(till, "clock_in_ten_years");
}

TEST_F(Tls, ClockThatJumpsUnderAConnectionDoesNotEndIt) {
  Supervised till(settings());
  ASSERT_GE(till.until_connected().count(), 0);
  for (const seconds jump : {seconds{-days{2200}}, seconds{days{3650}}, seconds{0}}) {
    outside_world::shift_wall_clock(jump);
    ASSERT_TRUE(till.client.publish("t", "x", Retain::kNo).ok());
    const std::size_t wanted = till.recorder.outcomes.size() + 1;
    ASSERT_GE(till.until([&] { return till.recorder.outcomes.size() == wanted; }).count(), 0);
  }
  EXPECT_EQ(till.client.attempts(), 1);
}

TEST_F(Tls, CertificateThatIsReplacedConnectsWithoutARestart) {
  const std::string good = *read_file(file("till.crt"));
  const std::string key = *read_file(file("till.key"));
  const UtcTime now = SystemClock().utc_now();
  const Credential stranger =
      Authority::create("S01/T01", {now - hours{1}, now + days{1}}).value().credential();
  write("till.crt", stranger.certificate);
  write("till.key", stranger.key);
  Supervised till(settings());
  ASSERT_TRUE(till.gives_up_hope());
  EXPECT_THAT(till.trouble(), HasSubstr("the broker turns this box away"));
  write("till.crt", good);
  write("till.key", key);
  expect_back_within_a_minute(till, "replaced_certificate");
}

TEST(Traps, RefusedPasswordThatIsMendedConnectsWithoutARestart) {
  const TempDir folder;
  ASSERT_TRUE(write_file_atomically(folder / "rules", "user till\ntopic write mine\n").ok());
  const std::string users = (folder / "users").string();
  ASSERT_EQ(std::system(("mosquitto_passwd -b -c " + users + " till secret").c_str()), 0);
  const test::Broker broker({"allow_anonymous false", "password_file " + users});
  Settings settings = settings_for(broker);
  settings.username = "till";
  settings.password_file = folder / "password";
  ASSERT_TRUE(write_file_atomically(settings.password_file, "guess\n").ok());
  Supervised till(settings);
  ASSERT_TRUE(till.gives_up_hope());
  EXPECT_THAT(till.trouble(), HasSubstr("refused this client"));
  ASSERT_TRUE(write_file_atomically(settings.password_file, "secret\n").ok());
  expect_back_within_a_minute(till, "refused_connack");
}

TEST(Traps, RefusedConnectionThatIsMendedConnectsWithoutARestart) {
  test::Broker broker;
  broker.stop();
  Supervised till(settings_for(broker));
  ASSERT_TRUE(till.gives_up_hope());
  EXPECT_THAT(till.trouble(), HasSubstr("is the broker running"));
  broker.start();
  expect_back_within_a_minute(till, "refused_connection");
}

TEST(Traps, NameThatResolvesAgainConnectsWithoutARestart) {
  const outside_world::Restored restored;
  const test::Broker broker;
  Settings settings = settings_for(broker);
  settings.host = "localhost";
  outside_world::set_name_service(false);
  Supervised till(settings);
  ASSERT_TRUE(till.gives_up_hope());
  EXPECT_THAT(till.trouble(), HasSubstr("does not resolve"));
  outside_world::set_name_service(true);
  expect_back_within_a_minute(till, "dns_gone");
}

TEST(Traps, BrokerThatHangsBeforeItsConnackIsGivenUpAndTriedAgain) {
  test::Broker broker;
  broker.hang();
  Supervised till(settings_for(broker));
  const int tries = till.client.attempts() + 1;
  till.until([&] { return till.client.attempts() == tries; });
  till.clock.advance(Supervisor::kConnectTimeout);
  till.until([&] { return !till.client.attempting(); });
  EXPECT_THAT(till.trouble(), HasSubstr("does not answer"));
  broker.wake();
  expect_back_within_a_minute(till, "hanging_broker");
}

TEST(Traps, HalfOpenConnectionIsNoticedByItsKeepalive) {
  const outside_world::Restored restored;
  test::Broker broker;
  Supervised till(settings_for(broker));
  ASSERT_GE(till.until_connected().count(), 0);
  broker.hang();  // its machine still acknowledges every byte
  seconds silence{0};
  const bool noticed = till.until([&] {
    outside_world::let_time_pass(seconds{2});
    silence += seconds{2};
    return !till.supervisor.connected();
  }) >= milliseconds{0};
  EXPECT_TRUE(noticed);
  EXPECT_THAT(till.trouble(), HasSubstr("fallen silent"));
  EXPECT_TRUE(bench::print({.name = "mqtt.half_open_noticed_after",
                            .value = static_cast<double>(silence.count()),
                            .unit = "s",
                            .goal = bench::Goal::kAtMost,
                            .bound = 70}));
  broker.wake();
  expect_back_within_a_minute(till, "half_open");
}

TEST(Traps, BoxWithOurNameIsNamedAsTheReason) {
  const test::Broker broker;
  Settings settings = settings_for(broker);
  settings.client_id = "S01-T01";
  Supervised till(settings);
  ASSERT_GE(till.until_connected().count(), 0);
  Peer twin(settings);
  ASSERT_TRUE(twin.connect().ok());
  ASSERT_GE(till.until([&] { return !till.supervisor.connected(); }).count(), 0);
  twin.client->disconnect();
  expect_back_within_a_minute(till, "twin");
}

TEST(Traps, BrokerWithPersistenceForgetsWhatItAcknowledgedAndWeDoNotMind) {
  const TempDir folder;
  constexpr int kSaid = 200;
  test::Broker broker({"allow_anonymous true", "persistence true",
                       "persistence_location " + folder.path().string() + "/"});
  Supervised till(settings_for(broker));
  ASSERT_GE(till.until_connected().count(), 0);
  for (int i = 0; i < kSaid; ++i) {
    ASSERT_TRUE(till.client.publish(format("t/{}", i), "x", Retain::kYes).ok());
    const auto wanted = static_cast<std::size_t>(i) + 1;
    ASSERT_GE(till.until([&] { return till.recorder.outcomes.size() == wanted; }).count(), 0);
    ASSERT_TRUE(till.recorder.outcomes.back().ok());
  }
  broker.restart();  // kill -9
  Peer late(settings_for(broker), {"t/#"});
  ASSERT_TRUE(late.connect().ok());
  EXPECT_THAT(late.recorder.messages, IsEmpty());
  // So whoever connects is told, and says again what must be known.
  ASSERT_GE(till.until([&] { return till.recorder.connects == 2; }).count(), 0);
}

TEST(Traps, SlowSubscriberLosesWhatTheBrokerHasAcknowledged) {
  const test::Broker broker(
      {"allow_anonymous true", "max_queued_messages 10", "max_inflight_messages 1"});
  Settings slow = settings_for(broker);
  slow.receive_max = 1;
  Peer hub(slow, {"t"});
  ASSERT_TRUE(hub.connect().ok());
  Peer till(settings_for(broker));
  ASSERT_TRUE(till.connect().ok());
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(till.client->publish("t", "x", Retain::kNo).ok());
  ASSERT_TRUE(till.run_until([&] { return till.recorder.outcomes.size() == 100; }).ok());
  for (const Status& outcome : till.recorder.outcomes) EXPECT_TRUE(outcome.ok());
  ASSERT_TRUE(till.client->publish("t", "last", Retain::kNo).ok());
  // The hub was not driven meanwhile; now it hears all that is left, and a later word.
  ASSERT_TRUE(hub.run_until([&] { return hub.recorder.messages.size() >= 11; }).ok());
  ASSERT_TRUE(till.client->publish("t", "later", Retain::kNo).ok());
  ASSERT_TRUE(till.run_until([&] { return till.recorder.outcomes.size() == 102; }).ok());
  ASSERT_TRUE(hub.run_until([&] { return hub.recorder.messages.back().payload == "later"; }).ok());
  EXPECT_LT(hub.recorder.messages.size(), 102U);
}

/// Which publications wait for the broker's word.
class Waiting final : public Handler {
 public:
  void on_connected() override {}
  void on_disconnected(const Error&) override {}
  void on_message(const Message&) override {}
  void on_published(PublishId id, const Status& outcome) override {
    answered += outcome.ok() && ids.erase(id.value()) == 1 ? 1 : 0;
  }

  std::set<int> ids;
  int answered = 0;
};

TEST(Traps, MessageIdsThatWrapAreNeverTwiceInTheWindow) {
  constexpr int kPublications = 70'000;  // ids have 16 bits
  const test::Broker broker;
  Peer till(settings_for(broker));
  ASSERT_TRUE(till.connect().ok());
  Waiting waiting;
  int sent = 0;
  while (waiting.answered < kPublications) {
    while (sent < kPublications) {
      const auto id = till.client->publish("t", "x", Retain::kNo);
      if (!id) break;  // the window is full
      ++sent;
      ASSERT_TRUE(waiting.ids.insert(id->value()).second) << "after " << sent;
    }
    const int before = waiting.answered;
    ASSERT_TRUE(till.client->run_once(waiting, seconds{10}, -1).ok());
    ASSERT_TRUE(waiting.answered > before || !waiting.ids.empty());
  }
  EXPECT_EQ(sent, kPublications);
}

TEST(Traps, KeepaliveOfFiveSecondsIsTheShortest) {
  const test::Broker broker;
  Settings settings = settings_for(broker);
  settings.keepalive = seconds{4};
  EXPECT_FALSE(MosquittoClient::create(settings).ok());
  settings.keepalive = seconds{5};
  Peer shortest(settings);
  EXPECT_TRUE(shortest.connect().ok());
  settings.keepalive = seconds{65535};
  Peer longest(settings);
  EXPECT_TRUE(longest.connect().ok());
}

// libmosquitto's own loop waits with pselect, which knows 1,024 descriptors.
TEST(Traps, ProcessWithMoreThanAThousandFilesOpenStaysConnected) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  if (limit.rlim_max < 2000) GTEST_SKIP() << "this system allows fewer than 2,000 open files";
  limit.rlim_cur = std::max<rlim_t>(limit.rlim_cur, 2000);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  const test::Broker broker;
  const int first = fcntl(0, F_DUPFD_CLOEXEC, 3);
  std::vector<int> taken{first};
  while (taken.back() < 1100) taken.push_back(fcntl(0, F_DUPFD_CLOEXEC, 3));
  Peer till(settings_for(broker));
  const Status connected = till.connect();
  for (const int fd : taken) close(fd);
  EXPECT_TRUE(connected.ok()) << connected.error().message();
  ASSERT_TRUE(till.client->publish("t", "x", Retain::kNo).ok());
  EXPECT_TRUE(till.run_until([&] { return till.recorder.outcomes.size() == 1; }).ok());
}

}  // namespace
}  // namespace tillsight::mqtt
