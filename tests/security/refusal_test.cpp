// Goal: a till that the broker refuses says so, with the reason and what to do, and is back once it
// is mended, without a restart.
// Method: a provisioned chain and a real Mosquitto; the till's client under its supervisor, with
// its files as the till would have them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "tests/mqtt/peer.hpp"
#include "tests/mqtt/supervised.hpp"
#include "tests/security/chain.hpp"

namespace tillsight::security {
namespace {

namespace fs = std::filesystem;
using mqtt::Supervised;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr const char* kTurnedAway =
    "the broker turns this box away; is certificate_file expired, revoked, missing or of another";

class Refusal : public ::testing::Test {
 protected:
  void expect_back_within_a_minute(Supervised& till) {
    const milliseconds took = till.until_connected();
    EXPECT_GE(took.count(), 0) << till.trouble();
    EXPECT_LE(took, std::chrono::minutes{1});
    EXPECT_EQ(till.trouble(), "none");
  }
  /// Puts a credential where the till has its own.
  void give(const Credential& credential) {
    ASSERT_TRUE(
        write_file_atomically(settings_.tls->certificate_file, credential.certificate).ok());
    ASSERT_TRUE(write_file_atomically(settings_.tls->key_file, credential.key).ok());
  }

  Chain chain_;
  const mqtt::Settings settings_ = chain_.till("T01");
  const Credential good_ = Chain::credential(settings_);
  const UtcTime now_ = SystemClock().utc_now();
};

TEST_F(Refusal, OfARevokedTillIsSaidAndItsReplacementConnects) {
  chain_.revoke("T01");
  chain_.broker->restart();
  Supervised till(settings_);
  ASSERT_TRUE(till.gives_up_hope());
  EXPECT_THAT(till.trouble(), HasSubstr(kTurnedAway));
  fs::rename(chain_.bundle("T01"), chain_.bundle("stolen"));
  std::ignore = chain_.till("T01");
  expect_back_within_a_minute(till);
}

TEST_F(Refusal, OfAnExpiredCertificateIsSaidAndARenewedOneConnects) {
  give(chain_.authority().issue({"S01/T01"}, {now_ - days{30}, now_ - hours{1}}).value());
  Supervised till(settings_);
  ASSERT_TRUE(till.gives_up_hope());
  EXPECT_THAT(till.trouble(), HasSubstr(kTurnedAway));
  give(good_);
  expect_back_within_a_minute(till);
}

TEST_F(Refusal, OfAnotherAuthoritysCertificateIsSaid) {
  const Validity validity{now_ - hours{1}, now_ + days{1}};
  give(Authority::create("Tillsight", validity).value().issue({"S01/T01"}, validity).value());
  Supervised till(settings_);
  ASSERT_TRUE(till.gives_up_hope());
  EXPECT_THAT(till.trouble(), HasSubstr(kTurnedAway));
  give(good_);
  expect_back_within_a_minute(till);
}

TEST_F(Refusal, OfATillThatShowsNoCertificateIsSaid) {
  mqtt::Settings bare = settings_;
  bare.tls->certificate_file.clear();
  bare.tls->key_file.clear();
  Supervised till(bare);
  ASSERT_TRUE(till.gives_up_hope());
  EXPECT_THAT(till.trouble(), HasSubstr(kTurnedAway));
}

TEST_F(Refusal, OfATillThatHasLostItsCertificateNamesTheFile) {
  Supervised till(settings_);
  fs::remove(settings_.tls->certificate_file);
  ASSERT_TRUE(till.gives_up_hope());
  EXPECT_THAT(till.trouble(), HasSubstr(settings_.tls->certificate_file.string()));
  give(good_);
  expect_back_within_a_minute(till);
}

TEST_F(Refusal, OfABrokerUnderAnotherNameIsSaid) {
  mqtt::Settings elsewhere = settings_;
  elsewhere.host = "127.0.0.2";
  Supervised till(elsewhere);
  ASSERT_TRUE(till.gives_up_hope());
  EXPECT_THAT(till.trouble(), HasSubstr("certificate verify failed"));
}

TEST_F(Refusal, NeverLeavesTheTillWithoutAReasonHoweverTheConnectionEnds) {
  chain_.revoke("T01");
  chain_.broker->restart();
  for (int attempt = 0; attempt < 30; ++attempt) {
    mqtt::Peer till(settings_);
    const Status connected = till.connect();
    ASSERT_FALSE(connected.ok());
    EXPECT_THAT(connected.error().message(), HasSubstr(kTurnedAway));
  }
}

TEST_F(Refusal, OfTwoBoxesWithOneCertificateIsNoticed) {
  mqtt::Settings copy = settings_;
  copy.client_id = "another-id";  // the broker goes by the certificate
  Supervised till(settings_);
  ASSERT_GE(till.until_connected().count(), 0);
  mqtt::Peer twin(copy);
  ASSERT_TRUE(twin.connect().ok());
  EXPECT_GE(till.until([&] { return !till.supervisor.connected(); }).count(), 0);
}

TEST_F(Refusal, RenewedCertificateIsTakenWithTheNextConnection) {
  Supervised till(settings_);
  ASSERT_GE(till.until_connected().count(), 0);
  const std::string before = *read_file(settings_.tls->certificate_file);
  ASSERT_TRUE(write_file_atomically(
                  settings_.tls->certificate_file,
                  chain_.authority().renew(before, {now_ - hours{1}, now_ + days{700}}).value())
                  .ok());
  chain_.broker->restart();
  ASSERT_GE(till.until([&] { return !till.supervisor.connected(); }).count(), 0);
  expect_back_within_a_minute(till);
}

}  // namespace
}  // namespace tillsight::security
